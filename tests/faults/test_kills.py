"""kill -9 of the web and of the worker, at any moment of a checkout and of what follows; over HTTP, with real processes.

MALL_KILLS=50 does it so many times (make soak sets it); an ordinary run does it a few times.
"""

import os
import random
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta

import pytest
import requests
import sqlalchemy as sa
import time_machine
from flask import Flask

from devstripe.testing import Running
from mall.account.joining import hash_password
from mall.core.db import db, transaction
from mall.domain.orders.models import order_table as orders
from mall.domain.outbox import service as outbox
from mall.worker import running as worker
from tests.simulator import checks
from tests.support.cast import PASSWORD, person
from tests.support.items_factory import make_item
from tests.support.orders_factory import give_points
from tests.support.patience import wait_for
from tests.support.ports import kept_port
from tests.support.processes import kill, running
from tests.support.stripe import environment_of, gateway_to, over_http

ROUNDS = int(os.environ.get("MALL_KILLS") or 2)
STOCK = 200

pytestmark = [pytest.mark.slow, pytest.mark.races, pytest.mark.timeout(900 + 60 * ROUNDS)]


class Shopper:
    """Somebody with a browser, who orders again and again, pays what they can, and never gives up."""

    def __init__(self, base: str, variant: int, stripe: Running) -> None:
        self.base, self.variant, self.stripe = base, variant, stripe
        self.web = requests.Session()
        self.web.trust_env = False
        self.wrong: list[str] = []

    def fields(self, path: str) -> dict[str, str]:
        """The hidden fields of a page's forms."""
        html = self.web.get(self.base + path, timeout=60).text
        found = {}
        for tag in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", html):
            name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
            if name and value:
                found.setdefault(name[1], value[1])
        return found

    def post(self, path: str, data: dict[str, object]) -> requests.Response:
        """Send a form; the page that comes after it is not fetched."""
        answer = self.web.post(
            self.base + path, data, timeout=60, allow_redirects=False, headers={"Referer": self.base + path}
        )
        if answer.status_code not in (200, 302, 303, 409, 422, 429, 503):
            self.wrong.append(f"{path}: {answer.status_code}")
        return answer

    def sign_in(self) -> None:
        """As every member does."""
        fields = self.fields("/account/sign-in")
        self.post("/account/sign-in", {**fields, "email": "mei@example.com", "password": PASSWORD})
        assert "Mei" in self.web.get(self.base + "/account", timeout=60).text

    def shop(self) -> None:
        """One order, paid."""
        token = self.fields("/basket")["csrf_token"]
        self.post("/basket", {"csrf_token": token, "variant_id": self.variant, "quantity": 1})
        asked = self.post("/checkout/quote", {"csrf_token": token})
        place = asked.headers.get("Location", "/basket").removeprefix(self.base)
        if "quote=" not in place:
            return
        form = {**self.fields(place), "delivery": "none", "terms": "y"}
        placed = self.post("/checkout", form)
        where = placed.headers.get("Location", "").removeprefix(self.base)
        if "/pay" in where:
            self.post(where, {"csrf_token": token})
            self.pay_what_is_open()
            self.web.get(self.base + where.replace("/pay", "/return"), timeout=60)

    def pay_what_is_open(self) -> None:
        """On Stripe's page, in whichever tab."""
        for session in self.stripe.app.world.store.newest("checkout.session"):
            if session["status"] == "open":
                self.stripe.control.pay(session["id"])

    def keep_shopping(self, stop: threading.Event) -> None:
        """Until told; a shop that is away for a moment is tried again."""
        while not stop.is_set():
            with suppress(requests.RequestException, KeyError):
                self.shop()
            stop.wait(0.05)


def is_up(base: str) -> Callable[[], bool]:
    def asked() -> bool:
        with suppress(requests.RequestException):
            return requests.get(base + "/readyz", timeout=20, proxies={"http": ""}).status_code == 200
        return False

    return asked


@pytest.fixture
def shop(fresh_app: Flask) -> Iterator[tuple[str, int, Running]]:
    """A member with points, something to buy, an address, and a Stripe that tells the mall by itself."""
    with fresh_app.app_context():
        at = datetime.now(UTC)
        mei = person("Mei", hash_password(PASSWORD))
        with transaction():
            give_points(mei.id, 100_000, at=at, expires_at=at + timedelta(days=365))
            variant = make_item("Course", points=100, cash=1_000, stock=STOCK, kind="service").variant_id
    with kept_port() as port:
        base = f"http://127.0.0.1:{port}"
        with over_http(webhook=base + "/stripe/webhook", deliver="auto") as stripe:
            yield base, variant, stripe


def test_killed_at_any_moment_nothing_is_lost_and_nothing_happens_twice(
    fresh_app: Flask, shop: tuple[str, int, Running]
) -> None:
    base, variant, stripe = shop
    luck, stop = random.Random(ROUNDS), threading.Event()
    shopper = Shopper(base, variant, stripe)
    shopping = threading.Thread(target=shopper.keep_shopping, args=(stop,))
    try:
        for n in range(ROUNDS):
            with ExitStack() as both:
                web = both.enter_context(_serving(fresh_app, base, stripe))
                work = both.enter_context(running(fresh_app, "worker", **environment_of(stripe)))
                wait_for(is_up(base), "an answer")
                if n == 0:
                    shopper.sign_in()
                    shopping.start()
                wait_for(_more_than(_paid(fresh_app), fresh_app), "a paid order")
                time.sleep(luck.random() * 1.5)
                for process in luck.sample((web, work), 2):
                    kill(process)
                    time.sleep(luck.random() / 5)
    finally:
        stop.set()
        if shopping.ident:
            shopping.join()
    assert not shopper.wrong
    _reckon(fresh_app, variant, stripe)


def _serving(app: Flask, base: str, stripe: Running):  # type: ignore[no-untyped-def]
    port = base.rpartition(":")[2]
    return running(app, "serve", "--port", port, "--workers", "1", "--threads", "2", **environment_of(stripe))


def _paid(app: Flask) -> int:
    with app.app_context():
        return int(db.session.scalar(sa.select(sa.func.count(orders.c.paid_at))) or 0)


def _more_than(before: int, app: Flask) -> Callable[[], bool]:
    return lambda: _paid(app) > before


def _reckon(app: Flask, variant: int, stripe: Running) -> None:
    """The worker does what is due for two days; then all is finished, and agrees with what Stripe has taken."""
    app.extensions["payments"] = gateway_to(stripe)
    now = datetime.now(UTC)
    with app.app_context():
        for wait in (timedelta(minutes=3), timedelta(minutes=40), timedelta(hours=2), timedelta(hours=30)):
            with time_machine.travel(now + wait, tick=False):
                stripe.control.advance(0)
                with transaction():
                    outbox.retry(at=now + wait)
                worker.once()
        assert not checks.unfinished()
        assert not checks.whole()
        paid = db.session.execute(sa.select(sa.func.count(), sa.func.sum(orders.c.cash)).where(orders.c.paid_at.is_not(None))).one()  # fmt: skip
        charges = [one for one in stripe.app.world.store.newest("charge") if one["paid"]]
        assert sum(one["amount"] - one["amount_refunded"] for one in charges) == paid[1]
        assert paid[0] >= ROUNDS

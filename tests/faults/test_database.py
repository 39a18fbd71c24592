"""Fault 29: the database goes away, is full, or keeps somebody waiting. Whoever orders has all of it or nothing, and is
told which; the next request works. On real connections."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from itertools import count
from threading import Thread
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from werkzeug.test import TestResponse

from devstripe.testing import Running
from mall.account.joining import hash_password
from mall.core.db import db, transaction
from mall.core.ids import OrderId
from mall.domain.items.stock_models import Stock
from mall.domain.ledger.models import Account
from mall.domain.orders import quoting
from mall.domain.orders.models import order_table as orders
from mall.web import paying
from mall.web.limits import limiter
from mall.worker import running
from tests.simulator import checks
from tests.support.cash_factory import grant, make_combo
from tests.support.cast import person
from tests.support.failing import Strike, full, listening, lost_at, read_only_from
from tests.support.pages import PageClient
from tests.support.patience import wait_for_a_waiter
from tests.support.stripe import stripe_for

pytestmark = pytest.mark.races

KEPT = "Nothing was changed"
DOUBT = "It may have gone through"
#: What befalls the database, at which statement.
Strikes = Callable[[Flask, int], AbstractContextManager[Strike]]


class Buyer:
    """Mei at the checkout, of an item for 100 points + 10.00, again and again."""

    def __init__(self, app: Flask, at: datetime) -> None:
        self.app = app
        with app.app_context():
            self.member = person("Mei", hash_password("mall-demo-2026"))
            grant(self.member.id, 100_000, at=at - timedelta(days=1))
            with transaction():
                self.variant = make_combo("Kettle", points=100, cash=1_000, stock=500).variant_id
            self.pages = PageClient(app)
            self.pages.sign_in(self.member.email or "")

    def form(self) -> dict[str, Any]:
        """A checkout page, filled in: of a quote of its own."""
        limiter.reset()
        with self.app.app_context():
            with transaction():
                ask = quoting.Ask(self.variant, 1)  # type: ignore[arg-type]
                quote = quoting.make_quote(member=self.member.id, at=self.now(), lines=[ask]).id
            page = self.pages.get(f"/checkout?quote={quote}")
        names = ("quote", "key", "terms_version", "csrf_token")
        return {name: page.value(name) for name in names} | {"delivery": "pickup", "terms": "y"}

    def now(self) -> datetime:
        return datetime.now().astimezone()

    def press(self, form: dict[str, Any]) -> TestResponse:
        return self.pages.client.post("/checkout", data=form)

    def last_state(self) -> str:
        with self.app.app_context():
            return db.session.scalars(sa.select(orders.c.state).order_by(orders.c.id.desc())).first() or ""

    def orders(self) -> int:
        with self.app.app_context():
            return db.session.scalar(sa.select(sa.func.count()).select_from(orders)) or 0


def everything(app: Flask) -> dict[str, list[Any]]:
    """All rows of all tables."""
    with app.app_context():
        return {
            name: sorted(map(str, db.session.execute(sa.select(table))))
            for name, table in db.metadata.tables.items()
        }


@pytest.fixture
def stripe(fresh_app: Flask, at: datetime) -> Iterator[Running]:
    with time_machine.travel(at, tick=False), stripe_for(fresh_app, at) as running_stripe:
        yield running_stripe


@pytest.fixture
def buyer(fresh_app: Flask, stripe: Running, at: datetime) -> Buyer:
    return Buyer(fresh_app, at)


def is_postgresql(app: Flask) -> bool:
    with app.app_context():
        return db.engine.dialect.name == "postgresql"


def refused(answer: TestResponse, *, said: str = KEPT) -> None:
    html = answer.get_data(as_text=True)
    assert (answer.status_code, answer.headers.get("Retry-After")) == (503, "5")
    assert said in html, html


def sold(answer: TestResponse) -> None:
    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert answer.headers["Location"].endswith("/pay")


@pytest.mark.parametrize("strikes", [lost_at, read_only_from])
def test_lost_at_any_statement_an_order_is_there_or_not_as_its_member_is_told(
    fresh_app: Flask, buyer: Buyer, strikes: Strikes
) -> None:
    """Whether it was or not, the same form sent again is that one order."""
    told = set()
    for n in count(1, 1 if strikes is lost_at else 3):
        form, before, there = buyer.form(), everything(fresh_app), buyer.orders()
        with strikes(fresh_app, n) as strike:
            answer = buyer.press(form)
        if not strike.struck:
            sold(answer)
            break
        if answer.status_code == 303:
            told.add("placed")
            assert buyer.orders() == there + 1
        elif DOUBT in answer.get_data(as_text=True):
            told.add("in doubt")
            refused(answer, said=DOUBT)
            assert buyer.orders() in (there, there + 1)
        else:
            told.add("kept")
            refused(answer)
            assert everything(fresh_app) == before
        sold(buyer.press(form))
        assert buyer.orders() == there + 1
    assert n > 20
    doubtful = strikes is lost_at and is_postgresql(fresh_app)
    assert told == {"placed", "kept"} | ({"in doubt"} if doubtful else set())


@pytest.mark.parametrize("strikes", [lost_at, read_only_from])
def test_lost_while_somebody_gives_up_they_are_told_what_became_of_it(
    fresh_app: Flask, buyer: Buyer, strikes: Strikes
) -> None:
    for n in count(1, 2):
        form = buyer.form()
        page = buyer.press(form).headers["Location"]
        with strikes(fresh_app, n) as strike:
            answer = buyer.pages.client.post(page.replace("/pay", "/give-up"), data=form)
        if DOUBT not in answer.get_data(as_text=True):
            assert (buyer.last_state() == "awaiting_payment") == (answer.status_code == 503)
        if not strike.struck:
            assert buyer.last_state() == "cancelled"
            break
    assert n > 20


@pytest.mark.parametrize("strikes", [lost_at, read_only_from])
def test_lost_while_the_desk_stops_waiting_staff_are_told_what_became_of_it(
    fresh_app: Flask, buyer: Buyer, strikes: Strikes
) -> None:
    with fresh_app.app_context():
        person("Lee", hash_password("mall-demo-2026"), "supervisor")
    desk = PageClient(fresh_app)
    with fresh_app.app_context():
        desk.sign_in("lee@example.com")
    for n in count(1, 3):
        number = buyer.press(buyer.form()).headers["Location"].split("/")[-2]
        with fresh_app.app_context():
            page = desk.get(f"/admin/orders/{number}")
        with strikes(fresh_app, n) as strike:
            answer = desk.client.post(
                f"/admin/orders/{number}/close", data={"csrf_token": page.value("csrf_token")}
            )
        if DOUBT not in answer.get_data(as_text=True):
            assert (buyer.last_state() == "awaiting_payment") == (answer.status_code == 503)
        if not strike.struck:
            assert buyer.last_state() == "cancelled"
            break
    assert n > 15


def test_on_a_full_disk_an_order_is_refused_whole_and_a_later_one_is_taken(
    fresh_app: Flask, buyer: Buyer
) -> None:
    forms = [buyer.form() for _ in range(12)]
    with full(fresh_app):
        for form in forms:  # a page of a table may have room for a few
            before = everything(fresh_app)
            answer = buyer.press(form)
            if answer.status_code == 503:
                break
        refused(answer)
        assert everything(fresh_app) == before
        assert buyer.pages.client.get("/").status_code == 200  # what is only read goes on
    there = buyer.orders()
    sold(buyer.press(form))
    assert buyer.orders() == there + 1


def test_who_waits_in_vain_is_told_so_and_gets_it_later(fresh_app: Flask, buyer: Buyer) -> None:
    """Another transaction keeps what the order needs; nobody waits for ever."""
    form, before = buyer.form(), everything(fresh_app)
    with fresh_app.app_context():
        engine = db.engine
    assert longest_wait(engine) == "10s"
    engine.dispose()

    def hurry(raw: Any, _record: Any) -> None:
        sqlite = engine.dialect.name == "sqlite"
        raw.execute("PRAGMA busy_timeout=50" if sqlite else "SET lock_timeout = '50ms'")

    other = sa.create_engine(engine.url, poolclass=sa.NullPool)
    with listening(engine, "connect", hurry), other.connect() as holder:
        holder.execute(sa.update(Stock).values(reserved=Stock.reserved))
        refused(buyer.press(form))
        holder.rollback()
        assert everything(fresh_app) == before
        sold(buyer.press(form))
    engine.dispose()


def longest_wait(engine: sa.Engine) -> str:
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            return str(connection.exec_driver_sql("SHOW lock_timeout").scalar())
        return f"{connection.exec_driver_sql('PRAGMA busy_timeout').scalar_one() // 1000}s"


def test_of_two_that_wait_for_each_other_one_is_refused_whole(fresh_app: Flask, buyer: Buyer) -> None:
    """Somebody changes the same rows in another order, by hand. (SQLite lets one in at a time: nobody is refused.)"""
    form, before = buyer.form(), everything(fresh_app)
    with fresh_app.app_context():
        engine = db.engine
    postgres = engine.dialect.name == "postgresql"
    other = sa.create_engine(engine.url, poolclass=sa.NullPool)
    holder = other.connect()
    threads = []

    def account() -> None:
        holder.execute(sa.update(Account).values(held=Account.held))

    def cross(_c: object, _cur: object, statement: str, *_: object) -> None:
        if postgres and not threads and statement.startswith("UPDATE stock "):
            threads.append(Thread(target=account))
            threads[0].start()
            wait_for_a_waiter(fresh_app)

    if postgres:
        holder.exec_driver_sql(
            "SET LOCAL deadlock_timeout = '60s'"
        )  # the other one finds out first, and gives way
        holder.execute(sa.update(Stock).values(reserved=Stock.reserved))
    with listening(engine, "before_cursor_execute", cross):
        answer = buyer.press(form)
    for thread in threads:
        thread.join()
    holder.rollback()
    holder.close()
    if postgres:
        assert threads
        refused(answer)
        assert everything(fresh_app) == before
    sold(buyer.press(form))


def test_lost_while_the_worker_settles_a_payment_it_is_settled_once(
    fresh_app: Flask, buyer: Buyer, stripe: Running, at: datetime
) -> None:
    for n in count(1, 5):
        with fresh_app.app_context():
            sold(buyer.press(buyer.form()))
            order = OrderId(db.session.scalars(sa.select(sa.func.max(orders.c.id))).one())
            stripe.control.pay(stripe.app.world.store.newest("checkout.session")[0]["id"])
            stripe.control.deliver()
            with lost_at(fresh_app, n) as strike:
                try:
                    running.deliver()
                except sa.exc.OperationalError:
                    db.session.rollback()
            running.deliver(lambda: at + timedelta(seconds=95))
            settled = paying.settle(order, None)
            assert (settled.state, checks.short()) == ("paid", [])
            db.session.remove()
        if not strike.struck:
            break
    assert n > 20

"""Stripe says nothing for long: our pages answer all the same, and what they left undone is done by the worker."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from devstripe.testing import Running
from mall.core.db import db, transaction
from mall.core.ids import OrderId
from mall.domain.members.models import Member
from mall.domain.orders.models import Order
from mall.domain.payments import queries as payments
from mall.worker import cash
from tests.checkout.test_agreed import filled, kettle_for
from tests.support.items_factory import Made
from tests.support.orders_factory import give_points
from tests.support.pages import Page, PageClient
from tests.support.stripe import gateway_to, over_http

pytestmark = pytest.mark.usefixtures("clock")

#: Seconds: how long this Stripe is silent, and by when a page must have answered on however busy a machine.
SILENCE, SOON = 14.0, 9.0


@pytest.fixture(name="slow")
def _slow(app: Flask, at: datetime) -> Iterator[Running]:
    """A Stripe on a port, with the application's own transport: time-outs are real."""
    before = app.extensions["payments"]
    with over_http(start=int(at.timestamp())) as slow:
        app.extensions["payments"] = gateway_to(slow, http_client=None)
        yield slow
    app.extensions["payments"] = before


def send(pages: PageClient, address: str, form: dict[str, object] | None = None, **more: str) -> Page:
    """A form sent while Stripe is silent: the answer, which did not wait for Stripe."""
    began = time.perf_counter()
    answer = pages.post(address, form, **more)  # type: ignore[arg-type]
    assert time.perf_counter() - began < SOON
    return answer


def test_an_order_placed_meanwhile_is_unknown_and_the_worker_asks_with_the_same_key_and_body(
    mei_pages: PageClient,
    mei: Member,
    kettle: Made,
    slow: Running,
    clock: time_machine.Traveller,
    at: datetime,
) -> None:
    with transaction():
        give_points(mei.id, 1_000, at=at)
    page = kettle_for(mei_pages, kettle)
    slow.control.fault("timeout_before", method="POST", path="*/checkout/sessions", seconds=SILENCE)
    there = send(mei_pages, "/checkout", filled(page), page="/basket").response.headers["Location"]
    assert there.endswith("/pay")
    assert "has not answered yet" in mei_pages.get(there).text
    order = db.session.execute(sa.select(Order)).scalar_one()
    asked = payments.of_order(OrderId(order.id))[-1]
    assert (order.state, asked.state, asked.calls) == ("unknown", "unknown", 1)

    send(mei_pages, there)  # who tries again at once is told the same: the first call may still arrive
    assert payments.of_order(OrderId(order.id))[-1].calls == 1
    clock.shift(timedelta(seconds=31))
    cash.resume(at + timedelta(seconds=31))
    opened = payments.of_order(OrderId(order.id))[-1]
    assert (opened.state, opened.calls) == ("open", 2)
    assert (opened.key, opened.request) == (asked.key, asked.request)
    first, second = slow.control.requests("/checkout/sessions", "POST")
    assert (first["status"], second["status"]) == (None, 200)
    assert first["params"] == second["params"]
    assert first["headers"]["Idempotency-Key"] == second["headers"]["Idempotency-Key"] == asked.key

    slow.control.fault("timeout_before", method="POST", path="*/expire", seconds=SILENCE)
    send(mei_pages, there.removesuffix("pay") + "give-up", page=there)
    db.session.expire_all()
    assert order.state == "expiring"
    clock.shift(timedelta(minutes=2))
    cash.reconcile(at + timedelta(minutes=3))
    db.session.expire_all()
    assert order.state == "cancelled"

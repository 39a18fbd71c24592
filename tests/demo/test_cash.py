"""The demo's orders that were paid by card: at a development Stripe over HTTP, as `make run` loads them; and without."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from devstripe.testing import Running
from mall.app import create_app
from mall.cli.demo import group, place
from mall.cli.ledger import EXTRA
from mall.core.db import db
from mall.demo import cash, load
from mall.demo.till import Till
from mall.domain.items import queries as items
from mall.domain.ledger.verify import verify
from mall.domain.orders.alerts import alerts
from mall.domain.orders.models import Order, document_table, refund_table
from mall.domain.payments import queries as payments
from mall.worker import running
from tests.support.databases import Databases, settings_for
from tests.support.stripe import environment_of, over_http


@pytest.fixture
def card_company() -> Iterator[Running]:
    with over_http(deliver="auto", webhook="http://127.0.0.1:9/stripe/webhook", seed=1) as stripe:
        yield stripe


@pytest.fixture
def shop(databases: Databases, tmp_path: Path, card_company: Running) -> Iterator[Flask]:
    """A mall without a demo, and its development Stripe."""
    app = create_app(settings_for(databases.fresh(), tmp_path, **environment_of(card_company)))
    with app.app_context():
        yield app
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


def orders() -> dict[str, list[Order]]:
    """Orders with cash due, by state."""
    found: dict[str, list[Order]] = {}
    for order in db.session.scalars(sa.select(Order).where(Order.cash > 0).order_by(Order.id)):
        found.setdefault(order.state, []).append(order)
    return found


def test_the_demo_has_orders_paid_by_card_in_every_state(
    shop: Flask, card_company: Running, at: datetime
) -> None:
    told: list[str] = []
    with time_machine.travel(at, tick=True):
        load.load(
            place(shop.config["SETTINGS"]),
            now=at,
            tell=told.append,
            till=Till(card_company.url, card_company.api_key),
        )
        assert told[-1].endswith("purchases and orders")
        found = orders()
        assert {state: len(these) for state, these in found.items()} == {
            "completed": 3, "cancelled": 1, "expired": 1, "paid": 2, "awaiting_payment": 1,
        }  # fmt: skip
        assert sum(map(len, found.values())) == len(cash.STORY)
        kinds = db.session.scalars(sa.select(document_table.c.kind)).all()
        assert (kinds.count("receipt"), kinds.count("credit_note")) == (6, 2)
        given = db.session.execute(
            sa.select(refund_table.c.state, refund_table.c.points).where(refund_table.c.cash > 0)
        ).all()
        assert {state for state, _ in given} == {"succeeded"}
        (part,) = [order for order in found["completed"] if order.cash_back]
        assert 0 < part.cash_back < part.cash
        (dispute,) = payments.open_disputes()
        assert dispute.order_id in {order.id for order in found["completed"]}
        (waiting,) = found["awaiting_payment"]
        (attempt,) = payments.of_order(waiting.id)
        assert attempt.url
        assert attempt.url.startswith(card_company.url)
        # Stripe's own time goes on, its webhooks too; what the mall does next finds nothing to tell.
        assert abs(card_company.control.now() - at.timestamp()) < 3_600
        assert card_company.control.faults() == []
        _, jobs = running.once()
        assert None not in jobs.values()
        assert jobs["payments.compare"] == jobs["payments.reconcile"] == 0
        assert not alerts(at + timedelta(days=1))
        assert verify(extra=EXTRA).violations == ()


def test_one_way_to_pay_is_open_for_some_days_and_another_begins_tomorrow(shop: Flask, at: datetime) -> None:
    """And without a Stripe in reach there is a demo, too: only nobody has paid by card."""
    told: list[str] = []
    with time_machine.travel(at, tick=True):
        load.load(place(shop.config["SETTINGS"]), now=at, tell=told.append)
    assert "no orders paid by card" in told[-1]
    assert orders() == {}

    def closes(slug: str, when: datetime) -> datetime | None:
        shown = items.item_page(slug, locale="en", at=when)
        assert shown is not None
        return next((way.ends_at for way in shown.variants[0].ways if way.ends_at), None)

    assert closes("forest-teapot", at) == at + timedelta(days=3)
    assert closes("ridge-tent", at) is None
    assert closes("ridge-tent", at + timedelta(days=1)) == at + timedelta(days=3)


def test_a_demo_that_is_loaded_anew_forgets_what_was_paid_before(shop: Flask, card_company: Running) -> None:
    client = card_company.client()
    assert Till(card_company.url, card_company.api_key).answers()
    assert not Till("http://127.0.0.1:9", card_company.api_key).answers()
    line = {
        "quantity": 1,
        "price_data": {"currency": "cny", "unit_amount": 900, "product_data": {"name": "Cup"}},
    }
    page = {"mode": "payment", "line_items": [line], "success_url": "http://127.0.0.1:9/"}
    client.v1.checkout.sessions.create(page)  # type: ignore[arg-type]
    done = shop.test_cli_runner().invoke(group, ["reset", "--yes"])
    assert done.exit_code == 0, done.output
    listed = client.v1.checkout.sessions.list().data
    assert len(listed) == len(cash.STORY)
    assert db.session.scalar(sa.select(sa.func.count()).where(Order.cash > 0)) == len(cash.STORY)

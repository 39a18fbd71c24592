"""News that come when all is over, and clocks: nothing is revived, nothing ends before its time."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from devstripe.testing import Running
from mall.core.actor import as_staff
from mall.core.db import db, transaction
from mall.core.ids import OrderId
from mall.domain.items.stock_models import Stock
from mall.domain.ledger import queries as points
from mall.domain.members.models import Member
from mall.domain.orders import cancelling, expiring
from mall.domain.orders.models import order_table as orders
from mall.domain.orders.rules import RESERVATION
from mall.web import paying
from mall.worker import cash
from mall.worker.running import deliver
from tests.support.cash_factory import grant, make_combo, paid_order
from tests.support.orders_factory import place_order
from tests.support.stripe import stripe_for


def state(order_id: int) -> str:
    return str(db.session.execute(sa.select(orders.c.state).where(orders.c.id == order_id)).scalar_one())


def test_paid_after_a_refund_revives_nothing(
    app: Flask, mei: Member, sam: Member, dev_stripe: Running, at: datetime
) -> None:
    grant(mei.id, 500, at=at - timedelta(days=1))
    with transaction():
        kettle = make_combo(points=100, cash=3_000, stock=2)
    order = paid_order(dev_stripe, mei.id, (kettle.variant_id, 1), at=at)
    with transaction():
        cancelling.cancel(OrderId(order.id), actor=as_staff(sam.id), at=at)
    deliver(lambda: at + timedelta(seconds=1))
    before = points.balance(mei.id, at)
    told = [event["id"] for event in dev_stripe.control.events("checkout.session.completed")]
    answers = dev_stripe.control.deliver(told, copies=3)
    assert [answer["status"] for answer in answers] == [200] * 3
    deliver(lambda: at + timedelta(seconds=2))
    assert state(order.id) == "cancelled"
    assert points.balance(mei.id, at) == before
    assert db.session.get_one(Stock, kettle.variant_id).available == 2
    [charge] = dev_stripe.app.world.store.newest("charge")
    assert charge["amount_refunded"] == charge["amount"] == 3_000


@pytest.mark.parametrize(
    "begin",
    [
        datetime(2026, 11, 30, 15, 50, tzinfo=UTC),  # a month ends in Shanghai while it waits
        datetime(2028, 2, 28, 15, 50, tzinfo=UTC),  # 29 February begins
        datetime(2028, 2, 29, 15, 50, tzinfo=UTC),  # and ends
        datetime(2027, 3, 28, 0, 50, tzinfo=UTC),  # Europe's clocks go forward
        datetime(2027, 10, 31, 0, 50, tzinfo=UTC),  # and back: an hour that is there twice
        datetime(2026, 12, 31, 15, 50, tzinfo=UTC),  # a year ends
    ],
)
def test_nothing_is_over_before_its_time_and_nothing_twice(app: Flask, mei: Member, begin: datetime) -> None:
    with stripe_for(app, begin) as stripe:
        grant(mei.id, 500, at=begin - timedelta(days=1), expires_at=begin + timedelta(days=400))
        with transaction():
            kettle = make_combo(points=100, cash=3_000, stock=2)
        order = place_order(mei.id, (kettle.variant_id, 1), at=begin)
        placed = begin + timedelta(seconds=1)
        paying.open_session(OrderId(order.id), now=lambda: placed)
        over = placed + RESERVATION
        early = over - timedelta(microseconds=1)
        assert cash.close_overdue(early) == 0
        with (
            transaction()
        ):  # a list of what is over may have been read a little before: asked again under the lock
            assert expiring.overdue(OrderId(order.id), at=early) == "awaiting_payment"
        stripe.control.advance(int(RESERVATION.total_seconds()) + 1)
        assert (cash.close_overdue(over), cash.close_overdue(over), cash.close_overdue(over)) == (1, 0, 0)
        # The round's clock goes on while it works, so what it asks for is due a moment later.
        deliver(lambda: over + timedelta(seconds=30))
        assert state(order.id) == "expired"
        assert cash.close_overdue(over + timedelta(hours=1)) == 0
        deliver(lambda: over + timedelta(hours=1))
        assert points.balance(mei.id, over).available == 500
        assert db.session.get_one(Stock, kettle.variant_id).available == 2


@pytest.mark.parametrize("apart", [timedelta(hours=-1), timedelta(hours=1)])
def test_with_stripes_clock_an_hour_away_nobody_loses_anything(
    app: Flask, mei: Member, at: datetime, apart: timedelta
) -> None:
    """Ahead, Stripe takes no session that would end so soon, and all is let go; behind, it is paid as usual."""
    with stripe_for(app, at + apart) as stripe:
        grant(mei.id, 500, at=at - timedelta(days=1))
        with transaction():
            kettle = make_combo(points=100, cash=3_000, stock=2)
        order = place_order(mei.id, (kettle.variant_id, 1), at=at)
        now = at + timedelta(seconds=1)
        paying.open_session(OrderId(order.id), now=lambda: now)
        sessions = stripe.app.world.store.newest("checkout.session")
        if sessions:
            stripe.control.pay(sessions[0]["id"])
            paying.look(OrderId(order.id), now=lambda: now)
        over = now + RESERVATION
        cash.close_overdue(over)
        deliver(lambda: over)
        left = db.session.get_one(Stock, kettle.variant_id).available
        assert (state(order.id), left, points.balance(mei.id, over).held) == (
            ("paid", 1, 0) if sessions else ("expired", 2, 0)
        )
        assert bool(sessions) == (apart < timedelta())

"""Refunds of orders paid with points and cash: each tender to its source, to the point and the minor unit."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from devstripe.testing import Running
from mall.core.actor import as_staff
from mall.core.db import db, transaction
from mall.core.ids import OrderId
from mall.domain.ledger import queries as points
from mall.domain.members.models import Member
from mall.domain.orders import refunding
from mall.domain.orders.models import Order, OrderLine
from mall.domain.orders.refunding import Units
from mall.domain.orders.service import Placed
from mall.domain.payments import queries as payments
from mall.worker import refunds
from tests.support.cash_factory import grant, make_combo, paid_order
from tests.support.items_factory import Made

PRICE, CASH = 101, 1_001


@pytest.fixture
def kettle(app: Flask) -> Made:
    with transaction():
        return make_combo("Kettle", points=PRICE, cash=CASH)


@pytest.fixture
def order(app: Flask, mei: Member, kettle: Made, dev_stripe: Running, at: datetime) -> Placed:
    """Three kettles: 303 points, of which 200 expire first, and 30.03 in cash."""
    grant(mei.id, 200, at=at - timedelta(days=2), expires_at=at + timedelta(days=3))
    grant(mei.id, 300, at=at - timedelta(days=2))
    return paid_order(dev_stripe, mei.id, (kettle.variant_id, 3), at=at)


def line_of(order: Placed) -> OrderLine:
    db.session.expire_all()
    return db.session.scalars(sa.select(OrderLine).where(OrderLine.order_id == order.id)).one()


def refund(order: Placed, sam: Member, at: datetime, unsent: int = 0, returned: int = 0, **more: object):  # type: ignore[no-untyped-def]
    with transaction():
        return refunding.request(
            OrderId(order.id),
            [Units(line_of(order).id, unsent, returned)],
            actor=as_staff(sam.id),
            at=at,
            **more,  # type: ignore[arg-type]
        )


def test_parts_add_up_to_the_whole_in_points_and_cash(
    order: Placed, mei: Member, sam: Member, dev_stripe: Running, at: datetime
) -> None:
    assert points.balance(mei.id, at).available == 197 + 30  # the cash earned 30 points
    parts = [refund(order, sam, at, unsent=1) for _ in range(3)]
    assert [part.points for part in parts] == [101, 101, 101]
    assert [part.cash for part in parts] == [1001, 1001, 1001]
    for part in parts:
        assert refunds.send(part.id, now=lambda: at) == "succeeded"
    assert points.balance(mei.id, at).available == 500
    db.session.expire_all()
    found = db.session.get_one(Order, order.id)
    assert (found.state, found.points_back, found.cash_back) == ("cancelled", 303, 3003)
    payment = payments.of_order(order.id)[0]
    assert (payment.refunding, payment.captured) == (3003, 3003)
    assert sum(one["amount"] for one in dev_stripe.client().v1.refunds.list().data) == 3003


def test_a_share_of_what_was_earned_that_is_no_whole_number_is_no_violation(
    mei: Member, sam: Member, dev_stripe: Running, at: datetime
) -> None:
    """31 points were earned, a third of that is 10 and a bit: the books hold on both databases (they are checked now)."""
    grant(mei.id, 500, at=at - timedelta(days=2))
    with transaction():
        lamp = make_combo("Lamp", points=PRICE, cash=1_035)
    order = paid_order(dev_stripe, mei.id, (lamp.variant_id, 3), at=at)
    assert points.balance(mei.id, at).available == 500 - 303 + 31
    refund(order, sam, at, unsent=1)
    assert points.balance(mei.id, at).available == 500 - 303 + 31 + 101 - 10

"""A job of the worker sees all that waits, however much before it can never be brought to an end."""

from dataclasses import asdict
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from devstripe.testing import Running
from mall.core.db import db, transaction
from mall.domain.members.models import Member
from mall.domain.payments import queries as payments
from mall.domain.payments.models import payment_table
from mall.worker import cash
from tests.support.items_factory import make_item
from tests.support.orders_factory import give_points
from tests.support.payments_factory import an_order, begin
from tests.support.story import PAID, WAITING, Story

# The attempts in front belong to an order that was paid in points, and lead nowhere.
pytestmark = pytest.mark.tampers

#: Two pages and a bit.
MANY = cash.AT_ONCE * 2 + 1


def stuck(order: tuple[int, str], at: datetime, *, open_: bool) -> None:
    """MANY attempts of an order that nothing can be done about: begun, or with a session that Stripe does not know."""
    first = asdict(begin(order, at))
    del first["id"]
    rows = [
        first
        | {
            "attempt": n,
            "reference": f"{order[1]}-{n}",
            "key": f"session-{order[1]}-{n}",
            "state": "open" if open_ else "new",
            "session_id": f"cs_test_lost_{n}" if open_ else None,
        }
        for n in range(2, MANY + 1)
    ]
    with transaction() as session:
        session.execute(sa.insert(payment_table), rows)
        if open_:
            session.execute(
                sa.update(payment_table)
                .where(payment_table.c.attempt == 1)
                .values(state="open", session_id="cs_test_lost_1")
            )


@pytest.fixture
def poison(app: Flask, ben: Member, at: datetime) -> tuple[int, str]:
    """An order whose attempts stand in front."""
    return an_order(ben.id, at - timedelta(days=1))


def behind(mei: Member, at: datetime) -> Story:
    """Mei's order with cash due, placed after all the others."""
    with transaction():
        give_points(mei.id, 2_500, at=at - timedelta(days=1))
        kettle = make_item("Kettle", points=2_000, cash=3_000, stock=5)
    return Story(mei, kettle, at)


def test_an_attempt_behind_hundreds_that_lead_nowhere_is_taken_up(
    poison: tuple[int, str], mei: Member, dev_stripe: Running, at: datetime
) -> None:
    stuck(poison, at - timedelta(days=1), open_=False)
    story = behind(mei, at)
    story.later(dev_stripe, seconds=31)
    assert story.id not in {one.order_id for one in payments.stale(at=story.at, limit=cash.AT_ONCE)}
    cash.resume(story.at)
    assert [one.state for one in payments.of_order(story.id)] == ["open"]
    assert len(payments.stale(at=story.at, limit=MANY)) == MANY  # they would be in front for ever


def test_a_payment_behind_hundreds_that_cannot_be_read_is_found(
    poison: tuple[int, str], mei: Member, dev_stripe: Running, at: datetime
) -> None:
    stuck(poison, at - timedelta(days=1), open_=True)
    story = behind(mei, at)
    dev_stripe.control.pay(story.open())
    assert story.held == WAITING
    story.later(dev_stripe, minutes=11)
    before = story.at - cash.UNSEEN
    assert story.id not in {one.order_id for one in payments.unseen(before=before, limit=cash.AT_ONCE)}
    assert cash.reconcile(story.at) == 1
    assert (story.state, story.held) == ("paid", PAID)
    db.session.expire_all()
    assert len(payments.unseen(before=before, limit=MANY)) == MANY


def test_a_session_is_read_when_nobody_has_read_it_for_ten_minutes(
    mei: Member, dev_stripe: Running, at: datetime
) -> None:
    story = behind(mei, at)
    story.open()
    asked = len(dev_stripe.control.requests(path="/v1/checkout/sessions/", method="GET"))
    cash.reconcile(at + cash.UNSEEN - timedelta(seconds=1))
    assert len(dev_stripe.control.requests(path="/v1/checkout/sessions/", method="GET")) == asked
    cash.reconcile(at + cash.UNSEEN)
    assert len(dev_stripe.control.requests(path="/v1/checkout/sessions/", method="GET")) == asked + 1

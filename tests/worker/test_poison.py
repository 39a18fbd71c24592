"""In every job that goes from row to row: one that cannot be dealt with leaves the others alone, and is dealt with once it is mended.

The poison is real: a row that the processing needs is not as it should be (`tests.support.poison`). Each test fails
without `rounds.each`. The jobs that are not here go over no rows: `orders.sweep` and the others are single statements.
"""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from devstripe.testing import Running
from mall.core.actor import as_staff
from mall.core.db import db, transaction
from mall.core.ids import MemberId, OrderId
from mall.domain.items.code_models import Code
from mall.domain.ledger import queries as points
from mall.domain.ledger.models import Account
from mall.domain.members.models import Member
from mall.domain.orders import refunding
from mall.domain.orders.models import Refund
from mall.domain.orders.models import order_table as orders
from mall.domain.payments.errors import Unknown
from mall.web import paying
from mall.worker import cash, refunds, schedule
from tests.support.cash_factory import grant, make_combo, paid_order
from tests.support.codes_factory import add_codes, make_pool, secret
from tests.support.items_factory import make_item
from tests.support.orders_factory import NONE, give_points, place_order
from tests.support.poison import stock_is_gone, stock_is_missing
from tests.support.story import CASH, PRICE, Story


@pytest.fixture
def two(app: Flask, mei: Member, ben: Member, dev_stripe: Running, at: datetime) -> tuple[Story, Story]:
    """Two members' orders of two things, with cash due. The first one will be poisoned."""
    made = []
    for member, name in ((mei, "Kettle"), (ben, "Pan")):
        with transaction():
            give_points(member.id, 2_500, at=at - timedelta(days=1))
            item = make_item(name, points=PRICE, cash=CASH, stock=5)
        made.append(Story(member, item, at))
    return made[0], made[1]


def states(two: tuple[Story, Story]) -> tuple[str, str]:
    return two[0].state, two[1].state


def test_one_order_that_cannot_be_closed_leaves_the_others_alone(two: tuple[Story, Story]) -> None:
    over = two[0].at + timedelta(minutes=15)
    with stock_is_gone(two[0].item.variant_id):
        assert cash.close_overdue(over) == 1
        assert states(two) == ("reserved", "expired")
    assert cash.close_overdue(over) == 1
    assert states(two) == ("expired", "expired")


def test_one_attempt_that_cannot_be_resumed_leaves_the_others_alone(
    two: tuple[Story, Story], dev_stripe: Running
) -> None:
    """Its session is paid already, and the order cannot be settled."""
    dev_stripe.control.fault("timeout_after", times=2, path="*/checkout/sessions", method="POST")
    for one in two:
        with pytest.raises(Unknown):
            one.open()
    for session in dev_stripe.app.world.store.newest("checkout.session"):
        dev_stripe.control.pay(session["id"])
    at = two[0].at + timedelta(minutes=40)  # too late to ask for it again: it is looked up
    with stock_is_gone(two[0].item.variant_id):
        assert cash.resume(at) == 1
        assert states(two) == ("unknown", "paid")
    assert cash.resume(at + timedelta(seconds=31)) == 1
    assert states(two) == ("paid", "paid")


def test_one_order_that_cannot_be_ended_leaves_the_others_alone(two: tuple[Story, Story]) -> None:
    for one in two:
        one.open()
        one.close()
    with stock_is_gone(two[0].item.variant_id):
        assert cash.reconcile(two[0].at) == 1
        assert states(two) == ("expiring", "cancelled")
    assert cash.reconcile(two[0].at) == 1
    assert states(two) == ("cancelled", "cancelled")


def test_one_payment_that_cannot_be_settled_leaves_the_others_alone(
    two: tuple[Story, Story], dev_stripe: Running
) -> None:
    for one in two:
        dev_stripe.control.pay(one.open())
    at = two[0].at + timedelta(minutes=11)
    with stock_is_gone(two[0].item.variant_id):
        assert cash.reconcile(at) == 1
        assert states(two) == ("awaiting_payment", "paid")
    assert cash.reconcile(at) == 1
    assert states(two) == ("paid", "paid")


def name_at_stripe(refund_id: int, stripe_id: str) -> str:
    """Give a refund another name at Stripe; the one that it had."""
    with transaction():
        row = db.session.get_one(Refund, refund_id, populate_existing=True)
        before, row.stripe_id = row.stripe_id or "", stripe_id
    return before


def test_one_refund_that_stripe_does_not_know_leaves_the_others_alone(
    app: Flask, mei: Member, sam: Member, dev_stripe: Running, at: datetime
) -> None:
    dev_stripe.control.begin_refunds("pending")
    grant(mei.id, 1_000, at=at - timedelta(days=1))
    with transaction():
        variant = make_combo(points=100, cash=1_000).variant_id
    ids = []
    for n in range(2):
        order = paid_order(dev_stripe, mei.id, (variant, 1), at=at + timedelta(seconds=n))
        with transaction():
            asked = refunding.request(OrderId(order.id), None, actor=as_staff(sam.id), at=at)
        assert refunds.send(asked.id, now=lambda: at) == "sent"
        ids.append(asked.id)
    sound = name_at_stripe(ids[0], "re_lost")
    dev_stripe.control.settle_refund(sound)
    dev_stripe.control.settle_refund(name_of(ids[1]))
    assert refunds.follow_up(at + timedelta(hours=2)) == 1
    assert [state_of(one) for one in ids] == ["sent", "succeeded"]
    name_at_stripe(ids[0], sound)
    assert refunds.follow_up(at + timedelta(hours=4)) == 1
    assert state_of(ids[0]) == "succeeded"


def name_of(refund_id: int) -> str:
    return db.session.get_one(Refund, refund_id, populate_existing=True).stripe_id or ""


def state_of(refund_id: int) -> str:
    return db.session.get_one(Refund, refund_id, populate_existing=True).state


def test_one_pool_that_cannot_be_tended_leaves_the_others_alone(app: Flask, at: datetime) -> None:
    made = []
    for name in ("A", "B"):
        with transaction():
            made.append(make_pool(1, at=at, name=f"Voucher {name}", prefix=name).variant_id)
            soon = at + timedelta(hours=3)
            add_codes(made[-1], [secret(5, name)], at=at, expires_at=soon)

    def expired() -> list[int]:
        return list(db.session.scalars(sa.select(Code.variant_id).where(Code.state == "expired")))

    with stock_is_missing(made[0]):
        assert schedule.tend_codes(at) == 1
        assert expired() == [made[1]]
    assert schedule.tend_codes(at) == 1
    assert sorted(expired()) == made


def test_one_order_whose_codes_cannot_be_given_leaves_the_others_alone(
    app: Flask, mei: Member, at: datetime
) -> None:
    placed, made = [], []
    for name in ("A", "B"):
        with transaction():
            give_points(mei.id, 1_000, at=at)
            item = make_item(f"Voucher {name}", points=10, stock=5, kind="digital")
        made.append(item.variant_id)
        placed.append(place_order(MemberId(mei.id), (item.variant_id, 1), at=at, delivery=NONE).id)
        with transaction():
            add_codes(item.variant_id, [secret(1, name)], at=at)

    def states() -> list[str]:
        query = sa.select(orders.c.state).where(orders.c.id.in_(placed)).order_by(orders.c.id)
        return list(db.session.scalars(query))

    with stock_is_missing(made[0]):
        assert schedule.tend_codes(at) == 1
        assert states() == ["paid", "completed"]
    assert schedule.tend_codes(at) == 1
    assert states() == ["completed", "completed"]


def test_one_account_that_does_not_add_up_keeps_no_points_of_others_alive(
    app: Flask, mei: Member, ben: Member, zoe: Member, at: datetime
) -> None:
    for n, member in enumerate((mei, ben, zoe)):
        grant(member.id, 500, at=at, expires_at=at + timedelta(days=1, hours=n))
    later = at + timedelta(days=3)

    def entries(n: int) -> None:
        """How many entries the first one's account believes to have."""
        with transaction():
            db.session.execute(sa.update(Account).where(Account.member_id == mei.id).values(seq=n))

    entries(0)
    assert schedule.expire_points(later) == 2
    assert [points.history(member.id)[0].kind for member in (mei, ben, zoe)] == ["earn", "expire", "expire"]
    entries(1)
    assert schedule.expire_points(later) == 1
    assert points.history(mei.id)[0].kind == "expire"


def test_a_silent_stripe_is_asked_again_by_the_next_round(
    two: tuple[Story, Story], dev_stripe: Running
) -> None:
    """The one in front has no answer; the one behind it is read all the same."""
    for one in two:
        dev_stripe.control.pay(one.open())
    dev_stripe.control.fault("reset_before", times=1)
    at = two[0].at + timedelta(minutes=11)
    assert cash.reconcile(at) == 1
    assert sorted(states(two)) == ["awaiting_payment", "paid"]
    assert paying.look(two[0].id, now=lambda: at) is not None
    assert states(two) == ("paid", "paid")

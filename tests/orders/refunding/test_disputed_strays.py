"""A dispute over stray money is that money's alone; and what a bank has taken is not given back a second time."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from devstripe.testing import Running
from mall.core.actor import as_staff
from mall.core.db import db, transaction
from mall.core.ids import OrderId
from mall.domain.ledger import queries as points
from mall.domain.members.models import Member
from mall.domain.orders import attempts, cancelling, disputes, queries, refund_checks, refunding, shipping
from mall.domain.orders.models import Refund
from mall.domain.orders.refunding import banked, facts
from mall.domain.orders.refunding.errors import OrderDisputed, RefundDisputed
from mall.domain.payments import queries as payments
from mall.web import paying
from mall.worker import refunds
from tests.orders.refunding.conftest import Sale
from tests.support.cash_factory import grant, make_combo
from tests.support.orders_factory import PAYING, place_order

CASH, EARNED = 300_000, 3_000


class Twice:
    """An order that was paid twice: its second attempt paid for it, the first's money is stray."""

    def __init__(self, stripe: Running, member: Member, staff: Member, at: datetime) -> None:
        self.stripe, self.member, self.staff, self.at = stripe, member, as_staff(staff.id), at
        grant(member.id, 1_000, at=at)
        with transaction():
            kettle = make_combo(points=300, cash=CASH)
        placed = place_order(member.id, (kettle.variant_id, 1), at=at)
        self.id, self.number = OrderId(placed.id), placed.number
        first = self._open()
        paying.gateway().expire_session(first)
        paying.look(self.id, now=lambda: at)
        with transaction():
            attempts.again(self.id, PAYING, at=at)
        for session in (self._open(), first):
            stripe.control.pay(session, late=session == first)
            paying.settle(self.id, paying.gateway().retrieve_session(session), now=lambda: at)
        self.stray, self.good = (str(one.payment_intent) for one in payments.of_order(self.id))

    def _open(self) -> str:
        paying.open_session(self.id, now=lambda: self.at)
        return str(payments.of_order(self.id)[-1].session_id)

    @property
    def refund(self) -> Refund:
        """The one that sends the stray money back."""
        return db.session.scalars(
            sa.select(Refund).where(Refund.kind == "stray"), execution_options={"populate_existing": True}
        ).one()

    @property
    def balance(self) -> tuple[int, int]:
        found = points.balance(self.member.id, self.at)
        return found.available, found.debt

    def send(self) -> str:
        return refunds.send(self.refund.id, now=lambda: self.at)

    def dispute(self, intent: str) -> str:
        """The bank looks into a payment, and we have been told."""
        dispute = str(self.stripe.control.dispute(intent)["id"])
        refunds.look_at_dispute(dispute, now=lambda: self.at)
        return dispute

    def decide(self, dispute: str, *, won: bool) -> None:
        self.stripe.control.close_dispute(dispute, won=won)
        refunds.look_at_dispute(dispute, now=lambda: self.at)


@pytest.fixture
def twice(dev_stripe: Running, mei: Member, sam: Member, at: datetime) -> Twice:
    return Twice(dev_stripe, mei, sam, at)


def test_a_dispute_over_stray_money_takes_nothing_from_the_order(twice: Twice) -> None:
    before = twice.balance
    assert facts.of_order(twice.id).earned == (EARNED, CASH)
    dispute = twice.dispute(twice.stray)
    assert not disputes.freeze(twice.id)
    assert cancelling.preview(twice.id, at=twice.at).cash == CASH
    assert "disputed" not in queries.any_order(twice.number, locale="en").tags
    twice.decide(dispute, won=False)
    assert not disputes.freeze(twice.id)
    assert twice.balance == before
    assert "charged_back" not in queries.any_order(twice.number, locale="en").tags
    shown = cancelling.preview(twice.id, at=twice.at + timedelta(days=60))
    assert (shown.cash, shown.taken_by_bank) == (CASH, 0)
    assert shown.earned_back == EARNED, "nothing of it was taken back before"
    with transaction():
        done = cancelling.cancel(twice.id, actor=twice.staff, at=twice.at)
    assert (done.cash, list(refund_checks.violations())) == (CASH, [])


def test_goods_leave_while_a_bank_looks_into_stray_money(twice: Twice) -> None:
    twice.dispute(twice.stray)
    line = queries.any_order(twice.number, locale="en").lines[0].id
    with transaction():
        shipping.ship(twice.id, lines=[(line, 1)], carrier="SF", tracking="1", actor=twice.staff, at=twice.at)


def test_the_payment_that_paid_freezes_its_order_though_there_is_stray_money(twice: Twice) -> None:
    before = twice.balance
    dispute = twice.dispute(twice.good)
    assert disputes.freeze(twice.id)
    with pytest.raises(OrderDisputed):
        disputes.check(twice.id)
    with pytest.raises(RefundDisputed):
        cancelling.preview(twice.id, at=twice.at)
    assert twice.send() == "succeeded", "the stray money goes back all the same"
    twice.decide(dispute, won=False)
    assert (disputes.freeze(twice.id), twice.balance) == (True, (before[0] - EARNED, before[1]))
    shown = cancelling.preview(twice.id, at=twice.at)
    assert (shown.cash, shown.taken_by_bank, shown.earned_back) == (0, CASH, 0)
    assert list(refund_checks.violations()) == []


@pytest.mark.parametrize("told", ["before it was sent", "after it was refused"])
def test_stray_money_that_the_bank_took_itself_is_not_sent_again(twice: Twice, told: str) -> None:
    dispute = twice.dispute(twice.stray)
    if told == "before it was sent":
        twice.decide(dispute, won=False)
        assert twice.send() == "settled_by_hand"
    else:
        assert twice.send() == "failed"
        twice.decide(dispute, won=False)
    assert (twice.refund.state, twice.refund.note) == ("settled_by_hand", banked.NOTE)
    assert refunds.follow_up(twice.at + timedelta(days=1)) == 0
    events = [event.kind for event in queries.any_order(twice.number, locale="en").events]
    assert (events.count("refund_failed"), events.count("refund_settled")) == (1, 1)


def test_of_stray_money_nobody_sees_to_a_failed_refund_before_the_bank_has_decided(
    twice: Twice, lee: Member
) -> None:
    dispute = twice.dispute(twice.stray)
    assert twice.send() == "failed"
    with transaction(), pytest.raises(RefundDisputed):
        refunding.settle_by_hand(twice.refund.id, "In cash", actor=as_staff(lee.id), at=twice.at)
    with transaction(), pytest.raises(RefundDisputed):
        refunding.retry(twice.refund.id, actor=as_staff(lee.id), at=twice.at)
    twice.decide(dispute, won=True)
    assert twice.refund.state == "failed"
    with transaction():
        refunding.retry(twice.refund.id, actor=as_staff(lee.id), at=twice.at)
    assert twice.send() == "succeeded"


def test_what_the_bank_took_only_a_part_of_waits_for_staff(twice: Twice) -> None:
    dispute = twice.dispute(twice.stray)
    assert twice.send() == "failed"
    twice.stripe.control.close_dispute(dispute, won=False)
    with transaction():
        disputes.mirror(replace(paying.gateway().retrieve_dispute(dispute), amount=CASH - 1), at=twice.at)
    assert twice.refund.state == "failed"


def test_a_refund_of_goods_that_failed_is_settled_too_if_the_bank_took_what_it_was_to_bring(
    sale: Sale,
) -> None:
    done, late = sale.refund(unsent=1), sale.refund(unsent=1)
    assert refunds.send(done.id, now=lambda: sale.at) == "succeeded"
    dispute = sale.stripe.control.dispute(str(payments.of_order(sale.id)[0].payment_intent))["id"]
    assert refunds.send(late.id, now=lambda: sale.at) == "failed"
    sale.stripe.control.close_dispute(dispute, won=False)
    lost = replace(paying.gateway().retrieve_dispute(dispute), amount=2_002)  # what had not gone back yet
    with transaction():
        disputes.mirror(lost, at=sale.at)
    assert [sale.row(one.id).state for one in (done, late)] == ["succeeded", "settled_by_hand"]
    assert list(refund_checks.violations()) == []

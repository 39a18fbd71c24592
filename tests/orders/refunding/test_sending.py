"""The cash on its way: silence, refusal, late failure, news in any order; disputes. Against the development Stripe."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from mall.core.actor import as_staff
from mall.core.db import db, transaction
from mall.domain.members.models import Member
from mall.domain.orders import disputes, queries, refund_checks, refunding
from mall.domain.orders.refunding import facts, sending
from mall.domain.orders.refunding.errors import (
    CannotRetry,
    OrderDisputed,
    OwnOrder,
    OwnRefund,
    RefundDisputed,
)
from mall.domain.payments import queries as payments
from mall.domain.payments.errors import Unknown
from mall.web import paying
from mall.worker import refunds
from tests.orders.refunding.conftest import Sale


def keys(sale: Sale) -> list[str]:
    """The idempotency keys of the refunds that Stripe was asked for."""
    return [one["headers"]["Idempotency-Key"] for one in sale.stripe.control.requests("/refunds", "POST")]


def intent(sale: Sale) -> str:
    found = payments.of_order(sale.id)[0].payment_intent
    assert found is not None
    return found


def test_without_an_answer_the_same_key_asks_again_and_the_money_goes_back_once(sale: Sale) -> None:
    asked = sale.refund(unsent=1)
    sale.stripe.control.fault("timeout_after", path="*/refunds", method="POST")
    with pytest.raises(Unknown):
        refunds.send(asked.id, now=lambda: sale.at)
    assert (sale.row(asked.id).state, sale.row(asked.id).stripe_id) == ("sent", None)
    assert refunds.follow_up(sale.at + timedelta(seconds=61)) == 1
    assert sale.row(asked.id).state == "succeeded"
    assert keys(sale) == [asked.key, asked.key]
    assert sale.refunds_at_stripe() == [(1_001, "succeeded")]


def test_after_a_day_the_key_is_not_trusted_and_the_refund_is_looked_up(sale: Sale) -> None:
    asked = sale.refund(unsent=1)
    sale.stripe.control.fault("timeout_after", path="*/refunds", method="POST")
    with pytest.raises(Unknown):
        refunds.send(asked.id, now=lambda: sale.at)
    later = sale.at + timedelta(hours=25)
    sale.stripe.control.advance(25 * 3_600)
    assert refunds.send(asked.id, now=lambda: later) == "succeeded"
    assert len(keys(sale)) == 1
    assert sale.refunds_at_stripe() == [(1_001, "succeeded")]


def test_a_crash_before_the_answer_was_saved_finds_the_same_refund(sale: Sale) -> None:
    asked = sale.refund(unsent=1)
    with transaction():
        taken = sending.take(asked.id, at=sale.at)
    assert taken is not None
    paying.gateway().create_refund(taken.body, key=taken.key)  # and here the worker dies
    assert refunds.send(asked.id, now=lambda: sale.at) == "succeeded"
    assert len(sale.refunds_at_stripe()) == 1


def test_a_refund_that_fails_late_is_a_task_and_points_are_given_once(sale: Sale) -> None:
    asked = sale.refund(unsent=1)
    refunds.send(asked.id, now=lambda: sale.at)
    balance, stripe_id = sale.balance, sale.row(asked.id).stripe_id
    assert stripe_id is not None
    sale.stripe.control.fail_refund(stripe_id)
    assert refunds.look(stripe_id, asked.key, now=lambda: sale.at) == "failed"
    assert refunds.look(stripe_id, asked.key, now=lambda: sale.at) == "failed"
    assert sale.balance == balance
    assert sale.events.count("refund_failed") == 1
    with transaction():
        refunding.retry(asked.id, actor=sale.staff, at=sale.at)
    assert refunds.send(asked.id, now=lambda: sale.at) == "succeeded"
    assert keys(sale) == [asked.key, f"{asked.key}:2"]
    assert refunds.look(stripe_id, asked.key, now=lambda: sale.at) == "succeeded"  # old news move nothing
    assert sale.balance == balance


def test_what_cannot_go_back_to_the_card_is_settled_by_hand(sale: Sale, lee: Member) -> None:
    asked = sale.refund(unsent=1)
    with transaction(), pytest.raises(CannotRetry):
        refunding.settle_by_hand(asked.id, "Bank transfer", actor=sale.staff, at=sale.at)
    refunds.send(asked.id, now=lambda: sale.at)
    stripe_id = sale.row(asked.id).stripe_id
    assert stripe_id is not None
    sale.stripe.control.fail_refund(stripe_id)
    refunds.look(stripe_id, "", now=lambda: sale.at)
    with transaction():
        refunding.settle_by_hand(asked.id, "Bank transfer", actor=as_staff(lee.id), at=sale.at)
    assert sale.row(asked.id).state == "settled_by_hand"
    with transaction(), pytest.raises(CannotRetry):
        refunding.retry(asked.id, actor=sale.staff, at=sale.at)


def test_a_pending_refund_is_done_when_stripe_says_so(sale: Sale) -> None:
    sale.stripe.control.begin_refunds("pending")
    asked = sale.refund(unsent=1)
    assert refunds.send(asked.id, now=lambda: sale.at) == "sent"
    stripe_id = sale.row(asked.id).stripe_id
    assert stripe_id is not None
    sale.stripe.control.settle_refund(stripe_id)
    assert refunds.follow_up(sale.at + timedelta(minutes=5)) == 0  # its webhook may still come
    assert refunds.follow_up(sale.at + timedelta(hours=2)) == 1
    assert sale.row(asked.id).state == "succeeded"


def test_a_disputed_order_is_frozen_until_the_bank_has_decided(sale: Sale) -> None:
    dispute = sale.stripe.control.dispute(intent(sale))["id"]
    assert refunds.look_at_dispute(dispute, now=lambda: sale.at) == "open"
    with pytest.raises(OrderDisputed):
        sale.ship(1)
    with pytest.raises(RefundDisputed):
        sale.refund(unsent=1)
    sale.stripe.control.close_dispute(dispute, won=True)
    assert refunds.look_at_dispute(dispute, now=lambda: sale.at) == "won"
    assert refunds.look_at_dispute(dispute, now=lambda: sale.at) == "won"
    sale.ship(1)
    assert [kind for kind in sale.events if "dispute" in kind] == ["disputed", "dispute_won"]


def test_after_a_lost_dispute_nothing_leaves_and_the_cash_counts_as_given_back(sale: Sale) -> None:
    sale.refund(unsent=1)
    dispute = sale.stripe.control.dispute(intent(sale))["id"]
    sale.stripe.control.close_dispute(dispute, won=False)
    before = sale.balance
    assert refunds.look_at_dispute(dispute, now=lambda: sale.at) == "lost"
    assert refunds.look_at_dispute(dispute, now=lambda: sale.at) == "lost"
    given, base = facts.of_order(sale.id).earned
    assert base == 3_003
    first = given * 1_001 // base
    assert sale.balance == (before[0] - (given - first), before[1])  # once, and only what was left of it
    with pytest.raises(OrderDisputed):
        sale.ship(1)
    shelf, shown = sale.available or 0, sale.preview(unsent=2)
    assert (shown.points, shown.cash, shown.taken_by_bank, shown.earned_back) == (202, 0, 2_002, 0)
    asked = sale.refund(unsent=2, expect=shown.hash)
    assert (asked.points, asked.cash, asked.state) == (202, 0, "succeeded")
    assert (sale.available, sale.line.cancelled, sale.order.cash_back) == (shelf + 2, 3, 1_001)
    assert sale.events.count("dispute_lost") == 1
    found = queries.any_order(sale.number, locale="en")
    assert found.tags[-1] == "charged_back"
    assert list(refund_checks.violations()) == []


def test_of_a_payment_disputed_in_part_only_the_rest_goes_back(sale: Sale) -> None:
    dispute = sale.stripe.control.dispute(intent(sale))["id"]
    sale.stripe.control.close_dispute(dispute, won=False)
    found = replace(paying.gateway().retrieve_dispute(dispute), amount=1_500)
    with transaction():
        disputes.mirror(found, at=sale.at)
    assert [(one.cash, one.taken_by_bank) for one in (sale.preview(unsent=1), sale.preview(unsent=3))] == [
        (1_001, 0),
        (1_503, 1_500),
    ]
    sale.refund(unsent=1)
    assert (sale.refund(unsent=2).cash, sale.order.cash_back) == (502, 1_503)
    assert list(refund_checks.violations()) == []


def failed(sale: Sale) -> int:
    """A refund that the card's bank has turned down."""
    asked = sale.refund(unsent=1)
    refunds.send(asked.id, now=lambda: sale.at)
    stripe_id = sale.row(asked.id).stripe_id or ""
    sale.stripe.control.fail_refund(stripe_id)
    refunds.look(stripe_id, "", now=lambda: sale.at)
    return asked.id


def test_nobody_sees_to_a_failed_refund_of_their_own(sale: Sale, lee: Member) -> None:
    this = failed(sale)
    with transaction(), pytest.raises(OwnRefund):
        refunding.settle_by_hand(this, "In cash", actor=sale.staff, at=sale.at)
    owner = as_staff(sale.member.id)
    with transaction(), pytest.raises(OwnOrder):
        refunding.settle_by_hand(this, "In cash", actor=owner, at=sale.at)
    with transaction(), pytest.raises(OwnOrder):
        refunding.retry(this, actor=owner, at=sale.at)
    assert sale.row(this).state == "failed"
    with transaction():
        refunding.settle_by_hand(this, "In cash", actor=as_staff(lee.id), at=sale.at)
    assert sale.row(this).state == "settled_by_hand"


@pytest.mark.parametrize(
    ("before", "after"),
    [("requested", "succeeded"), ("requested", "failed"), ("sent", "settled_by_hand"), ("sent", "requested")],
)
@pytest.mark.tampers
def test_the_database_refuses_moves_that_the_table_does_not_have(sale: Sale, before: str, after: str) -> None:
    asked = sale.refund(unsent=1)
    if before == "sent":
        with transaction():
            sending.take(asked.id, at=sale.at)
    with pytest.raises(sa.exc.IntegrityError, match="no such move"), transaction():
        db.session.execute(
            sa.text("UPDATE refund SET state = :after, note = 'x' WHERE id = :id"),
            {"after": after, "id": asked.id},
        )


@pytest.mark.tampers
def test_what_was_decided_is_never_changed(sale: Sale) -> None:
    asked = sale.refund(unsent=1)
    for change in (
        "UPDATE refund SET cash = 1",
        "DELETE FROM refund_line",
        "UPDATE refund_line SET cash = 1",
    ):
        with pytest.raises(sa.exc.IntegrityError, match="never changed"), transaction():
            db.session.execute(sa.text(change))
    assert sale.row(asked.id).cash == 1_001


def test_news_of_refunds_that_are_none_of_ours_are_ignored(sale: Sale) -> None:
    assert refunds.look("re_unknown", "F-NONE", now=lambda: sale.at) is None

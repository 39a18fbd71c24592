"""Refunds: whole, in parts, too much, pending, and failing after all."""

from typing import Any

import pytest
import stripe

from devstripe.testing import ControlError, Running
from tests.devstripe.shop import order


def paid(mock: Running, card: str = "4242424242424242") -> str:
    client = mock.client()
    session = client.v1.checkout.sessions.create(order())
    mock.control.pay(session.id, card)
    return str(client.v1.checkout.sessions.retrieve(session.id).payment_intent)


def charge(mock: Running, intent: str) -> stripe.Charge:
    return mock.client().v1.charges.list({"payment_intent": intent}).data[0]


def types(mock: Running) -> list[str]:
    return [event["type"] for event in mock.control.events()]


def test_parts_add_up_and_not_a_cent_more(either: Running) -> None:
    intent, refunds = paid(either), either.client().v1.refunds
    first = refunds.create(
        {"payment_intent": intent, "amount": 6000, "metadata": {"refund": "1"}, "reason": "duplicate"}
    )
    assert (first.status, first.amount, first.currency, first.reason) == (
        "succeeded",
        6000,
        "cny",
        "duplicate",
    )
    assert first.metadata is not None
    assert first.metadata["refund"] == "1"
    with pytest.raises(
        stripe.InvalidRequestError, match="greater than unrefunded amount on charge"
    ) as caught:
        refunds.create({"payment_intent": intent, "amount": 801})
    assert caught.value.param == "amount"
    rest = refunds.create({"payment_intent": intent})
    assert rest.amount == 800
    with pytest.raises(stripe.InvalidRequestError, match="already been refunded") as caught:
        refunds.create({"payment_intent": intent, "amount": 1})
    assert caught.value.code == "charge_already_refunded"
    after = charge(either, intent)
    assert (after.amount_refunded, after.refunded) == (6800, True)
    assert [r.id for r in refunds.list({"payment_intent": intent})] == [rest.id, first.id]
    assert types(either)[-4:] == ["refund.created", "charge.refunded"] * 2


def test_a_refund_by_its_charge(mock: Running) -> None:
    intent, refunds = paid(mock), mock.client().v1.refunds
    other = paid(mock)
    made = refunds.create({"charge": charge(mock, intent).id, "amount": 1})
    assert made.payment_intent == intent
    assert [r.id for r in refunds.list({"charge": charge(mock, intent).id})] == [made.id]
    assert refunds.list({"charge": charge(mock, other).id}).data == []
    with pytest.raises(stripe.InvalidRequestError, match="does not belong"):
        refunds.create({"charge": charge(mock, intent).id, "payment_intent": other})


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"amount": 1}, "One of the following params"),
        ({"payment_intent": "pi_3none"}, "No such payment_intent"),
        ({"charge": "ch_3none"}, "No such charge"),
        ({"payment_intent": "pi_3none", "amount": 0}, "greater than or equal to 1"),
        ({"payment_intent": "pi_3none", "reason": "because"}, "must be one of"),
        ({"payment_intent": "pi_3none", "currency": "cny"}, "unknown parameter"),
    ],
)
def test_a_bad_refund_is_refused(mock: Running, asked: Any, said: str) -> None:
    with pytest.raises(stripe.InvalidRequestError, match=said):
        mock.client().v1.refunds.create(asked)


def test_only_what_was_paid_is_refunded(mock: Running) -> None:
    client = mock.client()
    session = client.v1.checkout.sessions.create(order())
    mock.control.decline(session.id)
    intent = str(client.v1.checkout.sessions.retrieve(session.id).payment_intent)
    with pytest.raises(stripe.InvalidRequestError, match="does not have a successful charge"):
        client.v1.refunds.create({"payment_intent": intent})
    with pytest.raises(stripe.InvalidRequestError, match="has not been paid"):
        client.v1.refunds.create({"charge": charge(mock, intent).id})


def test_a_refund_that_fails_late_gives_the_room_back(mock: Running) -> None:
    intent, refunds = paid(mock), mock.client().v1.refunds
    made = refunds.create({"payment_intent": intent, "amount": 6000})
    mock.control.fail_refund(made.id, "lost_or_stolen_card")
    failed = refunds.retrieve(made.id)
    assert (failed.status, failed.failure_reason) == ("failed", "lost_or_stolen_card")
    assert charge(mock, intent).amount_refunded == 0
    assert types(mock)[-2:] == ["refund.updated", "refund.failed"]
    before = mock.control.events("refund.failed")[0]["data"]["previous_attributes"]
    assert before == {"status": "succeeded", "failure_reason": None}
    assert refunds.create({"payment_intent": intent}).amount == 6800
    with pytest.raises(ControlError, match="is failed already"):
        mock.control.fail_refund(made.id)


def test_a_refund_may_begin_as_pending(mock: Running) -> None:
    intent, refunds = paid(mock), mock.client().v1.refunds
    mock.control.begin_refunds("pending")
    one = refunds.create({"payment_intent": intent, "amount": 100})
    two = refunds.create({"payment_intent": intent, "amount": 100})
    assert (one.status, one.pending_reason) == ("pending", "processing")
    mock.control.settle_refund(one.id)
    mock.control.fail_refund(two.id)
    assert [refunds.retrieve(r.id).status for r in (one, two)] == ["succeeded", "failed"]
    assert "pending_reason" not in refunds.retrieve(one.id)
    mock.control.advance(10_000)
    with pytest.raises(ControlError, match="is succeeded already"):
        mock.control.settle_refund(one.id)
    mock.control.begin_refunds("succeeded")
    assert refunds.create({"payment_intent": intent, "amount": 100}).status == "succeeded"


@pytest.mark.parametrize(
    ("card", "first", "later"),
    [("4000000000007726", "pending", "succeeded"), ("4000000000005126", "succeeded", "failed")],
)
def test_test_cards_whose_refunds_change_later(mock: Running, card: str, first: str, later: str) -> None:
    refunds = mock.client().v1.refunds
    made = refunds.create({"payment_intent": paid(mock, card)})
    assert made.status == first
    mock.control.advance(59)
    assert refunds.retrieve(made.id).status == first
    mock.control.advance(1)
    assert refunds.retrieve(made.id).status == later
    assert types(mock)[-1] == ("refund.failed" if later == "failed" else "refund.updated")

"""Paying: test cards, declines and trying again, 3-D Secure, disputes."""

from typing import Any

import pytest
import stripe

from devstripe.cards import CARDS, luhn
from devstripe.testing import ControlError, Running
from tests.devstripe.shop import order


def opened(mock: Running) -> str:
    return mock.client().v1.checkout.sessions.create(order()).id


def intent(mock: Running, session: str) -> stripe.PaymentIntent:
    found = (
        mock.client().v1.checkout.sessions.retrieve(session, {"expand": ["payment_intent"]}).payment_intent
    )
    assert isinstance(found, stripe.PaymentIntent)
    return found


def types(mock: Running) -> list[str]:
    return [event["type"] for event in mock.control.events()]


@pytest.mark.parametrize(
    ("card", "code", "decline_code"),
    [
        ("4000000000000002", "card_declined", "generic_decline"),
        ("4000000000009995", "card_declined", "insufficient_funds"),
        ("4000000000000069", "expired_card", None),
        ("4000000000000127", "incorrect_cvc", None),
    ],
)
def test_a_declined_card_leaves_the_session_open(
    mock: Running, card: str, code: str, decline_code: str | None
) -> None:
    session = opened(mock)
    answer = mock.control.decline(session, card)
    assert (answer["outcome"], answer["session"]["status"], answer["session"]["payment_status"]) == (
        "declined",
        "open",
        "unpaid",
    )
    tried = intent(mock, session)
    assert tried.status == "requires_payment_method"
    assert tried.last_payment_error is not None
    assert tried.last_payment_error.code == code
    assert getattr(tried.last_payment_error, "decline_code", None) == decline_code
    charges = mock.client().v1.charges.list({"payment_intent": tried.id}).data
    assert [(c.status, c.paid, c.failure_code) for c in charges] == [("failed", False, code)]
    assert types(mock) == ["payment_intent.created", "charge.failed", "payment_intent.payment_failed"]


def test_after_a_decline_the_same_payment_can_succeed(mock: Running) -> None:
    session = opened(mock)
    mock.control.decline(session)
    before = intent(mock, session).id
    assert mock.control.pay(session)["outcome"] == "succeeded"
    after = intent(mock, session)
    assert (after.id, after.status, after.last_payment_error) == (before, "succeeded", None)
    charges = mock.client().v1.charges.list({"payment_intent": before}).data
    assert [c.status for c in charges] == ["succeeded", "failed"]
    assert after.latest_charge == charges[0].id


def test_a_paid_session_takes_no_second_payment(mock: Running) -> None:
    session = opened(mock)
    mock.control.pay(session)
    assert mock.control.pay(session)["outcome"] == "closed"
    assert mock.control.pay(session, late=True)["outcome"] == "closed"
    assert len(mock.client().v1.charges.list().data) == 1


def test_3d_secure_passed(mock: Running) -> None:
    session = opened(mock)
    answer = mock.control.pay(session, "4000002500003155")
    assert (answer["outcome"], answer["session"]["status"]) == ("requires_action", "open")
    waiting = intent(mock, session)
    assert waiting.status == "requires_action"
    assert waiting.next_action is not None
    assert waiting.next_action.type == "redirect_to_url"
    assert mock.control.authenticate(session)["outcome"] == "succeeded"
    assert intent(mock, session).status == "succeeded"


def test_3d_secure_failed_then_another_card(mock: Running) -> None:
    session = opened(mock)
    mock.control.pay(session, "4000002760003184")
    assert mock.control.authenticate(session, passed=False)["outcome"] == "declined"
    failed = intent(mock, session)
    assert failed.last_payment_error is not None
    assert failed.last_payment_error.code == "payment_intent_authentication_failure"
    assert mock.client().v1.charges.list().data == []
    assert mock.control.authenticate(session)["outcome"] == "closed"
    assert mock.control.pay(session)["outcome"] == "succeeded"


def test_expiring_cancels_a_payment_under_way(mock: Running) -> None:
    session = opened(mock)
    mock.control.pay(session, "4000002500003155")
    mock.client().v1.checkout.sessions.expire(session)
    ended = intent(mock, session)
    assert (ended.status, ended.cancellation_reason) == ("canceled", "expired")
    assert mock.control.authenticate(session)["outcome"] == "closed"
    assert types(mock)[-2:] == ["payment_intent.canceled", "checkout.session.expired"]


def test_money_can_be_made_to_reach_an_expired_session(mock: Running) -> None:
    session = opened(mock)
    mock.client().v1.checkout.sessions.expire(session)
    answer = mock.control.pay(session, late=True)
    assert (answer["outcome"], answer["session"]["payment_status"]) == ("succeeded", "paid")
    assert types(mock)[0] == "checkout.session.expired"
    assert types(mock)[-1] == "checkout.session.completed"


@pytest.mark.parametrize(
    ("card", "reason"), [("4000000000000259", "fraudulent"), ("4000000000002685", "product_not_received")]
)
def test_a_disputing_card_pays_first(mock: Running, card: str, reason: str) -> None:
    session = opened(mock)
    assert mock.control.pay(session, card)["outcome"] == "succeeded"
    (dispute,) = mock.client().v1.disputes.list({"payment_intent": intent(mock, session).id}).data
    assert (dispute.status, dispute.reason, dispute.amount) == ("needs_response", reason, 6800)
    assert types(mock)[-1] == "charge.dispute.created"


@pytest.mark.parametrize("won", [True, False])
def test_while_a_dispute_stands_nothing_is_refunded(mock: Running, won: bool) -> None:
    client = mock.client()
    session = opened(mock)
    mock.control.pay(session)
    dispute = mock.control.dispute(intent(mock, session).id)
    asked: Any = {"payment_intent": intent(mock, session).id}
    with pytest.raises(stripe.InvalidRequestError, match="charged back") as caught:
        client.v1.refunds.create(asked)
    assert caught.value.code == "charge_disputed"
    closed = mock.control.close_dispute(dispute["id"], won=won)
    assert closed["status"] == ("won" if won else "lost")
    assert mock.control.events("charge.dispute.closed")[0]["data"]["previous_attributes"] == {
        "status": "needs_response"
    }
    if won:
        assert client.v1.refunds.create(asked).status == "succeeded"
    else:
        with pytest.raises(stripe.InvalidRequestError, match="charged back"):
            client.v1.refunds.create(asked)
    with pytest.raises(ControlError, match="already closed"):
        mock.control.close_dispute(dispute["id"], won=won)
    with pytest.raises(ControlError, match="cannot be disputed"):
        mock.control.dispute(intent(mock, session).id)


def test_giving_in_over_the_api_loses_a_dispute(mock: Running) -> None:
    session = opened(mock)
    mock.control.pay(session)
    dispute = mock.control.dispute(intent(mock, session).id)
    assert mock.client().v1.disputes.close(dispute["id"]).status == "lost"


@pytest.mark.parametrize("number", ["4242 4242 4242 4241", "1234", "", "４２４２", "4242424242424242424242"])
def test_a_wrong_number_is_no_card(mock: Running, number: str) -> None:
    session = opened(mock)
    if number:
        with pytest.raises(ControlError, match="number is incorrect"):
            mock.control.pay(session, number)
    assert types(mock) == []


def test_a_real_card_is_not_taken(mock: Running) -> None:
    assert luhn("5555555555554444")
    with pytest.raises(ControlError, match="Only test cards"):
        mock.control.pay(opened(mock), "5555 5555 5555 4444")


def test_every_card_has_a_right_check_digit() -> None:
    assert [card.number for card in CARDS if not luhn(card.number)] == []


def test_a_tampered_object_is_what_the_api_tells(mock: Running) -> None:
    session = opened(mock)
    mock.control.tamper(session, amount_total=1, livemode=True)
    found = mock.client().v1.checkout.sessions.retrieve(session)
    assert (found.amount_total, found.livemode) == (1, True)

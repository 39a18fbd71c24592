"""Both lists side by side: what Stripe has that we have not, and the other way round."""

import json
from datetime import datetime, timedelta

import pytest

from devstripe.testing import Running
from mall.core.db import transaction
from mall.domain.payments import queries, reconciling, rules, service
from mall.domain.payments.errors import Unreadable
from mall.domain.payments.gateway import Gateway
from mall.domain.payments.reconciling import SessionDifferences
from mall.domain.payments.unread import Unread
from mall.domain.payments.views import PaymentView
from tests.support.payments_factory import begin, pay_request

# The order behind these attempts was paid in points: its books do not add up with the cash, and are not meant to.
pytestmark = pytest.mark.tampers

Order = tuple[int, str]
DAY = timedelta(days=1)


@pytest.fixture
def opened(order: Order, gateway: Gateway, at: datetime) -> PaymentView:
    """An attempt whose session both know."""
    return open_one(begin(order, at), gateway, at)


def open_one(payment: PaymentView, gateway: Gateway, at: datetime) -> PaymentView:
    session = gateway.create_session(payment.request, key=payment.key)
    with transaction():
        return service.mirror(payment.id, session, at=at)


def compare(gateway: Gateway, at: datetime) -> SessionDifferences:
    since = at - DAY
    sessions = list(gateway.sessions(since - reconciling.SKEW))
    return reconciling.compare_sessions(sessions, since=since, until=at + DAY)


def test_nothing_differs_when_both_know_the_same(
    opened: PaymentView, gateway: Gateway, dev_stripe: Running, at: datetime
) -> None:
    assert not compare(gateway, at)
    dev_stripe.control.pay(str(opened.session_id))
    with transaction():
        service.mirror(opened.id, gateway.retrieve_session(str(opened.session_id)), at=at)
    assert not compare(gateway, at)


def test_what_nobody_told_us_is_found(
    opened: PaymentView, order: Order, gateway: Gateway, dev_stripe: Running, at: datetime
) -> None:
    """A payment whose webhook never came, and a session whose answer got lost."""
    dev_stripe.control.pay(str(opened.session_id))
    lost = begin(order, at)
    gateway.create_session(lost.request, key=lost.key)
    found = compare(gateway, at)
    assert {(payment.id, session.payment_status) for payment, session in found.behind} == {
        (opened.id, "paid"),
        (lost.id, "unpaid"),
    }
    assert not [*found.strangers, *found.missing, *found.mismatched]


def test_a_refund_that_nobody_told_us_of_is_found(
    opened: PaymentView, gateway: Gateway, dev_stripe: Running, at: datetime
) -> None:
    dev_stripe.control.pay(str(opened.session_id))
    with transaction():
        paid = service.mirror(opened.id, gateway.retrieve_session(str(opened.session_id)), at=at)
    dev_stripe.client().v1.refunds.create({"payment_intent": str(paid.payment_intent), "amount": 500})
    ((payment, session),) = compare(gateway, at).behind
    assert payment.id == opened.id
    with transaction():
        assert service.mirror(payment.id, session, at=at).refunded == 500
    assert not compare(gateway, at)


def test_a_session_of_ours_without_an_attempt_is_a_stranger_and_one_of_others_is_not(
    gateway: Gateway, dev_stripe: Running, order: Order, at: datetime
) -> None:
    """As after a database that was restored from yesterday."""
    body = rules.session_body(pay_request("R-LOST"), attempt=1, expires_at=at + rules.SESSION_LIFE)
    made = gateway.create_session(json.dumps(body), key="k1")
    elsewhere = {**body, "client_reference_id": "shop-17", "metadata": {}}
    gateway.create_session(json.dumps(elsewhere), key="k2")
    found = compare(gateway, at)
    assert [session.id for session in found.strangers] == [made.id]
    assert not [*found.behind, *found.missing, *found.mismatched]


def test_a_session_that_stripe_does_not_list_is_missing(
    opened: PaymentView, gateway: Gateway, dev_stripe: Running, at: datetime
) -> None:
    dev_stripe.control.reset()
    assert [payment.id for payment in compare(gateway, at).missing] == [opened.id]


def test_another_session_by_an_attempts_name_hides_neither_it_nor_that_it_is_missing(
    opened: PaymentView, gateway: Gateway, dev_stripe: Running, at: datetime
) -> None:
    other = gateway.create_session(opened.request, key="another")
    ours = gateway.retrieve_session(str(opened.session_id))
    since, until = at - DAY, at + DAY
    for listed in ([other, ours], [ours, other]):
        found = reconciling.compare_sessions(listed, since=since, until=until)
        assert [(payment.id, session.id) for payment, session in found.doubled] == [(opened.id, other.id)]
        assert not [*found.strangers, *found.behind, *found.missing, *found.mismatched]
    found = reconciling.compare_sessions([other], since=since, until=until)
    assert [payment.id for payment in found.missing] == [opened.id]
    assert [session.id for _, session in found.doubled] == [other.id]


def test_a_session_that_is_listed_and_cannot_be_read_is_not_missing(
    opened: PaymentView, gateway: Gateway, dev_stripe: Running, at: datetime
) -> None:
    dev_stripe.control.tamper(str(opened.session_id), amount_total=None)
    with pytest.raises(Unreadable):
        list(gateway.sessions(at - DAY))
    unread: list[Unread] = []
    assert list(gateway.sessions(at - DAY, unread=unread.append)) == []
    (one,) = unread
    assert (one.id, one.reference) == (opened.session_id, opened.reference)
    assert reconciling.whose(one) == opened
    found = reconciling.compare_sessions([], since=at - DAY, until=at + DAY, unread=[one.id])
    assert not found


def test_a_session_that_was_changed_is_mismatched(
    opened: PaymentView, gateway: Gateway, dev_stripe: Running, at: datetime
) -> None:
    dev_stripe.control.tamper(str(opened.session_id), amount_total=1)
    ((payment, session, problems),) = compare(gateway, at).mismatched
    assert (payment.id, session.amount, problems) == (opened.id, 1, ("amount is 1, not 3000",))


def test_refunds_that_nobody_here_asked_for_are_found(
    opened: PaymentView, gateway: Gateway, dev_stripe: Running, at: datetime
) -> None:
    dev_stripe.control.pay(str(opened.session_id))
    with transaction():
        paid = service.mirror(opened.id, gateway.retrieve_session(str(opened.session_id)), at=at)
    intent, made = str(paid.payment_intent), {}
    for name in ("ours", "lost"):
        body = rules.refund_body(
            payment_intent=intent, amount=500, currency="CNY", reference=name, number=paid.number
        )
        made[name] = gateway.create_refund(rules.as_text(body), key=name).id
    by_hand = dev_stripe.client().v1.refunds.create({"payment_intent": intent, "amount": 100}).id
    found = reconciling.stray_refunds(gateway.refunds(at - DAY), lambda refund: refund.reference == "ours")
    assert {(payment.id if payment else None, refund.id) for payment, refund in found} == {
        (opened.id, made["lost"]),
        (opened.id, by_hand),
    }


def test_many_references_are_looked_up_at_once(order: Order, at: datetime) -> None:
    made = {begin(order, at).reference for _ in range(3)}
    names = made | {f"R-NONE-{n}" for n in range(1200)}
    assert {payment.reference for payment in queries.by_references(names)} == made

"""Attempts to be paid: written down before Stripe is asked, and a mirror that only moves forward."""

import json
from datetime import datetime, timedelta
from itertools import permutations

import pytest
import sqlalchemy as sa

from devstripe.testing import Running
from mall.core.db import db, transaction
from mall.domain.orders.alerts import alerts
from mall.domain.payments import queries, rules, service
from mall.domain.payments.errors import NoSuchPayment, TooMuch
from mall.domain.payments.gateway import Gateway
from mall.domain.payments.objects import Charge, Intent, Session
from mall.domain.payments.views import PaymentView
from tests.support.payments_factory import begin, pay_request, session_of

# The order behind these attempts was paid in points: its books do not add up with the cash, and are not meant to.
pytestmark = pytest.mark.tampers

Order = tuple[int, str]
SOON = timedelta(seconds=1)


def mirror(payment: PaymentView, session: Session, at: datetime) -> PaymentView:
    with transaction():
        return service.mirror(payment.id, session, at=at)


def again(payment: PaymentView) -> PaymentView:
    found = queries.payment(payment.id)
    assert found is not None
    return found


def test_an_attempt_has_its_body_and_key_before_stripe_is_asked(order: Order, at: datetime) -> None:
    payment = begin(order, at, rules.PayLine("搪瓷杯", 3000), rules.PayLine("Delivery", 800))
    assert (payment.state, payment.attempt, payment.amount, payment.currency) == ("new", 1, 3800, "CNY")
    assert payment.reference == f"{order[1]}-1"
    assert payment.key == f"session-{order[1]}-1"
    body = json.loads(payment.request)
    assert body["client_reference_id"] == payment.reference
    assert body["metadata"] == {"order": order[1], "attempt": payment.reference}
    assert body["payment_intent_data"]["metadata"] == body["metadata"]
    assert body["expires_at"] == int((at + timedelta(minutes=31)).timestamp())
    assert body["line_items"][0]["price_data"]["product_data"]["name"] == "搪瓷杯"
    second = begin(order, at + SOON)
    assert (second.attempt, second.reference) == (2, f"{order[1]}-2")
    assert [one.id for one in queries.of_order(order[0])] == [payment.id, second.id]


def test_nothing_due_is_no_attempt(order: Order, at: datetime) -> None:
    with pytest.raises(ValueError, match="nothing to pay"):
        begin(order, at, rules.PayLine("Cup", 0))
    assert queries.of_order(order[0]) == []


def test_from_asking_to_paid(order: Order, gateway: Gateway, dev_stripe: Running, at: datetime) -> None:
    payment = begin(order, at)
    session = gateway.create_session(payment.request, key=payment.key)
    with transaction():
        opened = service.mirror(payment.id, session, at=at + SOON)
    assert (opened.state, opened.session_id, opened.url) == ("open", session.id, session.url)
    assert opened.problem == ""
    dev_stripe.control.pay(session.id)
    paid = mirror(payment, gateway.retrieve_session(session.id), at + SOON * 2)
    assert (paid.state, paid.captured, paid.paid_at) == ("paid", 3000, at + SOON * 2)
    assert (paid.payment_intent or "").startswith("pi_")
    assert (paid.charge or "").startswith("ch_")
    assert queries.by_session(session.id) == paid
    assert queries.by_reference(payment.reference) == paid
    assert queries.by_intent(str(paid.payment_intent)) == paid
    later = mirror(payment, gateway.retrieve_session(session.id), at + SOON * 9)
    assert later.paid_at == paid.paid_at


def test_news_in_any_order_come_to_the_same_end(order: Order, at: datetime) -> None:
    for order_of_news in permutations(["open", "expired", "paid"]):
        payment = begin(order, at)
        for number, status in enumerate(order_of_news):
            mirror(payment, session_of(payment, status), at + SOON * number)
        end = again(payment)
        assert (end.state, end.captured, end.problem) == ("paid", 3000, "")


def test_expired_after_paid_stays_paid_and_paid_after_expired_is_told(order: Order, at: datetime) -> None:
    payment = begin(order, at)
    assert mirror(payment, session_of(payment, "expired"), at).state == "closed"
    assert mirror(payment, session_of(payment, "open"), at).state == "closed"
    assert mirror(payment, session_of(payment, "paid"), at).state == "paid"
    assert mirror(payment, session_of(payment, "expired"), at).state == "paid"


def test_no_answer_is_unknown_until_more_is_known(order: Order, at: datetime) -> None:
    payment = begin(order, at)
    with transaction():
        service.claim(payment.id, at=at)
        doubtful = service.unknown(payment.id, "no answer: timed out", at=at)
    assert (doubtful.state, doubtful.calls, doubtful.error) == ("unknown", 1, "no answer: timed out")
    mirror(payment, session_of(payment, "open"), at)
    with transaction():
        known = service.unknown(payment.id, "a late time-out", at=at)
    assert (known.state, known.error) == ("open", "")


def test_a_refused_attempt_is_closed_and_one_with_a_session_never_by_us(order: Order, at: datetime) -> None:
    payment = begin(order, at)
    with transaction():
        closed = service.refused(payment.id, "amount_too_small", at=at)
    assert (closed.state, closed.error) == ("closed", "amount_too_small")
    opened = begin(order, at)
    mirror(opened, session_of(opened), at)
    with transaction():
        assert service.refused(opened.id, "x", at=at).state == "open"


@pytest.mark.parametrize("state", ["open", "paid", "expired"])
@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": 1},
        {"currency": "USD"},
        {"livemode": True},
        {"reference": "R-x-1"},
        {"metadata": {}},
        {"mode": "setup"},
    ],
)
def test_a_session_that_does_not_match_moves_nothing(
    order: Order, at: datetime, state: str, wrong: dict[str, object]
) -> None:
    payment = begin(order, at)
    told = mirror(payment, session_of(payment, state, **wrong), at)
    assert (told.state, told.captured, told.session_id) == ("new", 0, None)
    assert next(iter(wrong)).split("meta")[0] in told.problem or "order is" in told.problem
    assert [one.id for one in queries.with_problems()] == [payment.id]
    assert alerts(at).doubtful == 1
    assert mirror(payment, session_of(payment, state), at).problem == ""


def test_a_second_session_of_an_attempt_is_not_believed(order: Order, at: datetime) -> None:
    payment = begin(order, at)
    mirror(payment, session_of(payment), at)
    other = mirror(payment, session_of(payment, "paid", id="cs_test_other"), at)
    assert other.state == "open"
    assert other.problem.startswith("session is 'cs_test_other'")


def test_only_one_takes_an_attempt_in_hand(order: Order, at: datetime) -> None:
    payment = begin(order, at)
    with transaction():
        taken = service.claim(payment.id, at=at)
        assert taken is not None
        assert (taken.calls, taken.called_at) == (1, at)
        assert service.claim(payment.id, at=at + SOON) is None
        assert service.claim(payment.id, at=at + rules.STALE) is not None
    mirror(payment, session_of(payment), at)
    with transaction():
        assert service.claim(payment.id, at=at + rules.STALE * 9) is None


def test_stale_attempts_and_unseen_sessions_are_found(order: Order, at: datetime) -> None:
    first, second = begin(order, at), begin(order, at + SOON)
    assert queries.stale(at=at + rules.STALE - SOON, limit=9) == []
    assert [one.id for one in queries.stale(at=at + rules.STALE, limit=9)] == [first.id]
    with transaction():
        service.claim(first.id, at=at + SOON)
        service.unknown(second.id, "x", at=at + SOON)
    found = queries.stale(at=at + SOON + rules.STALE, limit=9)
    assert {one.id for one in found} == {first.id, second.id}
    mirror(first, session_of(first), at)
    assert [one.id for one in queries.unseen(before=at, limit=9)] == [first.id]
    assert queries.unseen(before=at - SOON, limit=9) == []


def test_no_more_goes_back_than_came_in(order: Order, at: datetime) -> None:
    payment = begin(order, at)
    with transaction(), pytest.raises(TooMuch):
        service.reserve_refund(payment.id, 1)
    mirror(payment, session_of(payment, "paid"), at)
    with transaction():
        assert service.reserve_refund(payment.id, 1000).refunding == 1000
        assert service.reserve_refund(payment.id, 2000).refunding == 3000
        with pytest.raises(TooMuch):
            service.reserve_refund(payment.id, 1)
        with pytest.raises(ValueError, match="nothing"):
            service.reserve_refund(payment.id, 0)


def test_what_stripe_gave_back_is_mirrored_and_never_less(order: Order, at: datetime) -> None:
    payment = begin(order, at)
    paid = session_of(payment, "paid")

    def with_refunded(amount: int) -> Session:
        charge = Charge(id=f"ch_{payment.reference}", captured=3000, refunded=amount)
        intent = Intent(id=str(paid.intent_id), status="succeeded", amount=3000, received=3000, charge=charge)
        return session_of(payment, "paid", intent=intent)

    assert mirror(payment, with_refunded(700), at).refunded == 700
    assert mirror(payment, with_refunded(0), at).refunded == 700


def test_a_request_is_forgotten_once_its_attempt_has_ended(order: Order, at: datetime) -> None:
    over, waiting = begin(order, at), begin(order, at)
    mirror(over, session_of(over, "paid"), at)
    with transaction():
        assert service.forget_requests(before=at, limit=9) == 0
        assert service.forget_requests(before=at + SOON, limit=9) == 1
        assert service.forget_requests(before=at + SOON, limit=9) == 0
    assert again(over).request == ""
    assert "mei@example.com" in again(waiting).request


def test_a_payment_that_is_not_there_is_said_so(order: Order, at: datetime) -> None:
    with transaction(), pytest.raises(NoSuchPayment):
        service.mirror(10**9, session_of(begin_in(order, at), "paid"), at=at)


def begin_in(order: Order, at: datetime) -> PaymentView:
    return service.begin(order[0], pay_request(order[1]), livemode=False, at=at)


def _paid(order: Order, at: datetime) -> int:
    payment = begin(order, at)
    mirror(payment, session_of(payment, "paid"), at)
    return payment.id


def _closed(order: Order, at: datetime) -> int:
    payment = begin(order, at)
    mirror(payment, session_of(payment, "expired"), at)
    return payment.id


@pytest.mark.parametrize(
    "change",
    [
        "amount = 1", "key = 'x'", "reference = 'x'", "currency = 'USD'", "livemode = true", "attempt = 7",
        "request = 'x'", "state = 'new'", "state = 'open', paid_at = NULL", "state = 'closed', paid_at = NULL",
        "session_id = 'cs_other'", "payment_intent = NULL", "charge = 'ch_other'", "captured = 2999", "refunding = 3001",
        "captured = 3001",
    ],
)  # fmt: skip
def test_the_database_refuses_to_rewrite_a_payment(order: Order, at: datetime, change: str) -> None:
    payment = _paid(order, at)
    refused(f"UPDATE payment SET {change} WHERE id = {payment}")


def test_the_database_keeps_payments_and_moves_them_forward_only(order: Order, at: datetime) -> None:
    closed = _closed(order, at)
    new = begin(order, at)
    refused(f"DELETE FROM payment WHERE id = {closed}")
    refused(f"UPDATE payment SET state = 'open' WHERE id = {closed}")
    refused(f"UPDATE payment SET request = '' WHERE id = {new.id}")
    refused(f"UPDATE payment SET state = 'open' WHERE id = {new.id}")
    if db.session.get_bind().dialect.name == "sqlite":
        columns = ", ".join(f'"{name}"' for name in queries.PaymentView.__slots__)
        refused(
            f"INSERT OR REPLACE INTO payment ({columns}) SELECT {columns} FROM payment WHERE id = {closed}"
        )
    else:
        refused("TRUNCATE payment CASCADE")


def refused(statement: str) -> None:
    with pytest.raises(sa.exc.DatabaseError, match=r"payment:|constraint|violates"), transaction() as session:
        session.execute(sa.text(statement))

"""Once a night: Stripe's lists beside ours. Webhooks and sweeps have told all this already, unless something is wrong."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

import structlog

from mall.core.db import transaction
from mall.core.ids import OrderId
from mall.domain.orders.refunding import sending
from mall.domain.payments import events, queries, reconciling, rules
from mall.domain.payments import service as payments
from mall.domain.payments.objects import CashRefund, Session
from mall.domain.payments.unread import Unread
from mall.domain.payments.views import PaymentView
from mall.web import paying
from mall.worker import refunds
from mall.worker.rounds import each, passing

#: How far back a night looks, so that a worker that stood still for a weekend misses nothing.
BACK: Final = timedelta(days=4)
#: A refund can fail up to 30 days after it was made, and a bank takes two to three months to decide a dispute.
#: Source: https://docs.stripe.com/refunds#failed-refunds, https://docs.stripe.com/disputes/responding.
BACK_REFUNDS: Final = timedelta(days=35)
BACK_DISPUTES: Final = timedelta(days=120)
#: How long the body of a request, which holds an e-mail address, is kept after its attempt was made; and a webhook.
KEEP_REQUESTS: Final = timedelta(days=30)
KEEP_EVENTS: Final = timedelta(days=90)
_AT_ONCE: Final = 500

log = structlog.get_logger("mall.cash")


def compare_with_stripe(at: datetime) -> int:
    """Settle what Stripe knows and we do not; put before staff what they must look into. How many differences.

    Where Stripe does not answer nothing is lost: the next night looks as far back. A list that fails, or that our key may
    not read, keeps none of the others from being looked at.
    """
    counts: list[int] = []
    for part in (_sessions, _refunds, _disputes):
        each("compare", [part], lambda look: counts.append(look(at)))
    return sum(counts)


def _sessions(at: datetime) -> int:
    since = at - BACK
    unread: list[Unread] = []
    listed = list(paying.gateway().sessions(since - reconciling.SKEW, unread=unread.append))
    there = {one.id for one in unread}
    found = reconciling.compare_sessions(listed, since=since, until=at - reconciling.SKEW, unread=there)
    now = passing(at)
    each("compare", found.behind, lambda one: paying.settle(OrderId(one[0].order_id), one[1], now=now))
    each("compare", found.alive, lambda one: _end(*one, now))
    for payment, session, problems in found.mismatched:
        _tell("session_differs", session.id, "; ".join(problems), of=payment.number, at=at)
    for session in found.strangers:
        _tell("session_unknown", session.id, f"it says it is {session.reference}", of=session.id, at=at)
    for payment, session in found.doubled:
        why = f"it says it is {session.reference} as well, and is {session.payment_status}"
        _tell("session_unknown", session.id, why, of=payment.number, at=at)
    for payment in found.missing:
        why = f"Stripe does not list {payment.session_id}"
        _tell("session_missing", payment.reference, why, of=payment.number, at=at)
    told = len(found.mismatched) + len(found.strangers) + len(found.doubled) + len(found.missing)
    return len(found.behind) + len(found.alive) + told + _tell_unread(unread, at)


def _end(payment: PaymentView, session: Session, now: paying.Now) -> None:
    """Have a session expired that can still be paid though its attempt is over; a payment that came first is settled."""
    log.error("compare.session_alive", object=session.id, of=payment.number)
    paying.settle(OrderId(payment.order_id), paying.gateway().expire_session(session.id), now=now)


def _refunds(at: datetime) -> int:
    unread: list[Unread] = []
    listed = list(paying.gateway().refunds(at - BACK_REFUNDS, unread=unread.append))
    late = [(refund_id, refund) for refund in listed if (refund_id := sending.behind(refund)) is not None]
    now = passing(at)
    each("compare", late, lambda one: refunds.mirror(*one, now=now))
    strays = reconciling.stray_refunds(listed, _is_ours)
    for payment, refund in strays:
        why = f"{refund.amount} {refund.currency} (smallest units) of {refund.payment_intent}"
        _tell("refund_unknown", refund.id, why, of=payment.number if payment else refund.id, at=at)
    twice = [refund for refund in listed if sending.stands_twice(refund)]
    for refund in twice:
        payment = queries.by_intent(refund.payment_intent)
        why = f"{refund.amount} {refund.currency} (smallest units), {refund.status}, as {refund.reference}"
        _tell("refund_twice", refund.id, why, of=payment.number if payment else refund.id, at=at)
    return len(late) + len(strays) + len(twice) + _tell_unread(unread, at)


def _disputes(at: datetime) -> int:
    unread: list[Unread] = []
    listed = paying.gateway().disputes(at - BACK_DISPUTES, unread=unread.append)
    late, decided = reconciling.compare_disputes(listed)
    now = passing(at)
    each("compare", late, lambda one: refunds.mirror_dispute(one, now=now))
    for payment, dispute, kept in decided:
        why = f"Stripe says {dispute.status}, we have {kept}"
        _tell("dispute_differs", dispute.id, why, of=payment.number, at=at)
    return len(late) + len(decided) + _tell_unread(unread, at)


def _tell_unread(unread: Iterable[Unread], at: datetime) -> int:
    """Tell staff of what cannot be read and is ours; how many. The account's other uses are none of our business."""
    told = 0
    for one in unread:
        payment = reconciling.whose(one)
        if payment is not None or one.reference:
            this = one.id or one.reference
            of = payment.number if payment else one.reference
            _tell("unreadable", this, f"it cannot be read: {one.why}", of=of, at=at)
            told += 1
    return told


def _tell(what: str, this: str, why: str, *, of: str, at: datetime) -> None:
    """Log a difference, and keep it for staff, once; `of` is the order's number where there is one."""
    kind = rules.DIFFERENCE + what
    log.error(kind, object=this, of=of, why=why)
    with transaction():
        events.store_difference(kind, this, why, of=of, livemode=paying.gateway().livemode, at=at)


def _is_ours(refund: CashRefund) -> bool:
    return sending.find(key=refund.reference, stripe_id=refund.id) is not None


def forget_requests(at: datetime) -> int:
    """Empty the bodies of attempts that ended long ago and delete webhooks handled long ago; how many of both."""
    total = 0
    while True:
        with transaction():
            bodies = payments.forget_requests(before=at - KEEP_REQUESTS, limit=_AT_ONCE)
            told = events.purge_events(before=at - KEEP_EVENTS, limit=_AT_ONCE)
        total += bodies + told
        if bodies < _AT_ONCE and told < _AT_ONCE:
            return total

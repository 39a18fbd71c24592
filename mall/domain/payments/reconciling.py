"""What Stripe has that we have not, and the other way round. Reads our rows; who calls brings Stripe's lists.

Webhooks may never come and a database may be restored from yesterday: this finds what neither of both told us.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from mall.domain.payments import queries, rules
from mall.domain.payments.objects import CashRefund, Session, StripeDispute
from mall.domain.payments.unread import Unread
from mall.domain.payments.views import PaymentView

#: A session is made at most this long after its attempt (its key's life), by two clocks that may differ a little.
LATEST: Final = rules.KEY_LIFE + timedelta(minutes=5)
SKEW: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class SessionDifferences:
    """Attempts and sessions that do not agree.

    `strangers`: sessions that carry our metadata and have no attempt here. `doubled`: sessions of an attempt that has
    another one. `behind`: Stripe knows more than the mirror (settle these). `alive`: sessions that can be paid though
    their attempt is over (expire these). `missing`: attempts whose session Stripe does not list. `mismatched`: sessions
    that may not be believed, with why.
    """

    strangers: list[Session] = field(default_factory=list)
    doubled: list[tuple[PaymentView, Session]] = field(default_factory=list)
    behind: list[tuple[PaymentView, Session]] = field(default_factory=list)
    alive: list[tuple[PaymentView, Session]] = field(default_factory=list)
    missing: list[PaymentView] = field(default_factory=list)
    mismatched: list[tuple[PaymentView, Session, tuple[str, ...]]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return any((self.strangers, self.doubled, self.behind, self.alive, self.missing, self.mismatched))


def compare_sessions(
    sessions: Iterable[Session], *, since: datetime, until: datetime, unread: Collection[str] = ()
) -> SessionDifferences:
    """Compare with the attempts made in [since, until); `sessions` are all that Stripe made from `since - SKEW` on, and
    at least to `until + LATEST` (or now). Sessions of others on the same Stripe account are passed over.

    `unread`: ids of sessions that Stripe lists too, and that cannot be read; these are not missing.
    """
    ours: dict[str, list[Session]] = defaultdict(list)
    for session in sessions:
        if _is_ours(session):
            ours[session.reference].append(session)
    found = SessionDifferences()
    attempts = {payment.reference: payment for payment in queries.by_references(ours)}
    for reference, listed in ours.items():
        payment = attempts.get(reference)
        if payment is None:
            found.strangers.extend(listed)
            continue
        own = _own(payment, listed)
        found.doubled.extend((payment, session) for session in listed if session is not own)
        if own is not None:
            _compare(payment, own, found)
    there = {session.id for listed in ours.values() for session in listed} | set(unread)
    for payment in queries.made_between(since, until):
        if payment.session_id is not None and payment.session_id not in there:
            found.missing.append(payment)
    return found


def whose(one: Unread) -> PaymentView | None:
    """The attempt that an object which cannot be read is about, by whatever it says of it; None if by nothing."""
    return (
        queries.by_session(one.id)
        or queries.by_reference(one.reference)
        or queries.by_intent(one.payment_intent)
    )


def _own(payment: PaymentView, listed: list[Session]) -> Session | None:
    """The attempt's own of all sessions that go by its name: the one we know, or, if we know none yet, the first made."""
    if payment.session_id is None:
        return min(reversed(listed), key=lambda session: session.created)
    return next((session for session in listed if session.id == payment.session_id), None)


def _compare(payment: PaymentView, session: Session, found: SessionDifferences) -> None:
    if problems := rules.problems(payment.expected, session):
        found.mismatched.append((payment, session, problems))
    elif payment.state == "closed" and rules.state_of(session) == "open":
        found.alive.append((payment, session))
    elif _is_behind(payment, session):
        found.behind.append((payment, session))


def _is_ours(session: Session) -> bool:
    return bool(session.reference) and session.metadata.get(rules.ATTEMPT) == session.reference


def _is_behind(payment: PaymentView, session: Session) -> bool:
    refunded = session.intent.charge.refunded if session.intent and session.intent.charge else 0
    return (
        payment.session_id is None
        or rules.later(payment.state, rules.state_of(session)) != payment.state
        or refunded > payment.refunded
    )


def stray_refunds(
    refunds: Iterable[CashRefund], is_known: Callable[[CashRefund], bool]
) -> list[tuple[PaymentView | None, CashRefund]]:
    """Refunds that concern us and that nobody here asked for: of a payment of ours, made in Stripe's dashboard; or with
    our metadata and none of ours (then the payment may be None). `is_known` says whether we asked for one.
    """
    found: list[tuple[PaymentView | None, CashRefund]] = []
    for refund in refunds:
        if not is_known(refund):
            payment = queries.by_intent(refund.payment_intent)
            if payment is not None or refund.reference:
                found.append((payment, refund))
    return found


def compare_disputes(
    disputes: Iterable[StripeDispute],
) -> tuple[list[StripeDispute], list[tuple[PaymentView, StripeDispute, str]]]:
    """Disputes of our payments that our mirror does not have, or believes to be open still (mirror these); and those that
    it has as decided while Stripe says otherwise (tell staff: what followed from the decision is not undone by itself).
    """
    behind: list[StripeDispute] = []
    decided: list[tuple[PaymentView, StripeDispute, str]] = []
    for dispute in disputes:
        payment = queries.by_intent(dispute.payment_intent) if dispute.payment_intent else None
        if payment is None:
            continue
        kept = {one.stripe_id: one.state for one in queries.disputes_of(payment.order_id)}.get(dispute.id)
        if kept in ("won", "lost") and kept != dispute.state:
            decided.append((payment, dispute, kept))
        elif kept != dispute.state:
            behind.append(dispute)
    return behind, decided

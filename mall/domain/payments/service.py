"""The verbs of an attempt to be paid. They write the mirror only; who calls holds the locks above it, and commits.

No verb calls Stripe: an edge does, between two transactions, and brings what it was told.
"""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from mall.core.db import write_connection
from mall.domain.payments import rules
from mall.domain.payments.errors import NoSuchPayment, TooMuch
from mall.domain.payments.models import KEEPS_REQUEST, payment_table
from mall.domain.payments.objects import Session
from mall.domain.payments.views import PaymentView

_columns = payment_table.c
_view = [_columns[name] for name in PaymentView.__slots__]
_ROW = sa.select(*_view).where(_columns.id == sa.bindparam("this"))
_LOCKED = _ROW.with_for_update()
_LAST = sa.select(sa.func.max(_columns.attempt)).where(_columns.order_id == sa.bindparam("order"))
_BEGIN = sa.insert(payment_table).returning(*_view)
#: What Stripe's session moves of an attempt, read under lock before.
_MIRRORED = (
    "state", "session_id", "url", "payment_intent", "charge", "mirrored_at", "paid_at", "captured", "refunded", "error",
    "problem",
)  # fmt: skip
_MIRROR = (
    sa.update(payment_table)
    .where(_columns.id == sa.bindparam("this"))
    .values({name: sa.bindparam(f"new_{name}", type_=_columns[name].type) for name in _MIRRORED})
    .returning(*_view)
)


def begin(
    order_id: int, request: rules.SessionRequest, *, livemode: bool, at: datetime, attempt: int | None = None
) -> PaymentView:
    """Write down the next attempt of an order, with the body and the idempotency key that it will be asked for with.

    `attempt`: its number, from whoever knows it under the order's lock. The session that it asks for can be paid for
    `rules.SESSION_LIFE` from `at`. Raises ValueError if nothing is due.
    """
    connection = write_connection()
    attempt = attempt or (connection.execute(_LAST, {"order": order_id}).scalar() or 0) + 1
    name = rules.reference(request.number, attempt)
    expires_at = (at + rules.SESSION_LIFE).replace(microsecond=0)
    body = rules.session_body(request, attempt=attempt, expires_at=expires_at)
    made = {
        "order_id": order_id,
        "attempt": attempt,
        "reference": name,
        "state": "new",
        "amount": request.amount,
        "currency": request.currency,
        "livemode": livemode,
        "key": f"session-{name}",
        "request": rules.as_text(body),
        "expires_at": expires_at,
        "created_at": at,
    }
    return PaymentView(*connection.execute(_BEGIN, made).one())


def claim(payment_id: int, *, at: datetime) -> PaymentView | None:
    """Take an attempt whose session is not known in hand: to be sent (again) now, with its key and body.

    None if it has moved on, or if somebody else has had it in hand for less than `rules.STALE`.
    """
    taken = write_connection().execute(
        sa.update(payment_table)
        .where(
            _columns.id == payment_id,
            _columns.state.in_(rules.ASKING),
            sa.or_(_columns.called_at.is_(None), _columns.called_at <= at - rules.STALE),
        )
        .values(called_at=at, calls=_columns.calls + 1)
    )
    return _read(payment_id) if taken.rowcount == 1 else None


def unknown(payment_id: int, error: str, *, at: datetime) -> PaymentView:
    """The call brought no answer: the session may be there or not. Changes nothing once more is known."""
    write_connection().execute(
        sa.update(payment_table)
        .where(_columns.id == payment_id, _columns.state.in_(rules.ASKING))
        .values(state="unknown", error=error[:500], called_at=sa.func.coalesce(_columns.called_at, at))
    )
    return _read(payment_id)


def refused(payment_id: int, error: str, *, at: datetime) -> PaymentView:
    """Stripe refused the session, or has none by that name after a day: nobody can pay this attempt.

    Only for an attempt without a session; one that has a session ends when Stripe says so (`mirror`).
    """
    write_connection().execute(
        sa.update(payment_table)
        .where(_columns.id == payment_id, _columns.state.in_(rules.ASKING), _columns.session_id.is_(None))
        .values(state="closed", error=error[:500], mirrored_at=at)
    )
    return _read(payment_id)


def gone(payment_id: int, error: str, *, at: datetime) -> PaymentView:
    """Stripe knows no session by the attempt's id, and staff have said that it is over: nobody can pay it.

    Only for an open attempt. Whoever calls has just been told so by Stripe ("resource_missing").
    """
    write_connection().execute(
        sa.update(payment_table)
        .where(_columns.id == payment_id, _columns.state == "open")
        .values(state="closed", error=error[:500], mirrored_at=at)
    )
    return _read(payment_id)


def mirror(payment_id: int, session: Session, *, at: datetime) -> PaymentView:
    """Move the attempt forward to what Stripe's session says now; never back, whatever order the news come in.

    A session that does not match (amount, currency, mode, reference, order) moves nothing: `problem` says why, and
    staff see it. Raises NoSuchPayment.
    """
    before = _read(payment_id, lock=True)
    found = rules.problems(before.expected, session)
    if found:
        return _mirror(before, {"problem": "; ".join(found)[:500], "mirrored_at": at})
    state = rules.later(before.state, rules.state_of(session))
    values: dict[str, object] = {"state": state, "mirrored_at": at, "problem": "", "session_id": session.id}
    if session.url:
        values["url"] = session.url
    if session.intent_id:
        values["payment_intent"] = session.intent_id
    if state == "paid":
        values |= _paid(before, session, at)
    if state != "unknown":
        values["error"] = ""
    return _mirror(before, values)


def _paid(before: PaymentView, session: Session, at: datetime) -> dict[str, object]:
    """What a paid session adds: when we learnt of it, what came in, what Stripe has given back of it."""
    values: dict[str, object] = {"captured": before.amount, "paid_at": before.paid_at or at}
    if session.intent is not None and session.intent.charge is not None:
        values["charge"] = session.intent.charge.id
        values["refunded"] = max(before.refunded, session.intent.charge.refunded)
    return values


def reserve_refund(payment_id: int, amount: int) -> PaymentView:
    """Set cash (minor units) aside to be given back; raises TooMuch above what was captured and is not yet set aside.

    What was set aside stays so, also if Stripe's refund fails: then it is given back by hand.
    """
    if amount <= 0:
        raise ValueError("nothing to give back")
    done = write_connection().execute(
        sa.update(payment_table)
        .where(_columns.id == payment_id, _columns.refunding + amount <= _columns.captured)
        .values(refunding=_columns.refunding + amount)
    )
    if done.rowcount != 1:
        raise TooMuch
    return _read(payment_id)


def forget_requests(*, before: datetime, limit: int) -> int:
    """Empty the bodies of attempts that ended before then (they hold an e-mail address); how many."""
    old = (
        sa.select(_columns.id)
        .where(KEEPS_REQUEST, _columns.created_at < before)
        .order_by(_columns.created_at)
        .limit(limit)
    )
    done = write_connection().execute(
        sa.update(payment_table).where(_columns.id.in_(old.scalar_subquery())).values(request="")
    )
    return done.rowcount


def _mirror(before: PaymentView, values: Mapping[str, object]) -> PaymentView:
    """Write what is another of an attempt that is locked, and the rest as it was: one statement for all news."""
    new = {f"new_{name}": values.get(name, getattr(before, name)) for name in _MIRRORED}
    return PaymentView(*write_connection().execute(_MIRROR, {"this": before.id, **new}).one())


def _read(payment_id: int, *, lock: bool = False) -> PaymentView:
    row = write_connection().execute(_LOCKED if lock else _ROW, {"this": payment_id}).first()
    if row is None:
        raise NoSuchPayment(payment_id)
    return PaymentView(*row)

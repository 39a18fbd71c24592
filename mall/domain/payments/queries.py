"""Reads of cash, as light rows."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from mall.core.db import db
from mall.domain.payments import rules
from mall.domain.payments.models import (
    HAS_PROBLEM,
    IS_WAITING,
    dispute_table,
    payment_table,
    stripe_event_table,
)
from mall.domain.payments.views import DisputeView as DisputeView
from mall.domain.payments.views import EventView as EventView
from mall.domain.payments.views import PaymentView as PaymentView

_AT_ONCE = 500
_payment, _event, _dispute = payment_table.c, stripe_event_table.c, dispute_table.c

#: Kept as an event by the nightly comparison, and not a webhook.
IS_DIFFERENCE = _event.kind.startswith(rules.DIFFERENCE, autoescape=True)
_PAYMENTS = sa.select(payment_table).with_only_columns(*(_payment[name] for name in PaymentView.__slots__))
_BY = {
    name: _PAYMENTS.where(_payment[name] == sa.bindparam("this"))
    for name in ("id", "session_id", "reference", "payment_intent")
}
_OF_ORDER = _PAYMENTS.where(_payment.order_id == sa.bindparam("order")).order_by(_payment.attempt)
_EVENTS = sa.select(stripe_event_table).with_only_columns(*(_event[name] for name in EventView.__slots__))
_DISPUTES = sa.select(dispute_table).with_only_columns(*(_dispute[name] for name in DisputeView.__slots__))


def _one(column: str, this: int | str) -> PaymentView | None:
    row = db.session.execute(_BY[column], {"this": this}).first()
    return PaymentView(*row) if row else None


def payment(payment_id: int) -> PaymentView | None:
    """An attempt by its id."""
    return _one("id", payment_id)


def by_session(session_id: str) -> PaymentView | None:
    """The attempt whose session this is, once we know."""
    return _one("session_id", session_id)


def by_reference(reference: str) -> PaymentView | None:
    """The attempt by its name at Stripe (client_reference_id): also before its session's id was saved."""
    return _one("reference", reference)


def by_references(references: Iterable[str]) -> list[PaymentView]:
    """The attempts by their names at Stripe, a few hundred a statement."""
    found: list[PaymentView] = []
    names = sorted(references)
    for start in range(0, len(names), _AT_ONCE):
        rows = db.session.execute(_PAYMENTS.where(_payment.reference.in_(names[start : start + _AT_ONCE])))
        found += [PaymentView(*row) for row in rows]
    return found


def by_intent(payment_intent: str) -> PaymentView | None:
    """The attempt that a PaymentIntent belongs to: joins refunds and disputes."""
    return _one("payment_intent", payment_intent)


def of_order(order_id: int) -> list[PaymentView]:
    """All attempts of an order, the first first."""
    return [PaymentView(*row) for row in db.session.execute(_OF_ORDER, {"order": order_id})]


def stale(*, at: datetime, after: int = 0, limit: int) -> list[PaymentView]:
    """Attempts that began, or were last tried, more than `rules.STALE` ago and whose session we do not know, by id."""
    touched = sa.func.coalesce(_payment.called_at, _payment.created_at)
    return _page(_payment.state.in_(rules.ASKING), touched <= at - rules.STALE, after=after, limit=limit)


def unseen(*, before: datetime, after: int = 0, limit: int) -> list[PaymentView]:
    """Open attempts whose session nobody has read since `before` (their webhook may never come), by id."""
    seen = sa.func.coalesce(_payment.mirrored_at, _payment.created_at)
    return _page(_payment.state == "open", seen <= before, after=after, limit=limit)


def _page(*conditions: sa.ColumnElement[bool], after: int, limit: int) -> list[PaymentView]:
    asked = _PAYMENTS.where(IS_WAITING, *conditions, _payment.id > after).order_by(_payment.id).limit(limit)
    return [PaymentView(*row) for row in db.session.execute(asked)]


def made_between(since: datetime, until: datetime) -> list[PaymentView]:
    """Attempts made in [since, until), the oldest first: to compare with Stripe's list."""
    rows = db.session.execute(
        _PAYMENTS.where(_payment.created_at >= since, _payment.created_at < until).order_by(_payment.id)
    )
    return [PaymentView(*row) for row in rows]


def unanswered(*, before: datetime, limit: int) -> list[PaymentView]:
    """Attempts begun until then whose session we still do not know, however often Stripe was asked, the oldest first."""
    rows = db.session.execute(
        _PAYMENTS.where(IS_WAITING, _payment.state.in_(rules.ASKING), _payment.created_at <= before)
        .order_by(_payment.created_at, _payment.id)
        .limit(limit)
    )
    return [PaymentView(*row) for row in rows]


def with_problems(*, limit: int = 100) -> list[PaymentView]:
    """Attempts whose session does not match them: staff must look."""
    rows = db.session.execute(_PAYMENTS.where(HAS_PROBLEM).order_by(_payment.id.desc()).limit(limit))
    return [PaymentView(*row) for row in rows]


def event(event_id: str) -> EventView | None:
    """A stored webhook by Stripe's id of it."""
    row = db.session.execute(_EVENTS.where(_event.id == event_id)).first()
    return EventView(*row) if row else None


def waiting_events(*, before: datetime, limit: int = 100) -> list[EventView]:
    """Webhooks that nobody has seen to since `before` (inclusive), the newest first."""
    return _events(_event.state == "stored", _event.received_at <= before, limit=limit)


def quarantined_events(*, limit: int = 100) -> list[EventView]:
    """Webhooks that are not believed, the newest first."""
    return _events(_event.state == "quarantined", ~IS_DIFFERENCE, limit=limit)


def differences(*, limit: int = 100) -> list[EventView]:
    """What the nightly comparison found and nobody has set aside, the newest first."""
    return _events(_event.state == "quarantined", IS_DIFFERENCE, limit=limit)


def _events(*conditions: sa.ColumnElement[bool], limit: int) -> list[EventView]:
    newest = _EVENTS.where(*conditions).order_by(_event.received_at.desc(), _event.id.desc()).limit(limit)
    return [EventView(*row) for row in db.session.execute(newest)]


def disputes_of(order_id: int) -> list[DisputeView]:
    """All disputes of an order, the first first."""
    rows = db.session.execute(_DISPUTES.where(_dispute.order_id == order_id).order_by(_dispute.id))
    return [DisputeView(*row) for row in rows]


def open_disputes(*, limit: int = 100) -> list[DisputeView]:
    """Disputes that wait for an answer, the most urgent first."""
    rows = db.session.execute(
        _DISPUTES.where(_dispute.state == "open")
        .order_by(_dispute.due_by.is_(None), _dispute.due_by, _dispute.id)
        .limit(limit)
    )
    return [DisputeView(*row) for row in rows]

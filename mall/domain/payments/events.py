"""The store of webhooks, and disputes. The caller commits; nothing here sets an order's state."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from mall.core.db import write_connection
from mall.domain.payments import rules
from mall.domain.payments.models import dispute_table, stripe_event_table
from mall.domain.payments.objects import Event, StripeDispute
from mall.domain.payments.views import DisputeView

_event, _dispute = stripe_event_table.c, dispute_table.c
_DISPUTE = sa.select(*(_dispute[name] for name in DisputeView.__slots__)).where(
    _dispute.stripe_id == sa.bindparam("this")
)
#: Which states of an event may follow which: what was applied stays applied.
_AFTER = {
    "applied": ("stored", "quarantined"),
    "ignored": ("stored", "quarantined"),
    "quarantined": ("stored",),
}


def store_event(event: Event, *, livemode: bool, at: datetime) -> bool:
    """Keep a webhook once; True if it is new and there is something to do: enqueue it in the same transaction.

    An event of the other mode (test in live, live in test) is quarantined; one that the mall does not act on, ignored.
    """
    state = "stored" if event.kind in rules.EVENTS else "ignored"
    error = ""
    if event.livemode != livemode:
        state, error = "quarantined", f"livemode is {event.livemode}, not {livemode}"
    values = {
        "id": event.id,
        "kind": event.kind[:100],
        "object_id": event.object_id,
        "created": event.created,
        "livemode": event.livemode,
        "payload": event.payload,
        "received_at": at,
        "state": state,
        "error": error,
    }
    return _keep(values) and state == "stored"


def store_difference(kind: str, object_id: str, why: str, *, of: str, livemode: bool, at: datetime) -> bool:
    """Keep what the nightly comparison found, in quarantine, until staff have set it aside; True if it is new.

    Kept as an event that nobody sent, named by what it is about (`kind` begins with rules.DIFFERENCE; an object at Stripe, or an
    attempt of ours): the next night, which looks as far back, adds nothing, and does not undo what staff have decided.
    """
    values = {
        "id": f"{kind}:{object_id}"[:255],
        "kind": kind,
        "object_id": of[:255],
        "created": at,
        "livemode": livemode,
        "payload": "{}",
        "received_at": at,
        "state": "quarantined",
        "error": why[:500],
    }
    return _keep(values)


def _keep(values: dict[str, object]) -> bool:
    """Insert an event once; whether it is new."""
    # Selected, not given as VALUES: SQLite's guard against INSERT OR REPLACE fires for rows that a conflict would skip.
    row = sa.select(*(sa.literal(value, _event[name].type) for name, value in values.items())).where(
        ~sa.exists().where(_event.id == values["id"])
    )
    statement = _insert(stripe_event_table).from_select(list(values), row).on_conflict_do_nothing()
    return write_connection().execute(statement.returning(_event.id)).first() is not None


def mark_event(event_id: str, state: str, *, at: datetime, error: str = "") -> bool:
    """Say what became of a stored event: "applied", "ignored" or "quarantined" (with why). False if it is past that."""
    done = write_connection().execute(
        sa.update(stripe_event_table)
        .where(_event.id == event_id, _event.state.in_(_AFTER[state]))
        .values(state=state, handled_at=at, error=error[:500])
    )
    return done.rowcount == 1


def purge_events(*, before: datetime, limit: int) -> int:
    """Delete up to `limit` events received before then that were applied or ignored; how many.

    Stripe repeats an event for three days at most: do not ask for less than a week.
    """
    old = (
        sa.select(_event.id)
        .where(_event.state.in_(("applied", "ignored")), _event.received_at < before)
        .order_by(_event.received_at)
        .limit(limit)
    )
    done = write_connection().execute(
        sa.delete(stripe_event_table).where(_event.id.in_(old.scalar_subquery()))
    )
    return done.rowcount


def mirror_dispute(payment_id: int, order_id: int, dispute: StripeDispute, *, at: datetime) -> DisputeView:
    """Keep a dispute as Stripe has it now: open, then won or lost, and never open again."""
    connection = write_connection()
    values: dict[str, object] = {"status": dispute.status, "amount": dispute.amount, "due_by": dispute.due_by}
    there = connection.execute(_DISPUTE.with_for_update(), {"this": dispute.id}).first()
    if there is None:
        fixed = {
            "stripe_id": dispute.id,
            "payment_id": payment_id,
            "order_id": order_id,
            "currency": dispute.currency,
            "reason": dispute.reason[:60],
            "opened_at": dispute.created,
        }
        new = _insert(dispute_table).values(**fixed, **values, state="open")
        connection.execute(new.on_conflict_do_nothing())
    if dispute.state != "open":
        values |= {"state": dispute.state, "closed_at": at}
    connection.execute(
        sa.update(dispute_table)
        .where(_dispute.stripe_id == dispute.id, _dispute.state == "open")
        .values(**values)
    )
    return DisputeView(*connection.execute(_DISPUTE, {"this": dispute.id}).one())


def _insert(table: sa.Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that may pass over a row that is there, for the database at hand."""
    if write_connection().dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)

"""Writing to the outbox, and keeping it. The caller commits. Delivery: see `delivery`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa

from mall.core.db import changed, db, write_connection
from mall.domain.outbox.models import OutboxMessage

_INSERT = (
    sa.insert(cast(sa.Table, OutboxMessage.__table__))
    .values(
        kind=sa.bindparam("kind"),
        payload=sa.bindparam("payload"),
        created_at=sa.bindparam("at"),
        due_at=sa.bindparam("due"),
        next_at=sa.bindparam("due"),
        attempts=0,
        error="",
    )
    .inline()
)


def add(kind: str, payload: dict[str, Any], *, at: datetime, due_at: datetime | None = None) -> None:
    """Have `kind` done after this transaction commits (not before `due_at`), at least once, by the worker.

    `payload` holds ids and plain JSON values; the handler registered for `kind` gets it, with the message's id.
    """
    write_connection().execute(_INSERT, {"kind": kind, "payload": payload, "at": at, "due": due_at or at})


def add_all(messages: Sequence[tuple[str, dict[str, Any]]], *, at: datetime) -> None:
    """Add several messages (kind, payload) in this order."""
    rows = [{"kind": kind, "payload": payload, "at": at, "due": at} for kind, payload in messages]
    write_connection().execute(_INSERT, rows)


_RETRY = (
    sa.update(OutboxMessage)
    .where(OutboxMessage.dead_at.is_not(None))
    .values(dead_at=None, attempts=0, next_at=sa.bindparam("at"), error="")
    .execution_options(synchronize_session=False)
)
_RETRY_ONE = _RETRY.where(OutboxMessage.id == sa.bindparam("this"))
_DISCARD = (
    sa.update(OutboxMessage)
    .where(OutboxMessage.id == sa.bindparam("this"), OutboxMessage.dead_at.is_not(None))
    .values(dead_at=None, done_at=sa.bindparam("at"), payload={}, error="discarded")
    .returning(OutboxMessage.kind)
    .execution_options(synchronize_session=False)
)
_OLD = (
    sa.select(OutboxMessage.id)
    .where(OutboxMessage.done_at.is_not(None), OutboxMessage.done_at < sa.bindparam("before"))
    .order_by(OutboxMessage.done_at)
    .limit(sa.bindparam("batch"))
    .scalar_subquery()
)
_PURGE = (
    sa.delete(OutboxMessage).where(OutboxMessage.id.in_(_OLD)).execution_options(synchronize_session=False)
)


def retry(message_id: int | None = None, *, at: datetime) -> int:
    """Let a dead message (default: every one) be delivered again from now; how many there were."""
    if message_id is None:
        result = db.session.execute(_RETRY, {"at": at})
    else:
        result = db.session.execute(_RETRY_ONE, {"at": at, "this": message_id})
    return changed(result)


_PASS_OVER = (
    sa.update(OutboxMessage)
    .where(OutboxMessage.created_at < sa.bindparam("before"), OutboxMessage.done_at.is_(None))
    .values(done_at=sa.bindparam("at"))
    .execution_options(synchronize_session=False)
)


def pass_over(*, before: datetime, at: datetime) -> int:
    """Count what was written before that instant as delivered, without delivering it; how many. For histories told
    after the fact: nobody wants last year's mail."""
    result = db.session.execute(_PASS_OVER, {"before": before, "at": at})
    return int(getattr(result, "rowcount", 0))


def discard(message_id: int, *, at: datetime) -> str | None:
    """Give a dead message up for good: it will not be delivered. Its kind; None if there is no such dead message.

    What it held is forgotten; the row stays until it is purged. Why stands in the audit trail.
    """
    return db.session.execute(_DISCARD, {"this": message_id, "at": at}).scalar_one_or_none()


def purge(*, before: datetime, limit: int = 1000) -> int:
    """Delete up to `limit` messages delivered before that instant; how many. Dead ones stay until someone looks."""
    return changed(db.session.execute(_PURGE, {"before": before, "batch": limit}))

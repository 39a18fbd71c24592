"""Writing to the outbox, and delivering from it. The caller commits."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from mall.core.db import db
from mall.domain.outbox.models import OutboxMessage

_table = OutboxMessage.__table__
_INSERT = sa.insert(OutboxMessage).values(
    kind=sa.bindparam("kind"),
    payload=sa.bindparam("payload"),
    created_at=sa.bindparam("at"),
    due_at=sa.bindparam("due"),
    next_at=sa.bindparam("due"),
    attempts=0,
    error="",
)


def add(kind: str, payload: dict[str, Any], *, at: datetime, due_at: datetime | None = None) -> None:
    """Have `kind` done after this transaction commits (not before `due_at`), at least once, by the worker.

    `payload` holds ids and plain JSON values; the handler registered for `kind` gets it, with the message's id.
    """
    db.session.execute(_INSERT, {"kind": kind, "payload": payload, "at": at, "due": due_at or at})

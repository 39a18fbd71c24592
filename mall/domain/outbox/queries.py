"""Reads of the outbox: how far behind it is, and what could not be delivered."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from mall.core.db import db
from mall.domain.outbox.models import OutboxMessage

#: Fields of payloads that say nothing of a person; all others (addresses, texts, links) are never shown.
PLAIN: Final = frozenset(
    {"order_id", "number", "event_id", "refund_id", "shipment_id", "document_id", "kind", "points"}
)
_PENDING = (OutboxMessage.done_at.is_(None), OutboxMessage.dead_at.is_(None))


@dataclass(frozen=True, slots=True)
class Backlog:
    """`waiting` messages in all; the oldest that is due has been so for `lag_seconds`; `dead` were given up."""

    waiting: int
    lag_seconds: float
    dead: int


@dataclass(frozen=True, slots=True)
class DeadRow:
    """A message that was given up."""

    id: int
    kind: str
    created_at: datetime
    dead_at: datetime | None
    attempts: int
    error: str
    payload: dict[str, Any]

    @property
    def about(self) -> dict[str, Any]:
        """What the message is about, without anything personal: ids, numbers and the kind of what is told."""
        plain = {name: value for name, value in self.payload.items() if name in PLAIN}
        return plain | {
            name: value for name, value in (self.payload.get("data") or {}).items() if name in PLAIN
        }

    @property
    def member_id(self) -> int | None:
        """The member whom it is for, where it says so."""
        return self.payload.get("member_id")


_BACKLOG = sa.select(
    sa.select(sa.func.count()).select_from(OutboxMessage).where(*_PENDING).scalar_subquery(),
    sa.select(sa.func.min(OutboxMessage.next_at))
    .where(*_PENDING, OutboxMessage.next_at <= sa.bindparam("now"))
    .scalar_subquery(),
    sa.select(sa.func.count())
    .select_from(OutboxMessage)
    .where(OutboxMessage.dead_at.is_not(None))
    .scalar_subquery(),
)
_DEAD = (
    sa.select(
        OutboxMessage.id,
        OutboxMessage.kind,
        OutboxMessage.created_at,
        OutboxMessage.dead_at,
        OutboxMessage.attempts,
        OutboxMessage.error,
        OutboxMessage.payload,
    )
    .where(OutboxMessage.dead_at.is_not(None))
    .order_by(OutboxMessage.dead_at.desc(), OutboxMessage.id.desc())
    .limit(sa.bindparam("limit"))
)


def backlog(at: datetime) -> Backlog:
    """How many messages wait, how late the oldest due one is, and how many are dead. One statement."""
    waiting, oldest, dead = db.session.execute(_BACKLOG, {"now": at}).one()
    return Backlog(waiting, max((at - oldest).total_seconds(), 0.0) if oldest else 0.0, dead)


def dead(limit: int = 100) -> list[DeadRow]:
    """The messages that were given up, newest first."""
    return [DeadRow(*row) for row in db.session.execute(_DEAD, {"limit": limit})]

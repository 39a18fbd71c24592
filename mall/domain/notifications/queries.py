"""Reads of the inbox."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from mall.core.db import db
from mall.core.ids import MemberId
from mall.domain.notifications.models import Message


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message as the inbox shows it."""

    id: int
    kind: str
    data: dict[str, Any]
    created_at: datetime
    read_at: datetime | None


def unread_of(member_id: sa.ColumnElement[int]) -> sa.ScalarSelect[int]:
    """The number of unread messages of a member, as a scalar subquery to embed."""
    return (
        sa.select(sa.func.count())
        .select_from(Message)
        .where(Message.member_id == member_id, Message.read_at.is_(None))
        .scalar_subquery()
    )


_INBOX = (
    sa.select(Message.id, Message.kind, Message.data, Message.created_at, Message.read_at)
    .where(Message.member_id == sa.bindparam("member_id"), Message.id < sa.bindparam("before"))
    .order_by(Message.id.desc())
    .limit(sa.bindparam("limit"))
)
_NEWEST = 2**63 - 1


def inbox(member_id: MemberId, *, before: int | None = None, limit: int = 30) -> list[MessageRow]:
    """A member's messages, newest first, those older than the message `before`."""
    rows = db.session.execute(_INBOX, {"member_id": member_id, "before": before or _NEWEST, "limit": limit})
    return [MessageRow(*row) for row in rows]

"""The members' inbox in the mall."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from mall.core.db import Base, BigInt

_UNREAD = sa.text("read_at IS NULL")


class Message(Base):
    """A message to one member: a kind and its plain data, put into words in the reader's language when shown.

    `outbox_id` is the outbox message that it came from: unique, so that delivering twice tells once.
    """

    __tablename__ = "message"
    __table_args__ = (
        sa.Index("ix_message_member", "member_id", "id"),
        sa.Index("ix_message_unread", "member_id", sqlite_where=_UNREAD, postgresql_where=_UNREAD),
        sa.UniqueConstraint("outbox_id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    outbox_id: Mapped[int] = mapped_column(BigInt)
    kind: Mapped[str] = mapped_column(sa.String(60))
    data: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]

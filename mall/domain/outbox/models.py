"""The table of what must follow a commit."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from mall.core.db import Base, BigInt

_PENDING = sa.text("done_at IS NULL AND dead_at IS NULL")


class OutboxMessage(Base):
    """One thing to do after the commit that wrote it. Its id is the stable name by which a receiver tells repeats.

    `next_at` is when it may be taken (next): a claim moves it to the end of the claim's lease, a failure to the
    end of its back-off. `attempts` counts claims, and fences: only the latest claim may say how it ended.
    """

    __tablename__ = "outbox_message"
    __table_args__ = (
        sa.Index(
            "ix_outbox_message_pending", "next_at", "id", sqlite_where=_PENDING, postgresql_where=_PENDING
        ),
        sa.Index(
            "ix_outbox_message_dead",
            "dead_at",
            sqlite_where=sa.text("dead_at IS NOT NULL"),
            postgresql_where=sa.text("dead_at IS NOT NULL"),
        ),
        sa.Index(
            "ix_outbox_message_done",
            "done_at",
            sqlite_where=sa.text("done_at IS NOT NULL"),
            postgresql_where=sa.text("done_at IS NOT NULL"),
        ),
        sa.CheckConstraint("done_at IS NULL OR dead_at IS NULL", name="one_end"),
        sa.CheckConstraint("attempts >= 0", name="attempts"),
        # An id is never given again, even after the newest rows are purged: receivers tell repeats by it.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(60))
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    next_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    dead_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(sa.String(500), default="")

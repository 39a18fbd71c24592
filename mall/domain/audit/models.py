"""The table of what staff (and the mall itself) did."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from mall.core.db import Base, BigInt


class AuditRecord(Base):
    """One deed. Triggers refuse edits and deletes; only `before`, `after` and `reason` may be blanked (erasure)."""

    __tablename__ = "audit_record"
    __table_args__ = (
        sa.Index("ix_audit_record_subject", "subject_kind", "subject_id", "id"),
        sa.Index("ix_audit_record_actor", "actor_kind", "actor_id", "id"),
        sa.CheckConstraint("actor_kind IN ('member', 'staff', 'system', 'api')", name="actor_kind"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    at: Mapped[datetime]
    actor_kind: Mapped[str] = mapped_column(sa.String(10))
    actor_id: Mapped[int | None]
    action: Mapped[str] = mapped_column(sa.String(60))
    subject_kind: Mapped[str] = mapped_column(sa.String(30))
    subject_id: Mapped[str] = mapped_column(sa.String(60))
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
    reason: Mapped[str] = mapped_column(sa.String(500), default="")

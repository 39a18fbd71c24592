"""The ladder, and who stands on which step."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from mall.core.db import Base


class Tier(Base):
    """A step of the ladder. `name` is by language tag; `cash_discount` in basis points of the cash part of a price.

    `free_delivery` lists the kinds of delivery method that cost its members nothing.
    """

    __tablename__ = "tier"
    __table_args__ = (
        sa.UniqueConstraint("rank"),
        sa.CheckConstraint("cash_discount >= 0 AND cash_discount <= 10000", name="cash_discount"),
    )

    code: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    rank: Mapped[int]
    name: Mapped[dict[str, Any]]
    cash_discount: Mapped[int] = mapped_column(default=0)
    free_delivery: Mapped[list[Any]] = mapped_column(default=list)


class MemberTier(Base):
    """Where a member stands; who has no row stands on the lowest step. `granted_by` null: by a rule of the mall."""

    __tablename__ = "member_tier"

    member_id: Mapped[int] = mapped_column(
        sa.ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    tier: Mapped[str] = mapped_column(sa.ForeignKey("tier.code"), index=True)
    since: Mapped[datetime]
    granted_by: Mapped[int | None]
    reason: Mapped[str] = mapped_column(sa.String(300), default="")

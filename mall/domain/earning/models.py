"""Purchases as the merchant reported them, and the versions of the rule that gave points for them."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from mall.core.db import Base, Json


class EarningRule(Base):
    """A version of the purchase rule: `points` for every `per` minor units, from `starts_at` on; never edited."""

    __tablename__ = "earning_rule"
    __table_args__ = (
        sa.CheckConstraint("points >= 0 AND per > 0", name="rate"),
        sa.UniqueConstraint("kind", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    points: Mapped[int]
    per: Mapped[int]
    starts_at: Mapped[datetime]


class Purchase(Base):
    """A purchase at the merchant's. `points` is what it gave; `breakdown` says by which rule and how it was rounded."""

    __tablename__ = "purchase"
    __table_args__ = (
        sa.UniqueConstraint("source", "external_id"),
        sa.CheckConstraint("amount >= 0 AND points >= 0", name="not_negative"),
        sa.Index("ix_purchase_member_id_at", "member_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(sa.String(40))
    external_id: Mapped[str] = mapped_column(sa.String(120))
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    at: Mapped[datetime]
    amount: Mapped[int]
    currency: Mapped[str] = mapped_column(sa.String(3))
    points: Mapped[int]
    breakdown: Mapped[dict[str, Any]] = mapped_column(Json)
    recorded_at: Mapped[datetime]

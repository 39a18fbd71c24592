"""Quotes: priced baskets that hold for ten minutes."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from mall.core.db import Base


class Quote(Base):
    """The price that a member was told: points, cash in minor units; `id` is 128 random bits, made by POST."""

    __tablename__ = "quote"
    __table_args__ = (sa.CheckConstraint("points >= 0 AND cash >= 0", name="price"),)

    id: Mapped[str] = mapped_column(sa.String(22), primary_key=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id", ondelete="CASCADE"), index=True)
    basket_id: Mapped[int | None] = mapped_column(sa.ForeignKey("basket.id", ondelete="SET NULL"), index=True)
    points: Mapped[int]
    cash: Mapped[int]
    needs_address: Mapped[bool]
    created_at: Mapped[datetime]
    valid_until: Mapped[datetime] = mapped_column(index=True)


class QuoteLine(Base):
    """One line with all that made its price, and the words that the order will keep (by language tag)."""

    __tablename__ = "quote_line"
    __table_args__ = (
        sa.CheckConstraint("quantity > 0", name="quantity"),
        sa.CheckConstraint("points_each >= 0 AND cash_each >= 0", name="price"),
    )

    quote_id: Mapped[str] = mapped_column(sa.ForeignKey("quote.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    variant_id: Mapped[int] = mapped_column(sa.ForeignKey("variant.id"))
    offer_id: Mapped[int] = mapped_column(sa.ForeignKey("offer.id"))
    price_id: Mapped[int] = mapped_column(sa.ForeignKey("offer_price.id"))
    quantity: Mapped[int]
    points_each: Mapped[int]
    cash_each: Mapped[int]
    kind: Mapped[str] = mapped_column(sa.String(20))
    slug: Mapped[str] = mapped_column(sa.String(120))
    sku: Mapped[str] = mapped_column(sa.String(64))
    name: Mapped[dict[str, Any]]
    options: Mapped[dict[str, Any]]
    picture: Mapped[str | None] = mapped_column(sa.String(200))

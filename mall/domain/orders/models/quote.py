"""Quotes: priced baskets that hold for ten minutes."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from mall.core.db import Base, Json


class Quote(Base):
    """The price that a member was told: points, cash in minor units; `id` is 128 random bits, made by POST.

    `points` and `cash` are all that is due: the lines' sums, `points_off` and `worth_off` taken into account, and
    `delivery_fee` by `delivery_method` to `delivery_address` (null: not chosen yet). What made the price is kept:
    `tier` and its discount (basis points), the programme's rates, and `explain`, its steps.
    """

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
    currency: Mapped[str] = mapped_column(sa.String(3), server_default="CNY")
    tier: Mapped[str | None] = mapped_column(sa.String(20))
    tier_discount: Mapped[int] = mapped_column(server_default="0")
    points_per_unit: Mapped[int] = mapped_column(server_default="100")
    min_cash: Mapped[int] = mapped_column(server_default="0")
    delivery_method: Mapped[str | None] = mapped_column(sa.String(40))
    delivery_address: Mapped[dict[str, Any] | None] = mapped_column(Json)
    delivery_fee: Mapped[int] = mapped_column(
        sa.CheckConstraint("delivery_fee >= 0", name="delivery_fee"), server_default="0"
    )
    points_off: Mapped[int] = mapped_column(
        sa.CheckConstraint("points_off >= 0", name="points_off"), server_default="0"
    )
    worth_off: Mapped[int] = mapped_column(
        sa.CheckConstraint("worth_off >= 0", name="worth_off"), server_default="0"
    )
    explain: Mapped[list[Any] | None] = mapped_column(Json)


class QuoteLine(Base):
    """One line with all that made its price, and the words that the order will keep (by language tag).

    `points`, `cash`: due for the whole line, its share of the points used as money off taken into account.
    """

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
    points: Mapped[int] = mapped_column(sa.CheckConstraint("points >= 0", name="points"), server_default="0")
    cash: Mapped[int] = mapped_column(sa.CheckConstraint("cash >= 0", name="cash"), server_default="0")

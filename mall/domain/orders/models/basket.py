"""Baskets: one a member, one a guest's token until they sign in."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from mall.core.db import Base


class Basket(Base):
    """What someone means to redeem; belongs to a member or to a token in a guest's session, never to both."""

    __tablename__ = "basket"
    __table_args__ = (sa.CheckConstraint("(member_id IS NULL) <> (token IS NULL)", name="owner"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id", ondelete="CASCADE"), unique=True)
    token: Mapped[str | None] = mapped_column(sa.String(43), unique=True)
    updated_at: Mapped[datetime] = mapped_column(index=True)


class BasketLine(Base):
    """A variant and how many; `points_seen` is the price of one when it was put in, to say what changed since."""

    __tablename__ = "basket_line"
    __table_args__ = (
        sa.UniqueConstraint("basket_id", "variant_id"),
        sa.CheckConstraint("quantity > 0", name="quantity"),
        sa.CheckConstraint("points_seen >= 0", name="points_seen"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    basket_id: Mapped[int] = mapped_column(sa.ForeignKey("basket.id", ondelete="CASCADE"))
    variant_id: Mapped[int] = mapped_column(sa.ForeignKey("variant.id"), index=True)
    quantity: Mapped[int]
    points_seen: Mapped[int]
    added_at: Mapped[datetime]

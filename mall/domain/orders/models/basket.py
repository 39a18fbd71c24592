"""Baskets: one a member, one a guest's token until they sign in."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from mall.core.db import Base


class Basket(Base):
    """What someone means to redeem; belongs to a member or to a token in a guest's session, never to both.

    `points_off`: points to be used as money off what is bought for cash.
    """

    __tablename__ = "basket"
    __table_args__ = (sa.CheckConstraint("(member_id IS NULL) <> (token IS NULL)", name="owner"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id", ondelete="CASCADE"), unique=True)
    token: Mapped[str | None] = mapped_column(sa.String(43), unique=True)
    updated_at: Mapped[datetime] = mapped_column(index=True)
    points_off: Mapped[int | None] = mapped_column(sa.CheckConstraint("points_off >= 0", name="points_off"))


class BasketLine(Base):
    """A variant and how many; `points_seen`, `cash_seen`: the price of one when it was put in, to say what changed since.

    `offer_id` is the way to pay that was chosen (null: the first that fits), `points_each` how many points go into one
    unit, where the member chooses that (null: as many as may be).
    """

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
    offer_id: Mapped[int | None]
    points_each: Mapped[int | None] = mapped_column(
        sa.CheckConstraint("points_each >= 0", name="points_each")
    )
    cash_seen: Mapped[int] = mapped_column(
        sa.CheckConstraint("cash_seen >= 0", name="cash_seen"), server_default="0", default=0
    )

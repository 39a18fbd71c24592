"""What items cost: offers, their price versions, and the listing that pages of the catalogue are read from."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mall.core.db import Base
from mall.domain.items.models import one_of
from mall.domain.items.rules import KINDS, OFFER_KINDS


class Offer(Base):
    """One way to pay for an item; with `variant_id`, for that variant only, where it comes before the item's own.

    Limits are per member; null = none.
    """

    __tablename__ = "offer"
    __table_args__ = (
        sa.CheckConstraint(one_of("kind", OFFER_KINDS), name="kind"),
        sa.CheckConstraint("limit_per_order > 0", name="limit_per_order"),
        sa.CheckConstraint("limit_per_day > 0", name="limit_per_day"),
        sa.CheckConstraint("limit_ever > 0", name="limit_ever"),
        sa.Index(None, "item_id", "position"),
        sa.Index(None, "variant_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("item.id"))
    variant_id: Mapped[int | None] = mapped_column(sa.ForeignKey("variant.id"))
    kind: Mapped[str] = mapped_column(sa.String(8), default="points")
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)
    limit_per_order: Mapped[int | None]
    limit_per_day: Mapped[int | None]
    limit_ever: Mapped[int | None]
    created_at: Mapped[datetime]
    prices: Mapped[list["OfferPrice"]] = relationship(order_by="OfferPrice.starts_at")


class OfferPrice(Base):
    """A version of an offer's price, in force from `starts_at` until the next version starts.

    Versions cannot overlap: only their starts are stored, and no two share one. A trigger refuses edits.
    """

    __tablename__ = "offer_price"
    __table_args__ = (
        sa.UniqueConstraint("offer_id", "starts_at"),
        sa.CheckConstraint("points >= 0 AND cash >= 0 AND points + cash > 0", name="amount"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    offer_id: Mapped[int] = mapped_column(sa.ForeignKey("offer.id"))
    points: Mapped[int]
    cash: Mapped[int] = mapped_column(default=0)
    starts_at: Mapped[datetime]
    created_at: Mapped[datetime]
    created_by: Mapped[int | None]


def _along(key: str) -> sa.Index:
    """An index to walk a list by; it holds all that lists filter by, so that no row is read for an item not shown."""
    others = [name for name in ("points", "kind", "category_id") if name != key]
    return sa.Index(f"ix_listing_by_{key}", key, "item_id", "since", "until", *others)


class Listing(Base):
    """A live item as lists sort and filter it, from `since` until `until`: written anew whenever the item changes.

    Scheduled prices have their rows beforehand, so that a list is exact at every instant and is found along one
    index. `rate` is points per 10,000 minor units of retail value. Derived: `relist` rebuilds it.
    """

    __tablename__ = "listing"
    __table_args__ = (
        sa.CheckConstraint(one_of("kind", KINDS), name="kind"),
        sa.CheckConstraint("since < until", name="span"),
        *(_along(key) for key in ("published_at", "points", "popularity", "rate")),
        {"sqlite_with_rowid": False},
    )

    item_id: Mapped[int] = mapped_column(sa.ForeignKey("item.id"), primary_key=True)
    since: Mapped[datetime] = mapped_column(primary_key=True)
    until: Mapped[datetime]
    category_id: Mapped[int] = mapped_column(sa.ForeignKey("category.id"))
    kind: Mapped[str] = mapped_column(sa.String(8))
    points: Mapped[int]
    points_most: Mapped[int]
    rate: Mapped[int]
    popularity: Mapped[int]
    published_at: Mapped[datetime]
    cover: Mapped[str | None] = mapped_column(sa.String(40))

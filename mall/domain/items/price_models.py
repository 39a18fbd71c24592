"""What items cost: offers, their price versions, and the listing that pages of the catalogue are read from."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mall.core.db import Base
from mall.domain.items.models import one_of
from mall.domain.items.rules import KINDS, OFFER_KINDS, TIER_DISCOUNTS


class Offer(Base):
    """One way to pay for an item; with `variant_id`, for that variant only, where it stands in place of the item's own.

    `tiers` none = open to everyone; `starts_at`, `ends_at` null = always. `tier_discount` says what a tier's discount
    takes from: the cash part, nothing, or all of it. Limits are per member; null = none.
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
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None] = mapped_column(sa.CheckConstraint("starts_at < ends_at", name="span"))
    tier_discount: Mapped[str] = mapped_column(
        sa.String(8),
        sa.CheckConstraint(one_of("tier_discount", TIER_DISCOUNTS), name="tier_discount"),
        server_default="cash",
        default="cash",
    )
    prices: Mapped[list["OfferPrice"]] = relationship(order_by="OfferPrice.starts_at")
    tiers: Mapped[list["OfferTier"]] = relationship(order_by="OfferTier.tier", cascade="all, delete-orphan")


class OfferTier(Base):
    """A tier that an offer is open to."""

    __tablename__ = "offer_tier"

    offer_id: Mapped[int] = mapped_column(sa.ForeignKey("offer.id"), primary_key=True, autoincrement=False)
    tier: Mapped[str] = mapped_column(sa.ForeignKey("tier.code"), primary_key=True)


class OfferPrice(Base):
    """A version of an offer's price, in force from `starts_at` until the next version starts.

    Versions cannot overlap: only their starts are stored, and no two share one. A trigger refuses edits.
    What the numbers of one unit mean follows from the offer's kind. points: `points`. combo: `points` and `cash`.
    range: the unit is worth `points` or `cash`; the member gives `min_points` to `max_points` (null: all) and the
    rest in cash at that rate. cash: `cash`; points take off up to `max_share` (basis points, null: all), from
    `min_points` on.
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
    min_points: Mapped[int] = mapped_column(
        sa.CheckConstraint("min_points >= 0", name="min_points"), server_default="0", default=0
    )
    max_points: Mapped[int | None] = mapped_column(
        sa.CheckConstraint("max_points >= min_points AND max_points <= points", name="max_points")
    )
    max_share: Mapped[int | None] = mapped_column(
        sa.CheckConstraint("max_share >= 0 AND max_share <= 10000", name="max_share")
    )


def _along(key: str) -> sa.Index:
    """An index to walk a list by; it holds all that lists filter by, so that no row is read for an item not shown."""
    others = [name for name in ("points", "least", "kind", "category_id") if name != key]
    return sa.Index(f"ix_listed_by_{key}", "tier", key, "item_id", "since", "until", *others)


class Listing(Base):
    """A live item as lists show it to one tier, from `since` until `until`: written anew whenever the item changes.

    Scheduled prices and windows have their rows beforehand, so that a list is exact at every instant and is found
    along one index. `way` is the kind of the price that a card shows: `points` (a price in cash alone: its worth in
    points, so that it sorts among the others) and `cash`, `full_cash` before the tier's discount; `points_most` and
    `cash_most` of the dearest variant. `least` is the fewest points that get it by any way that takes points, and
    `least_cash` goes with them (no number of points reaches it where none does, or where `gate` is). `gate` names the lowest tier that can have it, where this one cannot. `rate` is points
    per 10,000 minor units of what they save. Derived: `relist` rebuilds it.
    """

    __tablename__ = "listed"
    __table_args__ = (
        sa.CheckConstraint(one_of("kind", KINDS), name="kind"),
        sa.CheckConstraint(one_of("way", OFFER_KINDS), name="way"),
        sa.CheckConstraint("since < until", name="span"),
        *(_along(key) for key in ("published_at", "points", "popularity", "rate")),
        {"sqlite_with_rowid": False},
    )

    item_id: Mapped[int] = mapped_column(sa.ForeignKey("item.id"), primary_key=True)
    tier: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    since: Mapped[datetime] = mapped_column(primary_key=True)
    until: Mapped[datetime]
    category_id: Mapped[int] = mapped_column(sa.ForeignKey("category.id"))
    kind: Mapped[str] = mapped_column(sa.String(8))
    way: Mapped[str] = mapped_column(sa.String(8))
    points: Mapped[int]
    points_most: Mapped[int]
    cash: Mapped[int]
    cash_most: Mapped[int]
    full_cash: Mapped[int]
    least: Mapped[int]
    least_cash: Mapped[int]
    gate: Mapped[str | None] = mapped_column(sa.String(20))
    rate: Mapped[int]
    popularity: Mapped[int]
    published_at: Mapped[datetime]
    cover: Mapped[str | None] = mapped_column(sa.String(40))

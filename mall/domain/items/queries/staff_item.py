"""One item as staff see it: every language, every variant with its stock, every price version."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.db import db
from mall.domain.items.models import Category, Item, ItemText, Picture, Variant, VariantText
from mall.domain.items.price_models import Offer, OfferPrice, OfferTier
from mall.domain.items.rules import Text
from mall.domain.items.stock_models import Stock
from mall.domain.items.ways import Price


@dataclass(frozen=True, slots=True)
class StaffVariant:
    """A variant with its stock (`available` None = unlimited) and its options by language."""

    variant_id: int
    sku: str
    position: int
    active: bool
    value: int | None
    initial: int
    available: int | None
    set_aside: int
    reserved: int
    sold: int
    options: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PriceVersion:
    """A version of a price; `state` is "past", "now" or "next" (only that can be withdrawn)."""

    price_id: int
    points: int
    cash: int
    starts_at: datetime
    created_at: datetime
    created_by: int | None
    state: str
    min_points: int = 0
    max_points: int | None = None
    max_share: int | None = None

    @property
    def price(self) -> Price:
        """Its numbers."""
        return Price(self.points, self.cash, self.min_points, self.max_points, self.max_share)


@dataclass(frozen=True, slots=True)
class StaffOffer:
    """An offer with all versions of its price, the latest first. `sku` of the only variant it is for, if it is.

    `tiers` none = everyone; `starts_at`, `ends_at` None = always.
    """

    offer_id: int
    variant_id: int | None
    sku: str | None
    kind: str
    active: bool
    limit_per_order: int | None
    limit_per_day: int | None
    limit_ever: int | None
    position: int = 0
    tier_discount: str = "cash"
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    tiers: frozenset[str] = frozenset()
    prices: list[PriceVersion] = field(default_factory=list)

    @property
    def points(self) -> int | None:
        """The points of the price in force, if any."""
        return next((price.points for price in self.prices if price.state == "now"), None)

    def price_at(self, at: datetime) -> Price | None:
        """The price that holds at an instant, if any."""
        return next((version.price for version in self.prices if version.starts_at <= at), None)


@dataclass(frozen=True, slots=True)
class StaffPicture:
    """A picture with its words by language."""

    picture_id: int
    key: str
    width: int
    height: int
    alts: dict[str, str]


@dataclass(frozen=True, slots=True)
class StaffItem:
    """An item with everything that staff may change."""

    item_id: int
    slug: str
    kind: str
    status: str
    category_id: int
    category: str
    value: int | None
    version: int
    created_at: datetime
    updated_at: datetime
    published_at: datetime | None
    texts: dict[str, Text] = field(default_factory=dict)
    variants: list[StaffVariant] = field(default_factory=list)
    offers: list[StaffOffer] = field(default_factory=list)
    pictures: list[StaffPicture] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The English name, on which others fall back."""
        return self.texts["en"].name if "en" in self.texts else self.slug


_ID = bindparam("id", type_=sa.BigInteger())
_ITEM = (
    sa.select(
        Item.id, Item.slug, Item.kind, Item.status, Item.category_id, Category.slug, Item.value, Item.version,
        Item.created_at, Item.updated_at, Item.published_at,
    )
    .join(Category, Category.id == Item.category_id)
    .where(Item.id == _ID)
)  # fmt: skip
_TEXTS: sa.CompoundSelect[*tuple[Any, ...]] = sa.union_all(
    sa.select(
        sa.literal_column("0").label("variant_id"), ItemText.locale, ItemText.name, ItemText.summary,
        ItemText.description,
    ).where(ItemText.item_id == _ID),
    sa.select(VariantText.variant_id, VariantText.locale, VariantText.options, sa.literal(""), sa.literal(""))
    .join(Variant, Variant.id == VariantText.variant_id)
    .where(Variant.item_id == _ID),
)  # fmt: skip
_VARIANTS = (
    sa.select(
        Variant.id, Variant.sku, Variant.position, Variant.active, Variant.value, Stock.initial, Stock.available,
        Stock.set_aside, Stock.reserved, Stock.sold,
    )
    .join(Stock, Stock.variant_id == Variant.id)
    .where(Variant.item_id == _ID)
    .order_by(Variant.position, Variant.id)
)  # fmt: skip
_TIERS = (
    sa.select(sa.func.aggregate_strings(OfferTier.tier, ","))
    .where(OfferTier.offer_id == Offer.id)
    .correlate(Offer)
    .scalar_subquery()
)
_OFFERS = (
    sa.select(
        Offer.id, Offer.variant_id, Variant.sku, Offer.kind, Offer.active, Offer.limit_per_order,
        Offer.limit_per_day, Offer.limit_ever, Offer.position, Offer.tier_discount, Offer.starts_at, Offer.ends_at,
        _TIERS.label("tiers"),
        OfferPrice.id.label("price_id"), OfferPrice.points, OfferPrice.cash,
        OfferPrice.starts_at.label("price_starts_at"), OfferPrice.created_at, OfferPrice.created_by,
        OfferPrice.min_points, OfferPrice.max_points, OfferPrice.max_share,
    )
    .select_from(Offer)
    .outerjoin(Variant, Variant.id == Offer.variant_id)
    .outerjoin(OfferPrice, OfferPrice.offer_id == Offer.id)
    .where(Offer.item_id == _ID)
    .order_by(Offer.active.desc(), Offer.variant_id.is_not(None), Offer.position, Offer.id,
              OfferPrice.starts_at.desc())
)  # fmt: skip
_PICTURES = (
    sa.select(Picture.id, Picture.key, Picture.width, Picture.height, sa.cast(Picture.alts, sa.Text))
    .where(Picture.item_id == _ID)
    .order_by(Picture.position, Picture.id)
)


def staff_item(item_id: int, *, at: datetime) -> StaffItem | None:
    """The item of that id, of any status, with everything; None if there is none. Five statements."""
    values = {"id": item_id}
    head = db.session.execute(_ITEM, values).first()
    if head is None:
        return None
    item = StaffItem(*head)
    variants = [StaffVariant(*row) for row in db.session.execute(_VARIANTS, values)]
    options = {variant.variant_id: variant.options for variant in variants}
    for variant_id, locale, name, summary, description in db.session.execute(_TEXTS, values):
        if variant_id == 0:
            item.texts[locale] = Text(name, summary, description)
        else:
            options[variant_id][locale] = name
    item.variants.extend(variants)
    item.offers.extend(_offers(db.session.execute(_OFFERS, values).all(), at))
    item.pictures.extend(
        StaffPicture(*row[:4], alts=json.loads(row[4])) for row in db.session.execute(_PICTURES, values)
    )
    return item


def _offers(rows: Any, at: datetime) -> list[StaffOffer]:
    found: dict[int, StaffOffer] = {}
    now: dict[int, datetime] = {}
    for row in rows:
        if row.price_id is not None and row.price_starts_at <= at:
            now[row.id] = max(now.get(row.id, row.price_starts_at), row.price_starts_at)
    for row in rows:
        tiers = frozenset(row.tiers.split(",")) if row.tiers else frozenset()
        head: list[Any] = [*row[:12], tiers]
        offer = found.setdefault(row.id, StaffOffer(*head))
        if row.price_id is None:
            continue
        start = row.price_starts_at
        state = "next" if start > at else "now" if now[row.id] == start else "past"
        offer.prices.append(
            PriceVersion(
                row.price_id, row.points, row.cash, start, row.created_at, row.created_by, state,
                row.min_points, row.max_points, row.max_share,
            )
        )  # fmt: skip
    return list(found.values())

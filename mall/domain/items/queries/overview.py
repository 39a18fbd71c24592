"""What the desk's first page says about the shop: what is live, in draft, running out, and which prices come next."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.db import db
from mall.domain.items.models import Item, Variant
from mall.domain.items.price_models import Offer, OfferPrice
from mall.domain.items.queries.parts import AT, NAME, AnySelect, stock_left, with_texts
from mall.domain.items.queries.staff import LOW
from mall.domain.items.ways import Price


@dataclass(frozen=True, slots=True)
class ShopCounts:
    """Numbers of items; `low` are live and have LOW or fewer left."""

    live: int
    drafts: int
    low: int


@dataclass(frozen=True, slots=True)
class ComingPrice:
    """A price that has not started, of a way to pay of its `kind`; `sku` where it is for one variant only."""

    item_id: int
    name: str
    sku: str | None
    starts_at: datetime
    kind: str
    price: Price


def _count(*conditions: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.count()).select_from(Item).where(*conditions).scalar_subquery()


_COUNTS = sa.select(
    _count(Item.status == "live"),
    _count(Item.status == "draft"),
    _count(Item.status == "live", stock_left(Item.id) <= LOW),
)
_COMING: AnySelect = (
    with_texts(
        sa.select(
            Item.id, NAME, Variant.sku, OfferPrice.starts_at, Offer.kind,
            OfferPrice.points, OfferPrice.cash, OfferPrice.min_points, OfferPrice.max_points, OfferPrice.max_share,
        )
        .select_from(OfferPrice)
        .join(Offer, Offer.id == OfferPrice.offer_id)
        .join(Item, Item.id == Offer.item_id)
        .outerjoin(Variant, Variant.id == Offer.variant_id)
    )
    .where(OfferPrice.starts_at > AT, Offer.active, Item.status != "retired")
    .order_by(OfferPrice.starts_at, OfferPrice.id)
    .limit(bindparam("n"))
)  # fmt: skip


def shop_counts() -> ShopCounts:
    """How many items are live, drafts, and running out. One statement."""
    return ShopCounts(*db.session.execute(_COUNTS).one())


def coming_prices(*, locale: str, at: datetime, limit: int = 8) -> list[ComingPrice]:
    """The prices that start next, the soonest first. One statement."""
    values = {"locale": locale, "at": at, "n": limit}
    return [
        ComingPrice(item_id, name, sku, starts_at, kind, Price(*numbers))
        for item_id, name, sku, starts_at, kind, *numbers in db.session.execute(_COMING, values)
    ]

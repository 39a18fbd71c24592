"""Prices in force, for baskets and quotes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.db import db
from mall.domain.items.models import Item, Variant
from mall.domain.items.price_models import Offer, OfferPrice
from mall.domain.items.queries.parts import (
    AT,
    NAME,
    OPTIONS,
    cover,
    price_in_force,
    with_options,
    with_texts,
)
from mall.domain.items.stock_models import Stock


@dataclass(frozen=True, slots=True)
class PricedVariant:
    """A variant as it can be redeemed now: points and cash (minor units) of one unit by its offer, and what is left.

    `offer_id`, `price_id`, `points` are None where no offer has a price in force; `available` None = unlimited;
    `redeemable` says that it is live, in use and priced (not that it is in stock).
    """

    variant_id: int
    item_id: int
    slug: str
    name: str
    options_text: str
    sku: str
    kind: str
    status: str
    active: bool
    offer_id: int | None
    price_id: int | None
    points: int | None
    cash: int | None
    available: int | None
    picture: str | None
    limit_per_order: int | None
    limit_per_day: int | None
    limit_ever: int | None

    @property
    def redeemable(self) -> bool:
        """Whether a member may order it at all."""
        return self.status == "live" and self.active and self.price_id is not None


_PRICED = with_options(
    with_texts(
        sa.select(
            Variant.id, Item.id, Item.slug, NAME, OPTIONS, Variant.sku, Item.kind, Item.status, Variant.active,
            Offer.id, OfferPrice.id, OfferPrice.points, OfferPrice.cash, Stock.available, cover(Item.id),
            Offer.limit_per_order, Offer.limit_per_day, Offer.limit_ever,
        )
        .select_from(Variant)
        .join(Item, Item.id == Variant.item_id)
        .join(Stock, Stock.variant_id == Variant.id)
        .outerjoin(OfferPrice, OfferPrice.id == price_in_force(Item.id, Variant.id, AT))
        .outerjoin(Offer, Offer.id == OfferPrice.offer_id)
    )
).where(Variant.id.in_(bindparam("ids", expanding=True)))  # fmt: skip


def priced_variants(variant_ids: Iterable[int], *, locale: str, at: datetime) -> dict[int, PricedVariant]:
    """These variants with their price in force, by id; unknown ids are left out. One statement."""
    ids = sorted(set(variant_ids))
    if not ids:
        return {}
    rows = db.session.execute(_PRICED, {"ids": ids, "locale": locale, "at": at})
    return {row[0]: PricedVariant(*row) for row in rows}

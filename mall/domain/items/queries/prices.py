"""Prices in force, for baskets and quotes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.db import db
from mall.domain.items.models import Item, ItemText, Variant, VariantText
from mall.domain.items.price_models import Offer, OfferPrice
from mall.domain.items.queries.parts import (
    AT,
    NAME,
    OPTIONS,
    AnySelect,
    cover,
    price_in_force,
    with_options,
    with_texts,
)
from mall.domain.items.stock_models import Stock


@dataclass(frozen=True, slots=True)
class PricedVariant:
    """A variant as it can be redeemed now: points and cash (minor units) of one unit by its offer, and what is left.

    `status` is "live" only where a member may order it: item live, variant in use, an offer with a price in force
    (it may still be out of stock). `offer_id`, `price_id`, `points` are None without a price; `available` None =
    unlimited.
    """

    variant_id: int
    item_id: int
    slug: str
    name: str
    options_text: str
    sku: str
    kind: str
    status: str
    offer_id: int | None
    price_id: int | None
    points: int | None
    cash: int | None
    available: int | None
    picture: str | None
    limit_per_order: int | None
    limit_per_day: int | None
    limit_ever: int | None


_STATUS = sa.case(
    (Item.status != "live", Item.status),
    (sa.and_(Variant.active, OfferPrice.id.is_not(None)), "live"),
    else_="retired",
)

_PRICED = with_options(
    with_texts(
        sa.select(
            Variant.id, Item.id, Item.slug, NAME, OPTIONS, Variant.sku, Item.kind, _STATUS,
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


_NAMES: AnySelect = (
    sa.select(Variant.id, sa.literal_column("0").label("part"), ItemText.locale, ItemText.name)
    .join(ItemText, ItemText.item_id == Variant.item_id)
    .where(Variant.id.in_(bindparam("ids", expanding=True)))
)
_TITLES: sa.CompoundSelect[*tuple[Any, ...]] = sa.union_all(
    _NAMES,
    sa.select(VariantText.variant_id, sa.literal_column("1"), VariantText.locale, VariantText.options).where(
        VariantText.variant_id.in_(bindparam("ids", expanding=True))
    ),
)


def variant_titles(variant_ids: Iterable[int]) -> dict[int, tuple[dict[str, str], dict[str, str]]]:
    """Names and options of these variants in every language there is: what an order keeps of them. One statement."""
    ids = sorted(set(variant_ids))
    found: dict[int, tuple[dict[str, str], dict[str, str]]] = {}
    for variant_id, part, locale, words in db.session.execute(_TITLES, {"ids": ids}) if ids else ():
        found.setdefault(variant_id, ({}, {}))[part][locale] = words
    return found

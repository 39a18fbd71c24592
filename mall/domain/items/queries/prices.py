"""Prices in force, for baskets and quotes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.db import db
from mall.core.money import rates
from mall.domain.items import offered
from mall.domain.items.models import Item, ItemText, Variant, VariantText
from mall.domain.items.queries.parts import (
    NAME,
    OPTIONS,
    AnySelect,
    cover,
    with_options,
    with_texts,
)
from mall.domain.items.showing import headline
from mall.domain.items.stock_models import Stock
from mall.domain.items.ways import Mix, Standing, Way, ways


@dataclass(frozen=True, slots=True)
class PricedVariant:
    """A variant as a member can have it now, and what is left; `available` None = unlimited.

    `status` is "live" only where the member may order it: item live, variant in use, a way to pay for it (it may still
    be out of stock). `ways` stand side by side; `way` and `mix` (points, minor units of one unit) are what counts where
    nothing was chosen; None without a way.
    """

    variant_id: int
    item_id: int
    slug: str
    name: str
    options_text: str
    sku: str
    kind: str
    status: str
    available: int | None
    picture: str | None
    ways: tuple[Way, ...] = ()
    way: Way | None = None
    mix: Mix | None = None

    def by(self, offer_id: int | None) -> Way | None:
        """The way by that offer, if it is open; the usual one where none was chosen."""
        if offer_id is None:
            return self.way
        return next((way for way in self.ways if way.offer_id == offer_id), None)


_OFFERS = offered.rows("variants")
_STATUS = sa.case((Item.status != "live", Item.status), (Variant.active, "live"), else_="retired")
_PRICED = with_options(
    with_texts(
        sa.select(
            Variant.id, Item.id, Item.slug, NAME, OPTIONS, Variant.sku, Item.kind, _STATUS, Stock.available,
            cover(Item.id), _OFFERS,
        )
        .select_from(Variant)
        .join(Item, Item.id == Variant.item_id)
        .join(Stock, Stock.variant_id == Variant.id)
        .outerjoin(_OFFERS, _OFFERS.c.item_id == Item.id)
    )
).where(Variant.id.in_(bindparam("ids", expanding=True)))  # fmt: skip


#: Columns of a variant's own; then come its item's offers.
_OWN = 10


@dataclass(frozen=True, slots=True)
class Priced:
    """Variants by id, and the standing that they are priced for."""

    variants: Mapping[int, PricedVariant]
    standing: Standing


def priced(variant_ids: Iterable[int], *, member: int | None, locale: str, at: datetime) -> Priced:
    """These variants as a member (None: a guest) can have them; unknown ids are left out. One statement."""
    ids = sorted(set(variant_ids))
    if not ids:
        return Priced({}, Standing(""))
    rows = db.session.execute(_PRICED, {"ids": ids, "locale": locale, "member": member or 0, "at": at}).all()
    offers = offered.read(row[_OWN:] for row in rows)
    least = rates().min_cash
    found = {}
    for variant in {row[0]: PricedVariant(*row[:_OWN]) for row in rows}.values():
        open_ = ways(variant.variant_id, offers.by_item.get(variant.item_id, ()), offers.standing, at)
        head = headline(open_, least=least)
        if variant.status != "live" or head is None:
            status = "retired" if variant.status == "live" else variant.status
            found[variant.variant_id] = replace(variant, status=status)
        else:
            found[variant.variant_id] = replace(variant, ways=tuple(open_), way=head[0], mix=head[1])
    return Priced(found, offers.standing)


def priced_variants(
    variant_ids: Iterable[int], *, locale: str, at: datetime, member: int | None = None
) -> Mapping[int, PricedVariant]:
    """The variants of `priced` alone."""
    return priced(variant_ids, member=member, locale=locale, at=at).variants


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

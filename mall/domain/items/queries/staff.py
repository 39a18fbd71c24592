"""The staff's list of items: every status, found by words, SKU or address, with what each is worth and has left."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.orm import aliased

from mall.core.db import db
from mall.core.money import Rates, rates
from mall.domain.items import search, tokens
from mall.domain.items.audience import code_of
from mall.domain.items.models import Category, CategoryText, Item, Variant
from mall.domain.items.price_models import Listing, Offer, OfferPrice
from mall.domain.items.queries import nearness
from mall.domain.items.queries.parts import (
    AT,
    LOCALE,
    NAME,
    AnySelect,
    cover,
    price_in_force,
    stock_left,
    with_texts,
)
from mall.domain.items.rules import KINDS, MAX_PRICE, STATUSES, sound_slug
from mall.domain.items.stock_models import Stock
from mall.domain.items.ways import Mix, Price, Way

#: Few enough left to be shown as running out.
LOW = 5
SORTS = ("", "name", "-name", "points", "-points", "stock", "-stock", "sold", "-sold", "updated", "-updated")


@dataclass(frozen=True, slots=True)
class StaffFilter:
    """What staff look for; `low` keeps items with LOW or fewer left. `sort` is one of SORTS ("" = last changed first,
    in a search after what comes nearest to what was typed; by points, what is not live counts as dearest).
    """

    q: str = ""
    status: str | None = None
    category: str | None = None
    kind: str | None = None
    low: bool = False
    sort: str = ""


@dataclass(frozen=True, slots=True)
class StaffItemRow:
    """An item in the staff's list. `low`, `high`: what one unit of its cheapest and of its dearest variant costs now, in
    the way that comes first and before any tier's discount (None = no price in force). `available` None = unlimited; `value` in minor units; `variants` counts those in use, `sku` is the first.
    """

    item_id: int
    slug: str
    name: str
    status: str
    kind: str
    category: str
    category_name: str
    low: Mix | None
    high: Mix | None
    available: int | None
    sold: int
    value: int | None
    variants: int
    sku: str | None
    picture: str | None
    version: int
    updated_at: datetime

    @property
    def points(self) -> int | None:
        """Points of its cheapest variant now, if it has a price."""
        return self.low.points if self.low else None


@dataclass(frozen=True, slots=True)
class StaffItemPage:
    """One page of the staff's list."""

    rows: list[StaffItemRow]
    page: int
    has_next: bool


def staff_items(
    filters: StaffFilter, *, locale: str, at: datetime, page: int = 1, per_page: int = 50
) -> StaffItemPage:
    """A page of items of any status. One statement."""
    page = min(max(page, 1), 10_000)
    empty = StaffItemPage([], page, False)
    query = tokens.parse(filters.q)
    if filters.q.strip() and not query:
        return empty
    values: dict[str, Any] = {"at": at, "locale": locale, "n": per_page + 1, "skip": (page - 1) * per_page}
    for column, value in (("status", filters.status), ("kind", filters.kind), ("category", filters.category)):
        known = {"status": value in STATUSES, "kind": value in KINDS, "category": sound_slug(value or "")}[
            column
        ]
        if value and not known:
            return empty
        values |= {column: value} if value else {}
    name = search.dialect()
    if query:
        values |= nearness.values(name, filters.q, query)
    sort = filters.sort if filters.sort in SORTS else ""
    shape = (
        name,
        bool(query),
        bool(filters.status),
        bool(filters.kind),
        bool(filters.category),
        filters.low,
        sort,
    )
    rows = db.session.execute(_statement(*shape), values).all()
    worth = rates()
    return StaffItemPage([_row(row, worth) for row in rows[:per_page]], page, len(rows) > per_page)


def _row(row: Any, worth: Rates) -> StaffItemRow:
    found = sorted(
        (_usual(packed, worth.min_cash) for packed in (row[7] or "").split(",") if packed),
        key=lambda mix: (mix.points + worth.points_for(mix.cash), mix.cash),
    )
    low, high = (found[0], found[-1]) if found else (None, None)
    values: list[Any] = [*row[:7], low, high, *row[8:]]
    return StaffItemRow(*values)


def _usual(packed: str, least: int) -> Mix:
    """What a price costs who gives as many points as may be, from its kind and its numbers."""
    kind, *numbers = packed.split(":")
    points, cash, fewest, most = (int(number) for number in numbers)
    price = Price(points, cash, fewest, None if most < 0 else most)
    return Way(0, 0, kind, price).mix(None, least=least)


_their, _english = aliased(CategoryText), aliased(CategoryText)


def _in_use(what: Any) -> sa.ScalarSelect[Any]:
    return sa.select(what).where(Variant.item_id == Item.id, Variant.active).correlate(Item).scalar_subquery()


#: The prices of its variants, packed: kind:points:cash:fewest:most, between commas.
_PACKED: sa.ColumnElement[str] = Offer.kind + sa.literal_column("''")
for _number in (
    OfferPrice.points,
    OfferPrice.cash,
    OfferPrice.min_points,
    sa.func.coalesce(OfferPrice.max_points, -1),
):
    _PACKED = _PACKED + sa.literal_column("':'") + sa.cast(_number, sa.Text)
_PRICES = (
    sa.select(sa.func.aggregate_strings(_PACKED, ","))
    .select_from(Variant)
    .join(OfferPrice, OfferPrice.id == price_in_force(Variant.item_id, Variant.id, AT))
    .join(Offer, Offer.id == OfferPrice.offer_id)
    .where(Variant.item_id == Item.id, Variant.active)
    .correlate(Item)
    .scalar_subquery()
)


_SOLD = (
    sa.select(sa.cast(sa.func.coalesce(sa.func.sum(Stock.sold), 0), sa.BigInteger))
    .join(Variant, Variant.id == Stock.variant_id)
    .where(Variant.item_id == Item.id)
    .correlate(Item)
    .scalar_subquery()
)

#: The same for all items at once, for lists that are sorted or filtered by stock.
_uncounted = sa.case((sa.and_(Variant.active, Stock.available.is_(None)), 1), else_=0)
_COUNTS = (
    sa.select(
        Variant.item_id,
        sa.cast(sa.func.sum(sa.case((Variant.active, sa.func.coalesce(Stock.available, 0)), else_=0)), sa.BigInteger)
        .label("counted"),
        sa.func.max(_uncounted).label("unlimited"),
        sa.cast(sa.func.sum(Stock.sold), sa.BigInteger).label("sold"),
    )
    .join(Stock, Stock.variant_id == Variant.id)
    .group_by(Variant.item_id)
    .subquery("counts")
)  # fmt: skip
_COUNTED = sa.case((_COUNTS.c.unlimited == 1, 2**62), else_=sa.func.coalesce(_COUNTS.c.counted, 0))
_LISTED = (
    sa.select(Listing.points)
    .where(Listing.item_id == Item.id, Listing.tier == code_of(0), Listing.since <= AT, Listing.until > AT)
    .correlate(Item)
    .scalar_subquery()
)
_FIRST_SKU = (
    sa.select(Variant.sku)
    .where(Variant.item_id == Item.id)
    .order_by(Variant.active.desc(), Variant.position, Variant.id)
    .limit(1)
    .correlate(Item)
    .scalar_subquery()
)


@lru_cache(maxsize=512)
def _statement(
    name: str, search_: bool, status: bool, kind: bool, category: bool, low: bool, sort: str
) -> AnySelect:
    statement: AnySelect = with_texts(
        sa.select(
            Item.id, Item.slug, NAME, Item.status, Item.kind, Category.slug,
            sa.func.coalesce(_their.name, _english.name), _PRICES, stock_left(Item.id), _SOLD,
            Item.value, _in_use(sa.func.count()), _FIRST_SKU, cover(Item.id), Item.version, Item.updated_at,
        )
        .select_from(Item)
        .join(Category, Category.id == Item.category_id)
        .outerjoin(_their, sa.and_(_their.category_id == Category.id, _their.locale == LOCALE))
        .outerjoin(_english, sa.and_(_english.category_id == Category.id, _english.locale == "en"))
    )  # fmt: skip
    if search_:
        statement = statement.where(nearness.answers(name))
    if status:
        statement = statement.where(Item.status == bindparam("status"))
    if kind:
        statement = statement.where(Item.kind == bindparam("kind"))
    if category:
        statement = statement.where(Category.slug == bindparam("category"))
    if low or sort.removeprefix("-") in ("stock", "sold"):
        statement = statement.outerjoin(_COUNTS, _COUNTS.c.item_id == Item.id)
    if low:
        statement = statement.where(_COUNTED <= LOW)
    if search_ and not sort:
        statement = statement.order_by(nearness.rank(name))
    return statement.order_by(*_order(sort)).limit(bindparam("n")).offset(bindparam("skip"))


def _order(sort: str) -> list[sa.ColumnElement[Any]]:
    keys: dict[str, Any] = {
        "": Item.updated_at,
        "name": NAME,
        "points": sa.func.coalesce(_LISTED, MAX_PRICE + 1),
        "stock": _COUNTED,
        "sold": sa.func.coalesce(_COUNTS.c.sold, 0),
        "updated": Item.updated_at,
    }
    key = keys[sort.removeprefix("-")]
    falling = sort == "" or sort.startswith("-")
    return [key.desc() if falling else key.asc(), Item.id.desc() if falling else Item.id.asc()]

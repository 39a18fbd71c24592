"""The lists of the catalogue: one statement a page, built once for each shape of filter, read from the listing."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.db import db
from mall.domain.items import search, tokens
from mall.domain.items.models import Category, Item, Wish
from mall.domain.items.price_models import Listing
from mall.domain.items.queries.parts import AT, MEMBER, NAME, SUMMARY, AnySelect, stock_left, with_texts
from mall.domain.items.rules import SORTS

#: Hits of a search that are ranked: more than anyone looks through.
REACH = 1_000
MAX_PAGE = 2_000


@dataclass(frozen=True, slots=True)
class CatalogFilter:
    """What a list shows. Points in whole numbers; `affordable_with` is the member's balance, `tier` is kept for deals
    (an item without deals is open to all tiers). `sort`: "" (relevance when searching, else newest), "newest",
    "points", "-points", "popular", "value" (points per retail value).
    """

    q: str = ""
    category: str | None = None
    kind: str | None = None
    affordable_with: int | None = None
    min: int | None = None
    max: int | None = None
    tier: str | None = None
    sort: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """An item in a list. `points` for one unit of its cheapest variant, `points_most` of its dearest; `available`
    None = unlimited; `picture` the key of its first picture (files: `<key>-<320|640|1280>.webp`).
    """

    item_id: int
    slug: str
    name: str
    summary: str
    kind: str
    category: str
    points: int
    points_most: int
    available: int | None
    picture: str | None
    value: int | None
    published_at: datetime
    wished: bool

    @property
    def sold_out(self) -> bool:
        """Whether none is left."""
        return self.available == 0


@dataclass(frozen=True, slots=True)
class CardPage:
    """One page of a list. `total` where it is known for nothing (the last page); `corrected` what was searched
    instead, where the query itself found nothing.
    """

    cards: list[Card]
    page: int
    has_next: bool
    total: int | None
    corrected: str | None = None


@dataclass(frozen=True, slots=True)
class _Shape:
    """What makes one statement differ from another; values are parameters."""

    dialect: str
    search: bool
    category: bool
    kind: bool
    low: bool
    high: bool
    sort: str
    member: bool


def cards(
    filters: CatalogFilter,
    *,
    locale: str,
    at: datetime,
    page: int = 1,
    per_page: int = 24,
    member_id: int | None = None,
) -> CardPage:
    """A page of live items, names in `locale` (else English). One statement; a second only if a search finds nothing."""
    page = min(max(page, 1), MAX_PAGE)
    query = tokens.parse(filters.q)
    if filters.q.strip() and not query:
        return CardPage([], page, False, 0)
    shape, values = _shape(filters, query, member_id)
    values |= {"at": at, "locale": locale, "n": per_page + 1, "skip": (page - 1) * per_page}
    rows = db.session.execute(_statement(shape), values).all()
    found = [Card(*row) for row in rows[:per_page]]
    more = len(rows) > per_page
    total = None if more or (not found and page > 1) else (page - 1) * per_page + len(found)
    return CardPage(found, page, more, total)


def _shape(
    filters: CatalogFilter, query: tokens.Query, member_id: int | None
) -> tuple[_Shape, dict[str, Any]]:
    bounds = [n for n in (filters.max, filters.affordable_with) if n is not None]
    sort = filters.sort if filters.sort in SORTS else ""
    shape = _Shape(
        dialect=search.dialect(),
        search=bool(query),
        category=bool(filters.category),
        kind=bool(filters.kind),
        low=filters.min is not None,
        high=bool(bounds),
        sort=sort or ("" if query else "newest"),
        member=member_id is not None,
    )
    values: dict[str, Any] = {}
    if query:
        values["best"], values["rest"] = search.tiers(shape.dialect, query)
    if filters.category:
        values["category"] = filters.category
    if filters.kind:
        values["kind"] = filters.kind
    if filters.min is not None:
        values["low"] = filters.min
    if bounds:
        values["high"] = min(bounds)
    if member_id is not None:
        values["member"] = member_id
    return shape, values


@lru_cache(maxsize=256)
def _statement(shape: _Shape) -> AnySelect:
    chosen = _searched(shape) if shape.search else _listed(shape)
    wished: sa.ColumnElement[bool] = sa.false()
    if shape.member:
        own = sa.select(Wish.item_id).where(Wish.item_id == chosen.c.item_id, Wish.member_id == MEMBER)
        wished = sa.exists(own.correlate(chosen))
    statement: AnySelect = with_texts(
            sa.select(
                chosen.c.item_id, Item.slug, NAME, SUMMARY, chosen.c.kind, Category.slug, chosen.c.points,
                chosen.c.points_most, stock_left(chosen.c.item_id), chosen.c.cover, Item.value,
                chosen.c.published_at, wished,
            )
            .select_from(chosen)
            .join(Item, Item.id == chosen.c.item_id)
            .join(Category, Category.id == chosen.c.category_id)
        )  # fmt: skip
    return statement.order_by(*_order(chosen.c, shape.sort))


def _conditions(shape: _Shape) -> list[sa.ColumnElement[bool]]:
    found = [Listing.since <= AT, Listing.until > AT]
    if shape.category:
        shelf = sa.select(Category.id).where(Category.slug == bindparam("category"))
        found.append(Listing.category_id == shelf.scalar_subquery())
    if shape.kind:
        found.append(Listing.kind == bindparam("kind"))
    if shape.low:
        found.append(Listing.points >= bindparam("low", type_=sa.BigInteger()))
    if shape.high:
        found.append(Listing.points <= bindparam("high", type_=sa.BigInteger()))
    return found


def _order(column: Any, sort: str) -> list[sa.ColumnElement[Any]]:
    if sort == "":
        return [column.tier, column.popularity.desc(), column.item_id.desc()]
    keys: dict[str, sa.ColumnElement[Any]] = {
        "newest": column.published_at.desc(),
        "points": column.points.asc(),
        "-points": column.points.desc(),
        "popular": column.popularity.desc(),
        "value": column.rate.asc(),
    }
    ascending = sort in ("points", "value")
    return [keys[sort], column.item_id.asc() if ascending else column.item_id.desc()]


_COLUMNS = (
    Listing.item_id, Listing.category_id, Listing.kind, Listing.points, Listing.points_most, Listing.rate,
    Listing.popularity, Listing.published_at, Listing.cover,
)  # fmt: skip


def _paged(statement: AnySelect, order: list[sa.ColumnElement[Any]]) -> sa.Subquery:
    return statement.order_by(*order).limit(bindparam("n")).offset(bindparam("skip")).subquery("chosen")


def _listed(shape: _Shape) -> sa.Subquery:
    return _paged(sa.select(*_COLUMNS).where(*_conditions(shape)), _order(Listing, shape.sort))


def _searched(shape: _Shape) -> sa.Subquery:
    name = shape.dialect
    ways = []
    for tier, parameter in enumerate(("best", "rest")):
        answers = search.condition(name, bindparam(parameter, type_=sa.Text()))
        ways.append(
            sa.select(*_COLUMNS, sa.literal_column(str(tier)).label("tier"))
            .select_from(search.search_item)
            .join(Listing, Listing.item_id == search.found_id(name))
            .where(answers, *_conditions(shape))
            .limit(REACH)
            .subquery(f"way{tier}")
        )
    hits = sa.union_all(*(sa.select(way) for way in ways)).subquery("hits")
    return _paged(sa.select(hits), _order(hits.c, shape.sort))

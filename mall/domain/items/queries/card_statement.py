"""The statement of a list: built once for each shape of filter, reading the listing along one index."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.orm import aliased

from mall.core.reading import Reading
from mall.domain.items import search
from mall.domain.items.audience import code_of
from mall.domain.items.models import Category, Item, Wish
from mall.domain.items.price_models import Listing
from mall.domain.items.queries.parts import (
    AT,
    MEMBER,
    NAME,
    SEEN,
    SUMMARY,
    AnySelect,
    in_stock,
    shown,
    stock_left,
    unseen,
    with_texts,
)

#: Items counted for a list's total: twenty pages.
COUNTED = 480
#: Hits of a search that are ranked, title hits first: more than anyone looks through. Where the reader chose the
#: order, more of them are sorted, so that the cheapest is the cheapest unless a word stands in thousands of titles.
REACH, SORTED_REACH = 600, 3_000
#: Hits that come close, where nothing matches.
CLOSE = 240


@dataclass(frozen=True, slots=True)
class Shape:
    """What makes one statement differ from another; values are parameters.

    `n` rows at most are read, which is part of the statement: a planner that does not know it plans for a tenth of all.
    """

    dialect: str
    n: int
    search: bool
    category: bool
    kind: bool
    low: bool
    high: bool
    sort: str
    member: bool
    stocked: bool = False
    reach: bool = False
    tier: bool = False
    holes: int | None = None


@lru_cache(maxsize=256)
def card_reading(shape: Shape) -> Reading:
    """The statement for a shape, compiled once. Not for a search that forgives (`holes`): its words are lists."""
    return Reading(card_statement(shape))


@lru_cache(maxsize=256)
def card_statement(shape: Shape) -> AnySelect:
    """Columns of a card in their order, then `total` (COUNTED + 1: more), then the closest word of each hole."""
    hits = _searched(shape) if shape.search else _listed(shape)
    counted = sa.select(sa.literal_column("1")).select_from(hits).limit(_number(COUNTED + 1)).subquery()
    total = sa.select(sa.func.count()).select_from(counted).scalar_subquery().label("total")
    chosen = (
        sa.select(hits)
        .order_by(*_order(hits.c, shape.sort))
        .limit(_number(shape.n))
        .offset(unseen(bindparam("skip", type_=sa.Integer())))
        .subquery("chosen")
    )
    wished: sa.ColumnElement[bool] = sa.false()
    if shape.member:
        own = sa.select(Wish.item_id).where(Wish.item_id == chosen.c.item_id, Wish.member_id == MEMBER)
        wished = sa.exists(own.correlate(chosen))
    statement: AnySelect = with_texts(
        sa.select(
            chosen.c.item_id, Item.slug, NAME, SUMMARY, Listing.kind, Category.slug, *shown(Listing),
            stock_left(chosen.c.item_id), Listing.cover, Item.value, Listing.published_at, wished, total, *(search.closest_word(hole) for hole in range(shape.holes or 0)),
        )
        .select_from(chosen)
        .join(Listing, sa.and_(Listing.item_id == chosen.c.item_id, Listing.tier == code_of(MEMBER),
                               Listing.since == chosen.c.since))
        .join(Item, Item.id == chosen.c.item_id)
        .join(Category, Category.id == Listing.category_id)
    )  # fmt: skip
    return statement.order_by(*_order(chosen.c, shape.sort))


def _number(n: int) -> sa.ColumnElement[int]:
    return sa.literal_column(str(n), sa.Integer())


def _conditions(shape: Shape) -> list[sa.ColumnElement[bool]]:
    found = [*SEEN]
    if shape.category:
        shelf = sa.select(Category.id).where(Category.slug == bindparam("category"))
        found.append(Listing.category_id == shelf.scalar_subquery())
    if shape.kind:
        found.append(Listing.kind == bindparam("kind"))
    if shape.low:
        found.append(Listing.points >= bindparam("low", type_=sa.BigInteger()))
    if shape.high:
        found.append(Listing.points <= bindparam("high", type_=sa.BigInteger()))
    if shape.reach:
        found.append(Listing.least <= bindparam("reach", type_=sa.BigInteger()))
    if shape.tier:
        found.append(_for_tier(Listing.item_id))
    if shape.stocked:
        found.append(in_stock(Listing.item_id))
    return found


_THEIRS = aliased(Listing)


def _for_tier(item_id: Any) -> sa.ColumnElement[bool]:
    """That the tier asked for can have the item now."""
    theirs = sa.select(_THEIRS.item_id).where(
        _THEIRS.item_id == item_id,
        _THEIRS.tier == bindparam("only"),
        _THEIRS.since <= AT,
        _THEIRS.until > AT,
        _THEIRS.gate.is_(None),
    )
    return sa.exists(theirs)


_KEYS: dict[str, Any] = {
    "": Listing.popularity,
    "newest": Listing.published_at,
    "points": Listing.points,
    "-points": Listing.points,
    "popular": Listing.popularity,
    "value": Listing.rate,
}


def _columns(shape: Shape) -> tuple[Any, ...]:
    """What a hit is known and sorted by: the rest is read for the page's items alone."""
    return Listing.item_id, Listing.since, _KEYS[shape.sort].label("key")


def _order(column: Any, sort: str) -> list[sa.ColumnElement[Any]]:
    if sort in ("points", "value"):
        return [column.key.asc(), column.item_id.asc()]
    return [*([] if sort else [column.tier]), column.key.desc(), column.item_id.desc()]


def _listed(shape: Shape) -> sa.Subquery:
    return sa.select(*_columns(shape)).where(*_conditions(shape)).subquery("hits")


def _searched(shape: Shape) -> sa.CTE:
    """The hits of a search: those named so first, then those by title, and only as many of the others as are still wanted."""
    if shape.holes is not None:
        return _close_ways(shape).cte("hits")
    ways = [
        sa.select(_way(shape, tier, parameter)) for tier, parameter in enumerate(("head", "best", "rest"))
    ]
    return sa.select(sa.union_all(*ways).subquery("ways")).limit(_reach(shape)).cte("hits")


def _reach(shape: Shape) -> int:
    return SORTED_REACH if shape.sort else REACH


def _way(shape: Shape, tier: int, parameter: str) -> sa.Subquery:
    """Items that answer one expression, as many as are ranked; `tier` is their rank."""
    answers = search.condition(shape.dialect, bindparam(parameter, type_=sa.Text()))
    rank: sa.ColumnElement[Any] = sa.literal_column(str(tier))
    return _answering(shape, answers, rank).limit(_reach(shape)).subquery(f"way{tier}")


def _close_ways(shape: Shape) -> AnySelect:
    """Items that come close: of the first REACH the closest CLOSE."""
    expression = search.forgiving(shape.dialect, shape.holes or 0)
    rank = search.rank(shape.dialect, expression)
    answers = search.condition(shape.dialect, expression)
    found = _answering(shape, answers, rank).limit(REACH).subquery("close")
    return sa.select(found).order_by(found.c.tier).limit(CLOSE)


def _answering(shape: Shape, answers: sa.ColumnElement[bool], rank: sa.ColumnElement[Any]) -> AnySelect:
    """Listed items that answer a search. PostgreSQL is made to go from hit to listing: left to itself, for a frequent
    word it walks the whole listing beside the hits.
    """
    found_id = search.found_id(shape.dialect)
    if shape.dialect == "sqlite":
        joined = sa.select(*_columns(shape), rank.label("tier")).select_from(search.search_item)
        return joined.join(Listing, Listing.item_id == found_id).where(answers, *_conditions(shape))
    own = sa.select(*_columns(shape)).where(Listing.item_id == found_id, *_conditions(shape))
    span = own.limit(1).lateral("span")
    hit = sa.select(*span.c, rank.label("tier")).select_from(search.search_item)
    return hit.join(span, sa.true()).where(answers)

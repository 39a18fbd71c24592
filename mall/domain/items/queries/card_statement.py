"""The statement of a list: built once for each shape of filter, reading the listing along one index."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.domain.items import search
from mall.domain.items.models import Category, Item, Wish
from mall.domain.items.price_models import Listing
from mall.domain.items.queries.parts import (
    AT,
    MEMBER,
    NAME,
    SUMMARY,
    AnySelect,
    in_stock,
    stock_left,
    with_texts,
)

#: Hits of a search that are ranked: more than anyone looks through.
REACH = 1_000
#: Hits that come close, where nothing matches.
CLOSE = 240


@dataclass(frozen=True, slots=True)
class Shape:
    """What makes one statement differ from another; values are parameters."""

    dialect: str
    search: bool
    category: bool
    kind: bool
    low: bool
    high: bool
    sort: str
    member: bool
    stocked: bool = False
    holes: int | None = None


@lru_cache(maxsize=256)
def card_statement(shape: Shape) -> AnySelect:
    """Columns of a card in their order, then `total` (bounded by `counted`), then the closest word of each hole."""
    hits = _searched(shape) if shape.search else _listed(shape)
    counted = sa.select(sa.literal_column("1")).select_from(hits).limit(bindparam("counted")).subquery()
    total = sa.select(sa.func.count()).select_from(counted).scalar_subquery().label("total")
    chosen = (
        sa.select(hits)
        .order_by(*_order(hits.c, shape.sort))
        .limit(bindparam("n"))
        .offset(bindparam("skip"))
        .subquery("chosen")
    )
    wished: sa.ColumnElement[bool] = sa.false()
    if shape.member:
        own = sa.select(Wish.item_id).where(Wish.item_id == chosen.c.item_id, Wish.member_id == MEMBER)
        wished = sa.exists(own.correlate(chosen))
    statement: AnySelect = with_texts(
        sa.select(
            chosen.c.item_id, Item.slug, NAME, SUMMARY, chosen.c.kind, Category.slug, chosen.c.points,
            chosen.c.points_most, stock_left(chosen.c.item_id), chosen.c.cover, Item.value,
            chosen.c.published_at, wished, total,
            *(search.closest_word(hole) for hole in range(shape.holes or 0)),
        )
        .select_from(chosen)
        .join(Item, Item.id == chosen.c.item_id)
        .join(Category, Category.id == chosen.c.category_id)
    )  # fmt: skip
    return statement.order_by(*_order(chosen.c, shape.sort))


def _conditions(shape: Shape) -> list[sa.ColumnElement[bool]]:
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
    if shape.stocked:
        found.append(in_stock(Listing.item_id))
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


def _listed(shape: Shape) -> sa.Subquery:
    return sa.select(*_COLUMNS).where(*_conditions(shape)).subquery("hits")


def _searched(shape: Shape) -> sa.CTE:
    ways = (
        [_close_way(shape)] if shape.holes is not None else [_way(shape, 0, "best"), _way(shape, 1, "rest")]
    )
    return sa.union_all(*(sa.select(way) for way in ways)).cte("hits")


def _way(shape: Shape, tier: int, parameter: str) -> sa.Subquery:
    """Items that answer one expression, at most REACH of them; `tier` is their rank."""
    answers = search.condition(shape.dialect, bindparam(parameter, type_=sa.Text()))
    rank: sa.ColumnElement[Any] = sa.literal_column(str(tier))
    return _joined(shape, rank).where(answers, *_conditions(shape)).limit(REACH).subquery(f"way{tier}")


def _close_way(shape: Shape) -> sa.Subquery:
    """Items that come close, the closest CLOSE of them."""
    expression = search.forgiving(shape.dialect, shape.holes or 0)
    rank = search.rank(shape.dialect, expression)
    found = _joined(shape, rank).where(search.condition(shape.dialect, expression), *_conditions(shape))
    return found.order_by(rank).limit(CLOSE).subquery("close")


def _joined(shape: Shape, rank: sa.ColumnElement[Any]) -> AnySelect:
    return (
        sa.select(*_COLUMNS, rank.label("tier"))
        .select_from(search.search_item)
        .join(Listing, Listing.item_id == search.found_id(shape.dialect))
    )

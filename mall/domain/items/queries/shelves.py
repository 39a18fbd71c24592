"""Several short lists at once, for the home page and beside an item: each the first few of one order, one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.db import db
from mall.domain.items.models import Category, Item, Wish
from mall.domain.items.price_models import Listing
from mall.domain.items.queries.cards import Card
from mall.domain.items.queries.parts import (
    MEMBER,
    NAME,
    SEEN,
    SUMMARY,
    in_stock,
    shown,
    stock_left,
    with_texts,
)
from mall.domain.items.rules import SORTS


@dataclass(frozen=True, slots=True)
class Shelf:
    """A short list: the first `n` in the order `sort` (see CatalogFilter) that can be had with `most` points, in a category
    (its id), without one item; `sold`: only what was redeemed before. Nothing that is sold out stands on it.
    """

    sort: str
    n: int
    most: int | None = None
    category_id: int | None = None
    without: int | None = None
    sold: bool = False


@dataclass(frozen=True, slots=True)
class Shelves:
    """The lists in the order asked for, and how many items that are left can be had with `count_most` points (counted
    up to `count_cap`)."""

    lists: list[list[Card]]
    within_reach: int


def shelves(
    wanted: Sequence[Shelf],
    *,
    locale: str,
    at: datetime,
    member_id: int | None = None,
    count_most: int | None = None,
    count_cap: int = 200,
) -> Shelves:
    """These short lists with names in `locale` (else English), in one statement."""
    values: dict[str, Any] = {
        "at": at, "locale": locale, "member": member_id or 0, "count_most": count_most or 0, "count_cap": count_cap,
    }  # fmt: skip
    for i, shelf in enumerate(wanted):
        values |= {f"n{i}": shelf.n, f"most{i}": shelf.most, f"category{i}": shelf.category_id}
        values[f"without{i}"] = shelf.without or 0
    shape = tuple(
        (
            shelf.sort if shelf.sort in SORTS and shelf.sort else "newest",
            shelf.most is not None,
            shelf.category_id is not None,
            shelf.sold,
        )
        for shelf in wanted
    )
    lists: list[list[Card]] = [[] for _ in wanted]
    within = 0
    for number, _place, reach, *card in db.session.execute(_statement(shape, member_id is not None), values):
        within = reach
        lists[number].append(Card(*card))
    return Shelves(lists, within)


@lru_cache(maxsize=64)
def _statement(shape: tuple[tuple[str, bool, bool, bool], ...], member: bool) -> sa.Select[Any]:
    chosen = sa.union_all(*(sa.select(_shelf(i, *part)) for i, part in enumerate(shape))).subquery("chosen")
    wished: sa.ColumnElement[bool] = sa.false()
    if member:
        own = sa.select(Wish.item_id).where(Wish.item_id == chosen.c.item_id, Wish.member_id == MEMBER)
        wished = sa.exists(own.correlate(chosen))
    joined = (
        sa.select(
            chosen.c.shelf, chosen.c.place, _within_reach(), chosen.c.item_id, Item.slug, NAME, SUMMARY, chosen.c.kind,
            Category.slug, *shown(chosen.c), stock_left(chosen.c.item_id), chosen.c.cover,
            Item.value, chosen.c.published_at, wished,
        )
        .select_from(chosen)
        .join(Item, Item.id == chosen.c.item_id)
        .join(Category, Category.id == chosen.c.category_id)
    )  # fmt: skip
    return with_texts(joined).order_by(chosen.c.shelf, chosen.c.place)


def _shelf(number: int, sort: str, most: bool, category: bool, sold: bool) -> sa.Subquery:
    conditions = [
        *SEEN,
        Listing.item_id != bindparam(f"without{number}"),
        in_stock(Listing.item_id),
    ]
    if most:
        conditions.append(Listing.least <= bindparam(f"most{number}", type_=sa.BigInteger()))
    if category:
        conditions.append(Listing.category_id == bindparam(f"category{number}"))
    if sold:
        conditions.append(Listing.popularity > 0)
    first = (
        sa.select(
            Listing.item_id, Listing.category_id, Listing.kind, Listing.way, Listing.points, Listing.points_most,
            Listing.cash, Listing.cash_most, Listing.full_cash, Listing.least, Listing.least_cash, Listing.gate,
            Listing.rate, Listing.popularity, Listing.published_at, Listing.cover,
        )
        .where(*conditions)
        .order_by(*_order(Listing, sort))
        .limit(bindparam(f"n{number}"))
        .subquery(f"first{number}")
    )  # fmt: skip
    # Numbered after the limit: numbering all that fit would read the whole table.
    place = sa.func.row_number().over(order_by=_order(first.c, sort)).label("place")
    return sa.select(sa.literal_column(str(number)).label("shelf"), first, place).subquery(f"shelf{number}")


def _order(column: Any, sort: str) -> list[sa.ColumnElement[Any]]:
    keys: dict[str, sa.ColumnElement[Any]] = {
        "newest": column.published_at.desc(),
        "points": column.points.asc(),
        "-points": column.points.desc(),
        "popular": column.popularity.desc(),
        "value": column.rate.asc(),
    }
    return [keys[sort], column.item_id.asc() if sort in ("points", "value") else column.item_id.desc()]


def _within_reach() -> sa.ScalarSelect[int]:
    """How many can be had with so many points, counted no further than the cap: never a count over the whole table."""
    few = (
        sa.select(Listing.item_id)
        .where(
            *SEEN,
            Listing.least <= bindparam("count_most", type_=sa.BigInteger()),
            in_stock(Listing.item_id),
        )
        .limit(bindparam("count_cap"))
        .subquery("few")
    )
    return sa.select(sa.func.count()).select_from(few).scalar_subquery()

"""The other ways to pay in an items file: points and cash, a range, cash with points off; who may have each.

They stand on the first row of an item, beside its price in points (`points`, which may then be empty), and are for all
its variants but those with a price of their own. Empty cells leave what is there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from mall.core.errors import N_, BadValue
from mall.core.numbers import parse_money
from mall.core.tables import Row
from mall.domain.items import errors
from mall.domain.items.rules import MAX_PRICE, TIER_DISCOUNTS
from mall.domain.items.ways import Price, unsound


class _Columns(NamedTuple):
    """The columns of one kind; None where the kind has no such number."""

    points: str | None
    cash: str
    least: str | None = None
    most: str | None = None
    share: str | None = None


#: combo: both are paid. range: the unit is worth `range_points` or `range_cash`; from `range_min` to `range_max` points
#: are given, the rest in cash. cash: `cash_price`; points pay up to `cash_share` percent of it, from `cash_min` on.
KINDS = {
    "combo": _Columns("combo_points", "combo_cash"),
    "range": _Columns("range_points", "range_cash", "range_min", "range_max"),
    "cash": _Columns(None, "cash_price", "cash_min", None, "cash_share"),
}
#: Codes of tiers between semicolons: who may have the offer of that kind (empty: everyone).
TIERS = {kind: f"{kind}_tiers" for kind in KINDS}
#: What a tier's discount takes from, for all of them (empty: their cash).
DISCOUNT = "tier_discount"
WAY_COLUMNS = (*(name for columns in KINDS.values() for name in columns if name), *TIERS.values(), DISCOUNT)


@dataclass(frozen=True, slots=True)
class PlannedWay:
    """One more way to pay, as the file tells it."""

    kind: str
    price: Price
    tiers: frozenset[str]
    tier_discount: str


class Reader(Protocol):
    """What reads the cells of a row and notes what is wrong."""

    currency: str

    def refuse(self, row: Row, column: str, message: str, **params: Any) -> None: ...
    def word(self, row: Row, column: str, words: Iterable[str]) -> str | None: ...
    def whole(self, row: Row, column: str, least: int, most: int) -> int | None: ...


def read_ways(reader: Reader, row: Row) -> tuple[PlannedWay, ...]:
    """The other ways to pay that a row tells; what cannot be is refused, column by column."""
    found = (_way(reader, row, kind, columns) for kind, columns in KINDS.items())
    return tuple(way for way in found if way is not None)


def _way(reader: Reader, row: Row, kind: str, columns: _Columns) -> PlannedWay | None:
    if not any(row.get(name) for name in columns if name):
        return None
    price = Price(
        points=_whole(reader, row, columns.points) or 0,
        cash=_money(reader, row, columns.cash),
        min_points=_whole(reader, row, columns.least) or 0,
        max_points=_whole(reader, row, columns.most),
        max_share=_percent(reader, row, columns.share),
    )
    wrong = unsound(kind, price, least=0, most=MAX_PRICE)
    if wrong is not None:
        where = {"points": columns.points, "cash": columns.cash, "min_points": columns.least,
                 "max_points": columns.most, "max_share": columns.share}[wrong]  # fmt: skip
        reader.refuse(row, where or columns.cash, errors.BAD_PRICE[wrong].message, most=MAX_PRICE)
        return None
    tiers = frozenset(filter(None, (part.strip() for part in row.get(TIERS[kind]).split(";"))))
    discount = reader.word(row, DISCOUNT, TIER_DISCOUNTS) if row.get(DISCOUNT) else None
    return PlannedWay(kind, price, tiers, discount or "cash")


def _whole(reader: Reader, row: Row, column: str | None) -> int | None:
    return reader.whole(row, column, 0, MAX_PRICE) if column else None


def _percent(reader: Reader, row: Row, column: str | None) -> int | None:
    percent = reader.whole(row, column, 0, 100) if column else None
    return None if percent is None else percent * 100


def _money(reader: Reader, row: Row, column: str) -> int:
    text = row.get(column)
    try:
        return parse_money(text, reader.currency, most=MAX_PRICE) if text else 0
    except BadValue:
        message = N_("“%(value)s” is not an amount in %(currency)s. Write it like 899.00.")
        params: dict[str, Any] = {"value": text[:40], "currency": reader.currency}
        reader.refuse(row, column, message, **params)
        return 0

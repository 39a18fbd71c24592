"""Invariant 7 of the books, checked set-based on the whole database: the stock of every variant is explained."""

from typing import Any

import sqlalchemy as sa

from mall.core.checks import Violation
from mall.core.db import db
from mall.domain.items.models import Variant
from mall.domain.items.stock_models import Stock, StockMove

_COLUMNS = ("available", "set_aside", "reserved", "sold")


def _sum(expression: Any, name: str) -> Any:
    return sa.cast(sa.func.coalesce(sa.func.sum(expression), 0), sa.BigInteger).label(name)


def _of_kind(*kinds: str) -> Any:
    return sa.case((StockMove.kind.in_(kinds), StockMove.quantity), else_=0)


_JOURNAL = (
    sa.select(
        StockMove.variant_id,
        *(_sum(getattr(StockMove, column), column) for column in _COLUMNS),
        _sum(_of_kind("opening"), "opening"),
        _sum(_of_kind("found", "received", "returned"), "came"),
        _sum(_of_kind("written_off"), "went"),
        _sum(StockMove.supplied, "supplied"),
    )
    .group_by(StockMove.variant_id)
    .subquery("journal")
)


def _said(column: str) -> Any:
    return sa.func.coalesce(_JOURNAL.c[column], 0)


_ROWS = (
    sa.select(
        Variant.id,
        Variant.sku,
        Stock.variant_id.label("stocked"),
        Stock.initial,
        *(sa.func.coalesce(getattr(Stock, column), 0).label(column) for column in _COLUMNS),
        *(_said(column).label(f"j_{column}") for column in _COLUMNS),
        *(_said(column).label(column) for column in ("opening", "came", "went", "supplied")),
    )
    .select_from(Variant)
    .outerjoin(Stock, Stock.variant_id == Variant.id)
    .outerjoin(_JOURNAL, _JOURNAL.c.variant_id == Variant.id)
)
_HELD = sum((sa.func.coalesce(getattr(Stock, column), 0) for column in _COLUMNS), sa.literal(0))
_SUPPLY = Stock.initial + _said("came") - _said("went") + _said("supplied")
_WRONG = _ROWS.where(
    sa.or_(
        Stock.variant_id.is_(None),
        Stock.initial != _said("opening"),
        *(sa.func.coalesce(getattr(Stock, column), 0) != _said(column) for column in _COLUMNS),
        _HELD != _SUPPLY,
    )
).order_by(Variant.id)


def stock_violations() -> list[Violation]:
    """Every variant whose stock is not what its journal says, or whose equation does not hold:

    initial + found + received + returned + supplied − written off = available + set aside + reserved + sold, where
    `supplied` is what unlimited stock gave (0 for a variant that was always counted). Source: docs/ledger.md, 7.
    """
    found = []
    for row in db.session.execute(_WRONG).mappings():
        name = f"stock of {row['sku']}"
        if row["stocked"] is None:
            found.append(Violation(7, name, "there is no stock row"))
            continue
        if row["initial"] != row["opening"]:
            found.append(
                Violation(7, name, f"initial is {row['initial']}, the journal opened with {row['opening']}")
            )
        found += [
            Violation(7, name, f"{column} is {row[column]}, the journal says {row[f'j_{column}']}")
            for column in _COLUMNS
            if row[column] != row[f"j_{column}"]
        ]
        held = sum(row[column] for column in _COLUMNS)
        supply = row["initial"] + row["came"] - row["went"] + row["supplied"]
        if held != supply:
            found.append(Violation(7, name, f"{supply} came in, {held} are accounted for"))
    return found

"""What a line hands over besides parcels: how many codes it has and whether they were seen, and its booking note.

Columns to be added to a statement over order lines, so that an order's page needs no statement more for them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

import sqlalchemy as sa

from mall.domain.items.code_models import Code
from mall.domain.orders.models import order_line_note_table as note
from mall.domain.orders.models import order_line_table as line

_code = cast(sa.Table, Code.__table__)


@dataclass(frozen=True, slots=True)
class Handed:
    """Codes that the line has, those of them that somebody has seen, those taken back after that; wish and answer."""

    codes: int = 0
    seen: int = 0
    void: int = 0
    wish: str = ""
    wished_on: date | None = None
    wished_at: datetime | None = None
    answer: str = ""
    answered_at: datetime | None = None


def _count(*conditions: sa.ColumnElement[bool]) -> Any:
    counted = sa.select(sa.func.count()).where(_code.c.order_line_id == line.c.id, *conditions)
    return counted.scalar_subquery()


_given = _code.c.state == "given"
COLUMNS: Sequence[Any] = (
    _count(_given).label("handed_codes"),
    _count(_given, _code.c.revealed_at.is_not(None)).label("handed_seen"),
    _count(_code.c.state == "void").label("handed_void"),
    *(
        note.c[name].label(f"handed_{name}")
        for name in ("wish", "wished_on", "wished_at", "answer", "answered_at")
    ),
)
#: To be joined (outer) to the statement that has COLUMNS.
NOTE, ON = note, note.c.order_line_id == line.c.id


def in_parcels(lines: sa.FromClause) -> sa.ColumnElement[int]:
    """The units of an order line that were sent in a parcel: what is no goods is given without one."""
    return sa.case((lines.c.kind == "goods", lines.c.sent), else_=0)


def read(values: Sequence[Any]) -> Handed:
    """From the values of COLUMNS."""
    codes, seen, void, wish, wished_on, wished_at, answer, answered_at = values
    return Handed(codes, seen, void, wish or "", wished_on, wished_at, answer or "", answered_at)

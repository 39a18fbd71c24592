"""The stock journal of a variant, as staff read it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.db import db
from mall.domain.items.stock_models import Stock, StockMove


@dataclass(frozen=True, slots=True)
class StockMoveRow:
    """A line of the stock journal; `left` is what was available after it (None = unlimited)."""

    move_id: int
    at: datetime
    kind: str
    quantity: int
    available: int
    reserved: int
    sold: int
    ref_kind: str
    ref_id: str
    note: str
    actor_kind: str
    actor_id: int | None
    left: int | None


_ID = bindparam("id", type_=sa.BigInteger())
_NEWER = (
    sa.select(sa.cast(sa.func.coalesce(sa.func.sum(StockMove.available), 0), sa.BigInteger))
    .where(StockMove.variant_id == _ID, StockMove.id >= bindparam("before", type_=sa.BigInteger()))
    .scalar_subquery()
)
_MOVES = (
    sa.select(
        StockMove.id, StockMove.at, StockMove.kind, StockMove.quantity, StockMove.available, StockMove.reserved,
        StockMove.sold, StockMove.ref_kind, StockMove.ref_id, StockMove.note, StockMove.actor_kind,
        StockMove.actor_id, Stock.available - _NEWER,
    )
    .join(Stock, Stock.variant_id == StockMove.variant_id)
    .where(StockMove.variant_id == _ID, StockMove.id < bindparam("before", type_=sa.BigInteger()))
    .order_by(StockMove.id.desc())
    .limit(bindparam("n"))
)  # fmt: skip


def stock_journal(variant_id: int, *, before: int | None = None, limit: int = 50) -> list[StockMoveRow]:
    """The variant's stock journal, the latest first, those with an id below `before`. One statement."""
    values = {"id": variant_id, "before": 2**62 if before is None else before, "n": limit}
    found: list[StockMoveRow] = []
    left: int | None = None
    rows: Sequence[Any] = db.session.execute(_MOVES, values).all()
    for row in [StockMoveRow(*row) for row in rows]:
        left = left - found[-1].available if found and left is not None else row.left
        found.append(replace(row, left=left))
    return found

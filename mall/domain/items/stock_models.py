"""How many there are: one row per variant, and the journal that explains it."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from mall.core.db import Base
from mall.domain.items.models import one_of
from mall.domain.items.rules import MOVES

#: What a move brings into (or takes out of) the shop, by its kind; the rest only moves between columns.
_INFLOW = (
    "CASE WHEN kind IN ('opening', 'found', 'received', 'returned') THEN quantity "
    "WHEN kind = 'written_off' THEN -quantity ELSE 0 END"
)


class Stock(Base):
    """A variant's stock; `available` null = unlimited. Changed by `stock.py` alone, each time with a StockMove."""

    __tablename__ = "stock"
    __table_args__ = tuple(
        sa.CheckConstraint(f"{column} >= 0", name=column)
        for column in ("initial", "available", "set_aside", "reserved", "sold")
    )

    variant_id: Mapped[int] = mapped_column(
        sa.ForeignKey("variant.id"), primary_key=True, autoincrement=False
    )
    initial: Mapped[int] = mapped_column(default=0)
    available: Mapped[int | None]
    set_aside: Mapped[int] = mapped_column(default=0)
    reserved: Mapped[int] = mapped_column(default=0)
    sold: Mapped[int] = mapped_column(default=0)


class StockMove(Base):
    """One change of a variant's stock: the signed change of each column, why, for what, and by whom.

    `supplied` balances a move of unlimited stock, which comes from nowhere and goes back there. Triggers refuse
    edits; a CHECK keeps every row in balance.
    """

    __tablename__ = "stock_move"
    __table_args__ = (
        sa.CheckConstraint(one_of("kind", MOVES), name="kind"),
        sa.CheckConstraint(
            "quantity > 0 OR quantity = 0 AND kind IN ('unlimited', 'limited')", name="quantity"
        ),
        sa.CheckConstraint("sold >= 0", name="sold"),
        sa.CheckConstraint(
            f"{_INFLOW} + supplied = available + set_aside + reserved + sold", name="balanced"
        ),
        sa.Index(None, "variant_id", "id"),
        sa.Index(None, "ref_kind", "ref_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    variant_id: Mapped[int] = mapped_column(sa.ForeignKey("variant.id"))
    kind: Mapped[str] = mapped_column(sa.String(16))
    quantity: Mapped[int]
    available: Mapped[int] = mapped_column(default=0)
    set_aside: Mapped[int] = mapped_column(default=0)
    reserved: Mapped[int] = mapped_column(default=0)
    sold: Mapped[int] = mapped_column(default=0)
    supplied: Mapped[int] = mapped_column(default=0)
    ref_kind: Mapped[str] = mapped_column(sa.String(20), default="")
    ref_id: Mapped[str] = mapped_column(sa.String(64), default="")
    note: Mapped[str] = mapped_column(sa.String(300), default="")
    actor_kind: Mapped[str] = mapped_column(sa.String(8))
    actor_id: Mapped[int | None]
    at: Mapped[datetime]

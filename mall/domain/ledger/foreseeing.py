"""What giving points back would do, in the book that does it: read by one statement, worked out in memory, not saved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.actor import SYSTEM
from mall.core.db import db
from mall.core.ids import MemberId
from mall.domain.ledger import statements as sql
from mall.domain.ledger.book import Book
from mall.domain.ledger.errors import NoAccount
from mall.domain.ledger.refunds import Refunded, refund_in
from mall.domain.ledger.reversals import plan
from mall.domain.ledger.rules import GRACE, Cause, LotBack, LotState, Plan, Ref, check_points, order_of_use
from mall.domain.ledger.statements import account, dies_at, entry, lot


@dataclass(frozen=True, slots=True)
class TakenBack:
    """Where a reversal takes earned points from, and the debt that is left when there are not enough."""

    points: int
    pending: int
    available: int
    expired: int
    debt: int


_own = lot.c.member_id == bindparam("member_id")
_at: sa.BindParameter[Any] = bindparam("at", type_=lot.c.expires_at.type)
_taken: sa.BindParameter[int] = bindparam("taken", type_=sa.BigInteger)
_alive = sa.or_(lot.c.expires_at.is_(None), dies_at > _at)
_before = sa.func.sum(lot.c.remaining).over(order_by=sql.in_order_of_use) - lot.c.remaining
#: Usable lots, each with what those have that are used before it.
_usable = (
    sa.select(lot.c.number, _before.label("before"))
    .where(_own, lot.c.remaining > 0, _alive, _taken > 0)
    .subquery()
)
_uses = sql.uses("spent").cte("uses")
#: The lots that matter: spent from, granted to be taken, ripe by now, and of the usable ones, from the first in order of
#: use on, as many as there must be to take all of `taken` from. Others whose life is over do not: nothing is given to
#: them, nothing taken from them, and their points repay no debt (who owes has none to expire).
_wanted = sa.union(
    sa.select(_uses.c.lot.label("number")),
    sa.select(lot.c.number).join(entry, sql.granted_it).where(sql.granted("taken_of")),
    sa.select(lot.c.number).where(_own, lot.c.pending > 0, lot.c.activates_at <= _at),
    sa.select(_usable.c.number).where(_usable.c.before < _taken),
).cte("wanted")
_FORESEE = (
    sa.select(
        *(account.c[name] for name in ("member_id", "available", "held", "pending", "debt")),
        *(account.c[name] for name in ("seq", "lots", "head", "due_at")),
        *(column.label(f"lot_{column.name}") for column in sql.lot_columns),
        _uses.c.n,
        _uses.c.turn,
        entry.c.ref_kind,
        entry.c.ref_id,
        sql.granted("taken_of").label("to_take"),
        sql.reversed_before("taken_of").scalar_subquery().label("reversed_before"),
    )
    .outerjoin_from(account, _wanted, sa.true())
    .outerjoin(lot, sa.and_(lot.c.member_id == account.c.member_id, lot.c.number == _wanted.c.number))
    .outerjoin(entry, sql.granted_it)
    .outerjoin(_uses, _uses.c.lot == lot.c.number)
    .where(account.c.member_id == bindparam("member_id"))
)


class Foreseen:
    """All that a book is asked for a return, from the rows of one statement."""

    def __init__(self, rows: Sequence[sql.Row]) -> None:
        self.account = rows[0]
        self._rows = [row for row in rows if row.lot_number is not None]
        self._lots = {row.lot_number: _state(row) for row in self._rows}
        self._usable = self._in_order([lot for lot in self._lots.values() if lot.remaining])
        self.origins = {row.lot_number: Ref(row.ref_kind, row.ref_id) for row in self._rows}

    def usable(self, skip: int, page: int) -> list[LotState]:
        """Those at hand, which are as many as must be; as they were read, whatever the book has done with them."""
        return self._usable[skip : skip + page]

    def numbered(self, numbers: Sequence[int]) -> list[LotState]:
        """These lots."""
        return [self._lots[number] for number in numbers]

    def granted(self, ref: Ref) -> list[LotState]:
        """The lots that are to be taken back from first."""
        return self._in_order([self._lots[row.lot_number] for row in self._rows if row.to_take])

    def refundable(self, of: Ref) -> list[tuple[int, int]]:
        """The lots that were spent from, in order of use."""
        spent = sorted((row for row in self._rows if row.turn is not None), key=lambda row: row.turn)
        return [(row.lot_number, row.n) for row in spent]

    def reversed_before(self, of: Ref) -> int:
        """Points that were taken back before."""
        found: int = self.account.reversed_before
        return found

    def due(self, at: datetime) -> list[LotState]:
        """Lots that time has changed: their return period is over, or their life."""
        return [lot for lot in self._lots.values() if _is_due(lot, at)]

    @staticmethod
    def _in_order(lots: list[LotState]) -> list[LotState]:
        return sorted(lots, key=order_of_use)


def preview_return(
    member: MemberId,
    points: int,
    *,
    of: Ref,
    taken: int,
    taken_of: Ref,
    at: datetime,
    grace: timedelta = GRACE,
) -> tuple[Refunded, TakenBack, tuple[LotBack, ...]]:
    """What `refund` of `points` and then `reverse` of `taken` would do together, without doing it; either may be 0.

    The lots are those of the refund, told apart by where they came from. Raises TooMuchBack.
    """
    given, took = Refunded(0, (), 0, 0), TakenBack(0, 0, 0, 0, 0)
    lots: tuple[LotBack, ...] = ()
    if not points and not taken:
        return given, took, lots
    connection = db.session.connection()
    foreseen = _read(connection, member, of=of, taken=taken, taken_of=taken_of, at=at)
    book = Book(foreseen.account, connection, foreseen)
    book.ripen(foreseen.due(at), None, at)
    if points:
        check_points(points)
        given = refund_in(book, points, Cause(ref=of, of=of, actor=SYSTEM, at=at), grace=grace)
        lots = _lots_back(book, foreseen, at)
        book.bury(at)
    if taken:
        check_points(taken)
        found = plan(book, taken_of, taken)
        took = TakenBack(
            taken, _from(found, "pending"), _from(found, "remaining"), _from(found, "expired"), found.debt
        )
    return given, took, lots


def _read(
    connection: sa.Connection, member: MemberId, *, of: Ref, taken: int, taken_of: Ref, at: datetime
) -> Foreseen:
    named = {**sql.named("spent", of), **sql.named("taken_of", taken_of)}
    rows = connection.execute(_FORESEE, {"member_id": member, "at": at, "taken": taken, **named}).all()
    if not rows:
        raise NoAccount(f"member {member} has no points account")
    return Foreseen(rows)


def _state(row: sql.Row) -> LotState:
    return LotState(**{column.name: getattr(row, f"lot_{column.name}") for column in sql.lot_columns})


def _is_due(lot: LotState, at: datetime) -> bool:
    ripe = lot.pending > 0 and lot.activates_at is not None and lot.activates_at <= at
    return ripe or (lot.remaining > 0 and lot.dies_at is not None and lot.dies_at <= at)


def _lots_back(book: Book, foreseen: Foreseen, at: datetime) -> tuple[LotBack, ...]:
    """The lots to which the entry that was posted last gives points back that live on."""
    moved = [one for one in book.allocations if one["seq"] == book.seq and one["dst"] == "remaining"]
    lots = [(one["n"], book.lots[one["lot"]]) for one in moved]
    return tuple(
        LotBack(n, lot.dies_at, lot.earned_at, foreseen.origins[lot.number])
        for n, lot in lots
        if lot.dies_at is None or lot.dies_at > at
    )


def _from(found: Plan, bucket: str) -> int:
    return sum(move.n for move in found.moves if move.src == bucket)

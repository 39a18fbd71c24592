"""Holds: points bound for an order that waits for cash. Held points do not expire."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from mall.core.actor import Actor
from mall.core.db import write_connection
from mall.core.ids import MemberId
from mall.domain.ledger import chain, saving
from mall.domain.ledger import statements as sql
from mall.domain.ledger.book import Book
from mall.domain.ledger.errors import HoldTooSmall, LostLock
from mall.domain.ledger.rules import GRACE, Cause, Key, Move, Posted, Ref, check_points, give_back


@dataclass(frozen=True, slots=True)
class HoldRow:
    """A hold that was placed: its id, and the entry that placed it."""

    id: int
    member: MemberId
    amount: int
    posted: Posted


def hold(
    member: MemberId, points: int, *, ref: Ref, key: Key, actor: Actor, at: datetime, note: str | None = None
) -> HoldRow:
    """Bind available points, in the order of use, until `capture` or `release`. Raises NotEnoughPoints."""
    check_points(points)
    request = chain.request_hash("hold", member, points, ref)
    connection = write_connection()
    book = Book.open(member, connection)
    if row := saving.stored(connection, key, request):
        return HoldRow(row.hold_id, member, points, saving.replay(connection, row))
    book.settle(connection, at)
    moves = book.spend(connection, points, "held")
    placed = {
        "member_id": member,
        "ref_kind": ref.kind,
        "ref_id": ref.id,
        "amount": points,
        "pending": points,
        "placed_at": at,
    }
    hold_id: int = connection.execute(sql.ADD_HOLD, placed).scalar_one()
    cause = Cause(ref=ref, hold=hold_id, actor=actor, at=at, key=key, request=request, note=note)
    posted = book.post("hold", moves, cause)
    saving.save(connection, [book])
    return HoldRow(hold_id, member, points, posted)


def capture(
    hold_id: int, points: int | None = None, *, key: Key, actor: Actor, at: datetime, note: str | None = None
) -> Posted:
    """Spend held points (`points` None: all that the hold still has), the first bound first. Raises HoldTooSmall."""
    return _resolve("capture", hold_id, points, key=key, actor=actor, at=at, note=note, grace=GRACE)


def release(
    hold_id: int,
    points: int | None = None,
    *,
    key: Key,
    actor: Actor,
    at: datetime,
    note: str | None = None,
    grace: timedelta = GRACE,
) -> Posted:
    """Give held points back to their lots (`points` None: all that the hold still has), the last bound first.

    A lot whose time was over meanwhile lives `grace` longer, once. Debt is repaid first. Raises HoldTooSmall.
    """
    return _resolve("release", hold_id, points, key=key, actor=actor, at=at, note=note, grace=grace)


def _resolve(
    verb: str,
    hold_id: int,
    points: int | None,
    *,
    key: Key,
    actor: Actor,
    at: datetime,
    note: str | None,
    grace: timedelta,
) -> Posted:
    if points is not None:
        check_points(points)
    connection = write_connection()
    asked = {"hold_id": hold_id}
    member = MemberId(connection.execute(sql.READ_HOLD, asked).one().member_id)
    request = chain.request_hash(verb, member, points, hold_id)
    book = Book.open(member, connection)
    if row := saving.stored(connection, key, request):
        return saving.replay(connection, row)
    book.settle(connection, at)
    held = connection.execute(sql.READ_HOLD, asked).one()
    points = held.pending if points is None else points
    if not 0 < points <= held.pending:
        raise HoldTooSmall(left=held.pending)
    bound = [(row.lot, row.n) for row in connection.execute(sql.HELD_BY, {**asked, "member_id": member})]
    book.load(connection, [lot for lot, _ in bound])
    ref = Ref(held.ref_kind, held.ref_id)
    cause = Cause(ref=ref, hold=hold_id, actor=actor, at=at, key=key, request=request, note=note)
    if verb == "capture":
        parts = give_back(bound[::-1], points)
        posted = book.post("capture", [Move(lot, "held", "spent", n) for lot, n in parts], cause)
    else:
        parts = give_back(bound, points)
        moves = [Move(lot, "held", "remaining", n) for lot, n in parts]
        posted = book.post("release", moves, cause, grace=grace)
    book.bury(at)
    _change(connection, held, verb, points)
    saving.save(connection, [book])
    return posted


def _change(connection: sa.Connection, held: sql.Row, verb: str, points: int) -> None:
    taken, given = (points, 0) if verb == "capture" else (0, points)
    change = {
        "of_hold": held.id,
        "pending_before": held.pending,
        "pending": held.pending - points,
        "captured": held.captured + taken,
        "released": held.released + given,
    }
    if connection.execute(sql.CHANGE_HOLD, change).rowcount != 1:
        raise LostLock(f"hold {held.id} was not as it had been read")

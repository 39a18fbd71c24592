"""Holds: points bound for an order that waits for cash. Held points do not expire."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

import sqlalchemy as sa

from mall.core.actor import Actor
from mall.core.db import changed, write_connection
from mall.core.ids import MemberId
from mall.domain.ledger import chain, saving
from mall.domain.ledger import statements as sql
from mall.domain.ledger.book import Book
from mall.domain.ledger.errors import HoldTooSmall, LostLock
from mall.domain.ledger.rules import GRACE, Bucket, Cause, Key, Move, Posted, Ref, check_points, give_back


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
    cause = Cause(ref=ref, actor=actor, at=at, key=key, request=request, note=note)

    def bind(book: Book) -> Posted:
        moves = book.spend(points, "held")
        placed = {
            "member_id": member,
            "ref_kind": ref.kind,
            "ref_id": ref.id,
            "amount": points,
            "pending": points,
            "placed_at": at,
        }
        hold_id: int = book.connection.execute(sql.ADD_HOLD, placed).scalar_one()
        return book.post("hold", moves, replace(cause, hold=hold_id))

    posted = saving.once(member, cause, bind)
    assert posted.hold is not None
    return HoldRow(posted.hold, member, points, posted)


def held_for(member: MemberId, ref: Ref) -> int | None:
    """The hold that still binds a member's points for `ref`; None if there is none. The caller holds the account's lock."""
    asked = {"member_id": member, "ref_kind": ref.kind, "ref_id": ref.id}
    return write_connection().execute(sql.OPEN_HOLD, asked).scalar_one_or_none()


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
    verb: Literal["capture", "release"],
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
    connection, asked = write_connection(), {"hold_id": hold_id}
    placed = connection.execute(sql.READ_HOLD, asked).one()
    member, ref = MemberId(placed.member_id), Ref(placed.ref_kind, placed.ref_id)
    request = chain.request_hash(verb, member, points, hold_id)
    cause = Cause(ref=ref, hold=hold_id, actor=actor, at=at, key=key, request=request, note=note)

    def resolve(book: Book) -> Posted:
        held = connection.execute(sql.READ_HOLD, asked).one()
        n = held.pending if points is None else points
        if not 0 < n <= held.pending:
            raise HoldTooSmall(left=held.pending)
        bound = [(row.lot, row.n) for row in connection.execute(sql.HELD_BY, {**asked, "member_id": member})]
        book.load([lot for lot, _ in bound])
        _change(connection, held, verb, n)
        parts = give_back(bound if verb == "release" else bound[::-1], n)
        dst: Bucket = "remaining" if verb == "release" else "spent"
        return book.post(verb, [Move(lot, "held", dst, n) for lot, n in parts], cause, grace=grace)

    return saving.once(member, cause, resolve)


def _change(connection: sa.Connection, held: sql.Row, verb: str, points: int) -> None:
    taken, given = (points, 0) if verb == "capture" else (0, points)
    change = {
        "of_hold": held.id,
        "pending_before": held.pending,
        "pending": held.pending - points,
        "captured": held.captured + taken,
        "released": held.released + given,
    }
    if changed(connection.execute(sql.CHANGE_HOLD, change)) != 1:
        raise LostLock(f"hold {held.id} was not as it had been read")

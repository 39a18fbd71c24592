"""Reversals: points that were earned are taken back, as stored, whatever the rules say today."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from mall.core.actor import SYSTEM, Actor
from mall.core.db import db
from mall.core.ids import MemberId
from mall.domain.ledger import chain, saving
from mall.domain.ledger import statements as sql
from mall.domain.ledger.book import Book, about
from mall.domain.ledger.errors import TooMuchBack
from mall.domain.ledger.refunds import Refunded, refund_in
from mall.domain.ledger.rules import (
    GRACE,
    Cause,
    Key,
    LotBack,
    Plan,
    Posted,
    Ref,
    check_points,
    order_of_use,
    reversal,
)


@dataclass(frozen=True, slots=True)
class TakenBack:
    """Where a reversal takes earned points from, and the debt that is left when there are not enough."""

    points: int
    pending: int
    available: int
    expired: int
    debt: int


def reverse(
    member: MemberId,
    points: int | None,
    *,
    of: Ref,
    ref: Ref,
    key: Key,
    actor: Actor,
    at: datetime,
    note: str | None = None,
) -> Posted:
    """Take back points that `of` granted (a purchase was returned); `points` None: all that is left of them.

    The stored amounts count, whatever the rules say today: first the origin's pending, remaining and expired points,
    then the other lots' remaining ones, then the member owes the rest as debt. Held points stay held.
    Raises TooMuchBack if `of` granted less than was and is to be taken back.
    """
    if points is not None:
        check_points(points)
    request = chain.request_hash("reverse", member, points, ref, of)
    cause = Cause(ref=ref, of=of, actor=actor, at=at, key=key, request=request, note=note)

    def take_back(book: Book) -> Posted:
        plan = _plan(book, of, points)
        return book.post("reverse", plan.moves, cause, debt=plan.debt)

    return saving.once(member, cause, take_back)


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
    book = Book.open(member, db.session.connection(), locked=False)
    book.settle(at)
    given, took = Refunded(0, (), 0, 0), TakenBack(0, 0, 0, 0, 0)
    lots: tuple[LotBack, ...] = ()
    if points:
        check_points(points)
        given = refund_in(book, points, Cause(ref=of, of=of, actor=SYSTEM, at=at), grace=grace)
        lots = _lots_back(book, at)
        book.bury(at)
    if taken:
        check_points(taken)
        plan = _plan(book, taken_of, taken)
        took = TakenBack(
            taken,
            _from(plan, "pending"),
            _from(plan, "remaining"),
            _from(plan, "expired"),
            plan.debt,
        )
    return given, took, lots


def _lots_back(book: Book, at: datetime) -> tuple[LotBack, ...]:
    """The lots to which the entry that was posted last gives points back that live on."""
    moved = [one for one in book.allocations if one["seq"] == book.seq and one["dst"] == "remaining"]
    asked = {"member_id": book.member, "numbers": [one["lot"] for one in moved]}
    origins = {
        row.number: Ref(row.ref_kind, row.ref_id) for row in book.connection.execute(sql.ORIGINS, asked)
    }
    lots = [(one["n"], book.lots[one["lot"]]) for one in moved]
    return tuple(
        LotBack(n, lot.dies_at, lot.earned_at, origins[lot.number])
        for n, lot in lots
        if lot.dies_at is None or lot.dies_at > at
    )


def _plan(book: Book, of: Ref, points: int | None) -> Plan:
    origin = book.load_granted(of)
    before: int = book.connection.execute(sql.REVERSED_BEFORE, about(book.member, of)).scalar_one()
    left = sum(lot.granted for lot in origin) - before
    points = left if points is None else points
    if not 0 < points <= left:
        raise TooMuchBack(left=left)
    own = sum(lot.pending + lot.remaining + lot.expired for lot in origin)
    ours = {lot.number for lot in origin}
    others = [lot for lot in book.usable(points) if lot.number not in ours] if own < points else []
    return reversal(sorted(origin, key=order_of_use), others, points)


def _from(plan: Plan, bucket: str) -> int:
    return sum(move.n for move in plan.moves if move.src == bucket)

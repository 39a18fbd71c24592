"""Reversals: points that were earned are taken back, as stored, whatever the rules say today."""

from datetime import datetime

from mall.core.actor import Actor
from mall.core.ids import MemberId
from mall.domain.ledger import chain, saving
from mall.domain.ledger.book import Book
from mall.domain.ledger.errors import TooMuchBack
from mall.domain.ledger.rules import Cause, Key, Plan, Posted, Ref, check_points, order_of_use, reversal


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
        found = plan(book, of, points)
        return book.post("reverse", found.moves, cause, debt=found.debt)

    return saving.once(member, cause, take_back)


def plan(book: Book, of: Ref, points: int | None) -> Plan:
    """What taking back so many points that `of` granted would move in a settled book. Raises TooMuchBack."""
    origin = book.load_granted(of)
    left = sum(lot.granted for lot in origin) - book.source.reversed_before(of)
    points = left if points is None else points
    if not 0 < points <= left:
        raise TooMuchBack(left=left)
    own = sum(lot.pending + lot.remaining + lot.expired for lot in origin)
    ours = {lot.number for lot in origin}
    others = [lot for lot in book.usable(points) if lot.number not in ours] if own < points else []
    return reversal(sorted(origin, key=order_of_use), others, points)

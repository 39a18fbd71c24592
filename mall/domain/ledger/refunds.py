"""Refunds: spent points go back to the lots they came from, with their dates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mall.core.actor import Actor
from mall.core.ids import MemberId
from mall.domain.ledger import chain, saving
from mall.domain.ledger.book import Book
from mall.domain.ledger.errors import TooMuchBack
from mall.domain.ledger.rules import GRACE, Cause, Key, Move, Posted, Ref, check_points, give_back


@dataclass(frozen=True, slots=True)
class Refunded:
    """What a refund gives back: (points, expiry) per lot, what goes into debt, what is too late and expires at once."""

    points: int
    lots: tuple[tuple[int, datetime | None], ...]
    repaid: int
    expired: int
    seq: int = 0


def refund(
    member: MemberId,
    points: int,
    *,
    of: Ref,
    ref: Ref,
    key: Key,
    actor: Actor,
    at: datetime,
    note: str | None = None,
    grace: timedelta = GRACE,
) -> Refunded:
    """Give back points that `of` spent, to the same lots with their dates, the last used first.

    Debt is repaid first. A lot whose time was over lives `grace` longer, once; after that its points expire at once.
    Raises TooMuchBack if `of` spent less than was and is to be given back.
    """
    check_points(points)
    request = chain.request_hash("refund", member, points, ref, of)
    cause = Cause(ref=ref, of=of, actor=actor, at=at, key=key, request=request, note=note)
    return _refunded(saving.once(member, cause, lambda book: _give_back(book, points, cause, grace)), at)


def refund_in(book: Book, points: int, cause: Cause, *, grace: timedelta = GRACE) -> Refunded:
    """Post a refund in a settled book, in memory; the caller saves it, or forgets it (a preview). Raises TooMuchBack."""
    return _refunded(_give_back(book, points, cause, grace), cause.at)


def _give_back(book: Book, points: int, cause: Cause, grace: timedelta) -> Posted:
    assert cause.of is not None
    uses = book.source.refundable(cause.of)
    left = sum(n for _, n in uses)
    if points > left:
        raise TooMuchBack(left=left)
    parts = give_back(uses, points)
    book.load([lot for lot, _ in parts])
    return book.post("refund", [Move(lot, "spent", "remaining", n) for lot, n in parts], cause, grace=grace)


def _refunded(posted: Posted, at: datetime) -> Refunded:
    alive, expired = _split(posted.lots, at)
    return Refunded(posted.points, alive, posted.repaid, expired, posted.seq)


def _split(
    lots: Sequence[tuple[int, datetime | None]], at: datetime
) -> tuple[tuple[tuple[int, datetime | None], ...], int]:
    alive = tuple((n, dies_at) for n, dies_at in lots if dies_at is None or dies_at > at)
    return alive, sum(n for n, _ in lots) - sum(n for n, _ in alive)

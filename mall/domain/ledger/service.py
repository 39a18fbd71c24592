"""The verbs that change points. Each locks the account, settles what time has changed, writes entries; no commit.

All of them take the idempotency `key` of the request: the same key and request again answer the same and write
nothing; another request under the same key raises KeyReused. Points are whole numbers in [1, 10**12], else BadValue.
`at` is the instant of the write (aware).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from mall.core.actor import Actor
from mall.core.db import changed, write_connection
from mall.core.ids import MemberId
from mall.domain.ledger import chain, saving
from mall.domain.ledger import statements as sql
from mall.domain.ledger.book import Book, settle
from mall.domain.ledger.bulk import earn_many
from mall.domain.ledger.errors import (
    HoldTooSmall,
    LostLock,
    NoAccount,
    NotEnoughPoints,
    TooMuchBack,
)
from mall.domain.ledger.foreseeing import TakenBack, preview_return
from mall.domain.ledger.holds import HoldRow, capture, held_for, hold, release
from mall.domain.ledger.refunds import Refunded, refund
from mall.domain.ledger.reversals import reverse
from mall.domain.ledger.rules import (
    Cause,
    Earning,
    Key,
    Posted,
    Ref,
    check_points,
)

__all__ = [
    "Earning",
    "HoldRow",
    "HoldTooSmall",
    "Key",
    "LostLock",
    "NoAccount",
    "NotEnoughPoints",
    "Posted",
    "Ref",
    "Refunded",
    "TakenBack",
    "TooMuchBack",
    "adjust",
    "capture",
    "earn",
    "earn_many",
    "erase_notes",
    "expire",
    "held_for",
    "hold",
    "lock",
    "open_account",
    "open_accounts",
    "preview_return",
    "redeem",
    "refund",
    "release",
    "reverse",
]


def open_account(member: MemberId, *, at: datetime) -> None:
    """Give a member an empty points account."""
    open_accounts([member], at=at)


def open_accounts(members: Sequence[MemberId], *, at: datetime) -> None:
    """Give many members empty points accounts."""
    if members:
        rows = [{"member_id": member, "opened_at": at} for member in members]
        write_connection().execute(sql.OPEN_ACCOUNT, rows)


def lock(members: Sequence[MemberId]) -> None:
    """Lock these accounts, ascending, before anything else is locked. Raises NoAccount.

    On SQLite the write transaction is the lock.
    """
    asked = sorted(set(members))
    found = write_connection().execute(sql.LOCK_ACCOUNTS, {"members": asked}).all()
    if len(found) != len(asked):
        raise NoAccount(f"{len(asked) - len(found)} of {len(asked)} members have no points account")


def earn(
    member: MemberId,
    points: int,
    *,
    ref: Ref,
    key: Key,
    actor: Actor,
    at: datetime,
    earned_at: datetime | None = None,
    activates_at: datetime | None = None,
    expires_at: datetime | None = None,
    note: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> Posted:
    """Grant points as a new lot; what is available at once repays debt first.

    The lot counts as earned at `earned_at` (default: `at`), waits until `activates_at`, expires at `expires_at`
    (None: never). A life that is already over expires in the same write. `details` say how the points came about
    (text and whole numbers only, no personal data: it can never be erased); `note` is free text and can be.
    """
    earning = Earning(member, points, ref, key, earned_at, activates_at, expires_at, note, details)
    return earn_many([earning], actor=actor, at=at)[0]


def redeem(
    member: MemberId,
    points: int,
    *,
    ref: Ref,
    key: Key,
    actor: Actor,
    at: datetime,
    note: str | None = None,
) -> Posted:
    """Spend available points at once, in the order of use. Raises NotEnoughPoints."""
    check_points(points)
    request = chain.request_hash("redeem", member, points, ref)
    cause = Cause(ref=ref, actor=actor, at=at, key=key, request=request, note=note)
    return saving.once(member, cause, lambda book: book.post("redeem", book.spend(points, "spent"), cause))


def adjust(
    member: MemberId,
    points: int,
    *,
    ref: Ref,
    key: Key,
    actor: Actor,
    at: datetime,
    note: str,
    expires_at: datetime | None = None,
) -> Posted:
    """Give points by hand (`points` > 0: a new lot), or take available ones away (`points` < 0, in order of use).

    Takes only what is there: raises NotEnoughPoints rather than make a debt; a grant that was wrong and is spent is
    taken back with `reverse`, which may. `note` says why.
    """
    check_points(abs(points) if type(points) is int else points)
    request = chain.request_hash("adjust", member, points, ref)
    cause = Cause(ref=ref, actor=actor, at=at, key=key, request=request, note=note)

    def give_or_take(book: Book) -> Posted:
        if points > 0:
            moves = book.grant(points, at=at, earned_at=at, expires_at=expires_at)
        else:
            moves = book.spend(-points, "reversed")
        return book.post("adjust", moves, cause)

    return saving.once(member, cause, give_or_take)


def expire(as_of: datetime, *, limit: int = 500, only: MemberId | None = None) -> int:
    """Activate and expire what is due at `as_of`, for up to `limit` members; the number of members that were due.

    Idempotent. Call it in transactions of its own until it returns less than `limit`; or for one member.
    """
    connection = write_connection()
    found = {"at": as_of, "page": limit}
    due = [only] if only is not None else connection.execute(sql.MEMBERS_DUE, found).scalars().all()
    if due:
        rows = connection.execute(sql.LOCK_ACCOUNTS, {"members": due})
        # Another sweep may have been here while this one waited for the locks.
        books = [Book(row, connection) for row in rows if row.due_at is not None and row.due_at <= as_of]
        settle(books, connection, as_of)
        saving.save(connection, books)
    return len(due)


def erase_notes(member: MemberId) -> int:
    """Erase the free texts of a member's entries; the chain holds their salted hashes and stays whole."""
    return changed(write_connection().execute(sa.delete(sql.note).where(sql.note.c.member_id == member)))

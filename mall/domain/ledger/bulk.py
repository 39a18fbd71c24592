"""Earning, one row or a whole import: the same rules, many members, few statements."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TypeVar

import sqlalchemy as sa

from mall.core.actor import Actor
from mall.core.db import write_connection
from mall.core.errors import KeyReused
from mall.core.ids import MemberId
from mall.domain.ledger import chain, saving
from mall.domain.ledger import statements as sql
from mall.domain.ledger.book import Book, settle
from mall.domain.ledger.errors import NoAccount
from mall.domain.ledger.rules import Cause, Earning, Key, Posted, check_points

_CHUNK = 5_000
Item = TypeVar("Item")


def earn_many(rows: Iterable[Earning], *, actor: Actor, at: datetime) -> list[Posted]:
    """Grant points to many members: for each row what `earn` does, in the order given for each member.

    Locks all members ascending first. Answers one Posted for each row, in order; a row whose key is known answers what
    was stored. Raises BadValue, KeyReused, NoAccount; then nothing is written. Memory grows with the rows: imports
    call it for some thousand rows at a time.
    """
    asked = list(rows)
    for row in asked:
        check_points(row.points)
        chain.check_plain(row.details)
    connection = write_connection()
    books = _lock(connection, {row.member for row in asked})
    known = _stored(connection, asked)
    settle(
        [books[member] for member in {row.member for row in asked if row.key not in known}], connection, at
    )
    posted: list[Posted] = []
    new: dict[Key, tuple[bytes, Posted]] = {}
    for row in asked:
        request = chain.request_hash("earn", row.member, row.points, row.ref)
        if (before := known.get(row.key)) is not None:
            if before[0].request != request:
                raise KeyReused()
            posted.append(saving.told(before[0], before))
            continue
        if row.key not in new:
            new[row.key] = request, _earn(books[row.member], row, request, actor, at)
        elif new[row.key][0] != request:
            raise KeyReused()
        posted.append(new[row.key][1])
    written = [book for book in books.values() if book.entries]
    for book in written:
        book.bury(at)
    for first in range(0, len(written), _CHUNK):
        saving.save(connection, written[first : first + _CHUNK])
    return posted


def _earn(book: Book, row: Earning, request: bytes, actor: Actor, at: datetime) -> Posted:
    moves = book.grant(
        row.points,
        at=at,
        earned_at=row.earned_at or at,
        activates_at=row.activates_at,
        expires_at=row.expires_at,
    )
    cause = Cause(
        ref=row.ref, actor=actor, at=at, key=row.key, request=request, note=row.note, details=row.details
    )
    return book.post("earn", moves, cause)


def _lock(connection: sa.Connection, members: set[MemberId]) -> dict[MemberId, Book]:
    ordered, books = sorted(members), dict[MemberId, Book]()
    for some in _chunks(ordered):
        for account in connection.execute(sql.LOCK_ACCOUNTS, {"members": some}):
            books[MemberId(account.member_id)] = Book(account, connection)
    if missing := members - books.keys():
        raise NoAccount(f"member {min(missing)} has no points account")
    return books


def _stored(connection: sa.Connection, rows: Sequence[Earning]) -> dict[Key, list[sql.Row]]:
    """What was written before under these rows' keys: for each key the entry's moves."""
    found: dict[Key, list[sql.Row]] = defaultdict(list)
    by_scope: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        by_scope[row.key.scope].append(row.key.value)
    for scope, values in by_scope.items():
        for some in _chunks(values):
            for move in connection.execute(sql.ENTRIES_BY_KEYS, {"scope": scope, "values": some}):
                found[Key(scope, move.key_value)].append(move)
    return found


def _chunks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    for first in range(0, len(items), _CHUNK):
        yield items[first : first + _CHUNK]

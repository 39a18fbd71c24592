"""From requests to books and from books to rows: idempotency before, the writes after."""

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from mall.core.bulk import insert_many
from mall.core.db import changed, write_connection
from mall.core.errors import KeyReused
from mall.core.ids import MemberId
from mall.domain.ledger import statements as sql
from mall.domain.ledger.book import Book
from mall.domain.ledger.errors import LostLock
from mall.domain.ledger.rules import BUCKETS, Cause, Key, LotState, Posted

#: What PostgreSQL's unique constraint and SQLite's trigger say of a key that another member's entry took meanwhile.
_KEY_TAKEN = ("uq_entry_key_scope_key_value", "the key exists")


def once(member: MemberId, cause: Cause, rule: Callable[[Book], Posted]) -> Posted:
    """Let `rule` write to a member's account what `cause` asks for, unless that stands there already.

    Every verb goes through here: lock the account; under a known key, answer what was stored; else settle what time
    has changed, apply the rule, and save. Raises NoAccount, KeyReused, and what the rule raises.
    """
    assert cause.key is not None
    assert cause.request is not None
    connection = write_connection()
    book = Book.open(member, connection)
    if row := stored(connection, cause.key, cause.request):
        return _replay(connection, row)
    book.settle(cause.at)
    posted = rule(book)
    book.bury(cause.at)
    save(connection, [book])
    return posted


def stored(connection: sa.Connection, key: Key, request: bytes) -> sql.Row | None:
    """The entry that was written under this key, if there is one; ask with the account locked.

    Raises KeyReused if it was written for another request.
    """
    asked = {"scope": key.scope, "value": key.value}
    row = connection.execute(sql.ENTRY_BY_KEY, asked).one_or_none()
    if row is not None and row.request != request:
        raise KeyReused()
    return row


def _replay(connection: sa.Connection, row: sql.Row) -> Posted:
    asked = {"member_id": row.member_id, "seq": row.seq}
    return told(row, connection.execute(sql.MOVES_OF_ENTRY, asked).all(), row.debt, row.hold_id)


def told(row: sql.Row, moves: Sequence[sql.Row], debt: int = 0, hold: int | None = None) -> Posted:
    """An entry as it was answered when it was written, from its row and its moves; expiry dates as they are today."""
    parts = tuple((move.n, move.dies_at) for move in moves if move.dst != "repaid")
    repaid = sum(move.n for move in moves if move.dst == "repaid")
    points = sum(move.n for move in moves) + max(debt, 0)
    return Posted(MemberId(row.member_id), row.seq, points, row.balance, parts, repaid, hold, again=True)


def save(connection: sa.Connection, books: Sequence[Book]) -> None:
    """Send all that the books have to write. Raises LostLock if an account is not as it was read."""
    try:
        _add(connection, sql.entry, [row for book in books for row in book.entries])
    except IntegrityError as error:
        if any(words in str(error.orig) for words in _KEY_TAKEN):
            raise KeyReused() from error
        raise
    touched = [(book, book.lots[number]) for book in books for number in sorted(book.touched)]
    _add(connection, sql.lot, [_new(book, lot) for book, lot in touched if lot.number > book.stored_lots])
    _change_lots(connection, [_changed(book, lot) for book, lot in touched if lot.number <= book.stored_lots])
    _add(connection, sql.allocation, [row for book in books for row in book.allocations])
    _add(connection, sql.note, [row for book in books for row in book.notes])
    found = _change_accounts(connection, [_account(book) for book in books])
    if found != len(books):
        raise LostLock(f"{found} of {len(books)} accounts were as they had been read")


def _add(connection: sa.Connection, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    if len(rows) == 1:
        connection.execute(sql.ADD[table], rows[0])
    elif rows:
        insert_many(connection, table, rows)


def _change_lots(connection: sa.Connection, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(sql.CHANGE_LOT, rows if len(rows) > 1 else rows[0])


def _change_accounts(connection: sa.Connection, rows: list[dict[str, Any]]) -> int:
    if len(rows) > 1 and connection.dialect.name == "postgresql":
        columns = {name: [row[name] for row in rows] for name in rows[0]}
        return changed(connection.execute(sql.CHANGE_ACCOUNTS, columns))
    return changed(connection.execute(sql.CHANGE_ACCOUNT, rows if len(rows) > 1 else rows[0])) if rows else 0


def _account(book: Book) -> dict[str, Any]:
    return {
        "of_member": book.member,
        "seq_before": book.seq_before,
        "available": book.available,
        "held": book.held,
        "pending": book.pending,
        "debt": book.debt,
        "seq": book.seq,
        "lots": book.lot_count,
        "head": book.head,
        "due_at": book.next_due,
    }


def _new(book: Book, lot: LotState) -> dict[str, Any]:
    return {
        "member_id": book.member,
        "number": lot.number,
        "seq": lot.seq,
        "grace_seq": lot.grace_seq,
        "earned_at": lot.earned_at,
        "activates_at": lot.activates_at,
        "expires_at": lot.expires_at,
        "grace_until": lot.grace_until,
        "granted": lot.granted,
        **{bucket: getattr(lot, bucket) for bucket in BUCKETS},
    }


def _changed(book: Book, lot: LotState) -> dict[str, Any]:
    return {
        "of_member": book.member,
        "of_number": lot.number,
        "grace_until": lot.grace_until,
        "grace_seq": lot.grace_seq,
        **{bucket: getattr(lot, bucket) for bucket in BUCKETS},
    }

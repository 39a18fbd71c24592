"""A member's account while it is being written: locked, read, changed in memory by entries, saved at once.

Many books are saved together by imports. Nothing here decides how many points move; that is `rules`.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from secrets import token_bytes
from typing import Any

import sqlalchemy as sa

from mall.core.actor import SYSTEM
from mall.core.ids import MemberId
from mall.domain.ledger import chain
from mall.domain.ledger import statements as sql
from mall.domain.ledger.errors import NoAccount, NotEnoughPoints
from mall.domain.ledger.rules import (
    GRACE,
    Bucket,
    Cause,
    Changes,
    Kind,
    LotState,
    Move,
    Posted,
    Ref,
    changes,
    credit,
    earliest,
    order_of_use,
    take,
)
from mall.domain.ledger.stored import Source, Stored

_PAGE = 32
_BACK = ("release", "refund")


class Book:
    """One member's balances, the lots read so far, and the rows that `save` will write."""

    def __init__(self, row: sql.Row, connection: sa.Connection, source: Source | None = None) -> None:
        self.connection, self.member = connection, MemberId(row.member_id)
        self.source = source or Stored(self.member, connection)
        self.available, self.held, self.pending, self.debt = row.available, row.held, row.pending, row.debt
        self.seq, self.lot_count, self.head, self.due_at = row.seq, row.lots, row.head, row.due_at
        self.seq_before, self.stored_lots = row.seq, row.lots
        self.lots: dict[int, LotState] = {}
        self.touched: set[int] = set()
        self.entries: list[dict[str, Any]] = []
        self.allocations: list[dict[str, Any]] = []
        self.notes: list[dict[str, Any]] = []

    @classmethod
    def open(cls, member: MemberId, connection: sa.Connection, *, locked: bool = True) -> "Book":
        """Read a member's account, and keep others from writing it until the end of the transaction.

        `locked=False` is for previews, which write nothing. Raises NoAccount.
        """
        statement = sql.LOCK_ACCOUNT if locked else sql.READ_ACCOUNT
        row = connection.execute(statement, {"member_id": member}).one_or_none()
        if row is None:
            raise NoAccount(f"member {member} has no points account")
        return cls(row, connection)

    def settle(self, at: datetime) -> None:
        """Activate, then expire, what is due at `at`, so that dead points are never used."""
        settle([self], self.connection, at)

    def ripen(self, due: Iterable[LotState], next_due: datetime | None, at: datetime) -> None:
        """Post what time has done to the `due` lots; the others are due from `next_due` on."""
        self.due_at = next_due
        lots = sorted((self.lots.setdefault(lot.number, lot) for lot in due), key=order_of_use)
        if ripe := take(lots, "pending", "remaining", self.pending):
            self.post("activate", ripe, _calendar(at))
        self.bury(at)

    def bury(self, at: datetime) -> None:
        """Expire what is dead among the lots at hand: points may come back to, or be granted with, a life that is over."""
        dead = [lot for lot in self.lots.values() if lot.remaining and lot.dies_at and lot.dies_at <= at]
        moves = take(sorted(dead, key=order_of_use), "remaining", "expired", self.available)
        if moves:
            self.post("expire", moves, _calendar(at))

    def spend(self, points: int, dst: Bucket) -> list[Move]:
        """Take available points in the order of use. Raises NotEnoughPoints."""
        if self.available < points:
            raise NotEnoughPoints(missing=points - self.available)
        return take(self.usable(points), "remaining", dst, points)

    def usable(self, points: int) -> list[LotState]:
        """Lots with remaining points in order of use: enough for `points`, or all there are."""
        skip, page = 0, _PAGE
        while True:
            read = self._load(self.source.usable(skip, page))
            lots = sorted((lot for lot in self.lots.values() if lot.remaining), key=order_of_use)
            if len(read) < page:
                return lots
            # Lots changed in memory may sort behind some that are not read yet.
            horizon = order_of_use(read[-1])
            near = [lot for lot in lots if order_of_use(lot) <= horizon]
            if sum(lot.remaining for lot in near) >= points:
                return near
            skip, page = skip + page, page * 4

    def load(self, numbers: Sequence[int]) -> None:
        """Read these lots, so that entries can move their points."""
        missing = [number for number in numbers if number not in self.lots]
        if missing:
            self._load(self.source.numbered(missing))

    def load_granted(self, ref: Ref) -> list[LotState]:
        """Read the lots that `ref` granted, in order of use."""
        return self._load(self.source.granted(ref))

    def _load(self, found: Sequence[LotState]) -> list[LotState]:
        return [self.lots.setdefault(lot.number, lot) for lot in found]

    def grant(
        self,
        points: int,
        *,
        at: datetime,
        earned_at: datetime,
        activates_at: datetime | None = None,
        expires_at: datetime | None = None,
    ) -> list[Move]:
        """Open a new lot; pending if its `activates_at` is still to come."""
        self.lot_count += 1
        lot = LotState(
            number=self.lot_count,
            seq=self.seq + 1,
            earned_at=earned_at,
            activates_at=activates_at,
            expires_at=expires_at,
            granted=points,
        )
        self.lots[lot.number] = lot
        waits = lot.activates_at is not None and lot.activates_at > at
        return [Move(lot.number, None, "pending" if waits else "remaining", points)]

    def post(
        self, kind: Kind, moves: Sequence[Move], cause: Cause, *, debt: int = 0, grace: timedelta = GRACE
    ) -> Posted:
        """Write an entry in memory: apply the moves (what becomes available repays debt first), lengthen the chain."""
        moves = credit(moves, self.debt)
        changed = changes(moves, debt)
        self.seq += 1
        given = self._apply(moves, cause.at, grace if kind in _BACK else None)
        self.available += changed.available
        self.held += changed.held
        self.pending += changed.pending
        self.debt += changed.debt
        salt = token_bytes(16)
        noted = chain.note_hash(salt, cause.note) if cause.note else None
        granted = {move.lot: self.lots[move.lot] for move in moves if move.src is None}
        payload = chain.payload(
            self.member,
            self.seq,
            kind,
            changed=changed,
            moves=moves,
            lots=granted.values(),
            grace=given,
            cause=cause,
            noted=noted,
        )
        previous, self.head = self.head, chain.entry_hash(self.head, payload)
        place = {"member_id": self.member, "seq": self.seq}
        self.entries.append(
            place
            | {"kind": kind, "balance": self.available, "note_hash": noted}
            | {"previous": previous, "hash": self.head}
            | _columns(changed, cause)
        )
        self.allocations += [
            place | {"line": line, "lot": move.lot, "src": move.src, "dst": move.dst, "n": move.n}
            for line, move in enumerate(moves, 1)
        ]
        if cause.note:
            self.notes.append(place | {"salt": salt, "text": cause.note})
        return self._posted(moves, debt, cause.hold)

    def _apply(
        self, moves: Sequence[Move], at: datetime, grace: timedelta | None
    ) -> list[tuple[int, datetime]]:
        """Move the points between the lots' buckets; give grace, once, to lots whose time was over."""
        given = []
        for move in moves:
            lot = self.lots[move.lot]
            if move.src is not None:
                setattr(lot, move.src, getattr(lot, move.src) - move.n)
            setattr(lot, move.dst, getattr(lot, move.dst) + move.n)
            late = lot.expires_at is not None and lot.expires_at <= at and lot.grace_until is None
            if grace is not None and move.dst == "remaining" and late:
                lot.grace_until, lot.grace_seq = at + grace, self.seq
                given.append((lot.number, lot.grace_until))
            self.touched.add(lot.number)
        return given

    def _posted(self, moves: Sequence[Move], debt: int, hold: int | None) -> Posted:
        parts = tuple((move.n, self.lots[move.lot].dies_at) for move in moves if move.dst != "repaid")
        repaid = sum(move.n for move in moves if move.dst == "repaid")
        points = sum(move.n for move in moves) + debt
        return Posted(self.member, self.seq, points, self.available, parts, repaid, hold)

    @property
    def next_due(self) -> datetime | None:
        """When time alone changes this account next, or a little before: never after."""
        return earliest(self.due_at, *(self.lots[number].due_at for number in self.touched))


def _columns(changed: Changes, cause: Cause) -> dict[str, Any]:
    ref, of, key, actor = cause.ref, cause.of, cause.key, cause.actor
    return {
        "available": changed.available,
        "held": changed.held,
        "pending": changed.pending,
        "debt": changed.debt,
        "ref_kind": ref.kind,
        "ref_id": ref.id,
        "of_kind": of and of.kind,
        "of_id": of and of.id,
        "hold_id": cause.hold,
        "actor_kind": actor.kind,
        "actor_id": actor.id,
        "at": cause.at,
        "key_scope": key and key.scope,
        "key_value": key and key.value,
        "request": cause.request,
        "details": cause.details,
    }


def settle(books: Iterable[Book], connection: sa.Connection, at: datetime) -> None:
    """Bring accounts up to date: activate, then expire, all that is due at `at`."""
    late = {book.member: book for book in books if book.due_at is not None and book.due_at <= at}
    if not late:
        return
    asked = {"members": list(late), "at": at}
    due: dict[int, list[LotState]] = defaultdict(list)
    for row in connection.execute(sql.DUE_LOTS, asked):
        fields = dict(row._mapping)
        due[fields.pop("member_id")].append(LotState(**fields))
    later = {row.member_id: row.due for row in connection.execute(sql.NEXT_DUE, asked)}
    for member, book in late.items():
        book.ripen(due[member], later.get(member), at)


def _calendar(at: datetime) -> Cause:
    return Cause(ref=Ref("calendar", at.date().isoformat()), actor=SYSTEM, at=at)

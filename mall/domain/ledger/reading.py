"""The journal as it was hashed: entries with what was hashed of them, member by member, in bounded memory."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.actor import Actor
from mall.core.db import db
from mall.domain.ledger import chain
from mall.domain.ledger.rules import Cause, Changes, Key, LotState, Move, Ref
from mall.domain.ledger.statements import Row, allocation, entry, lot, note

PAGE = 4_000

_place = sa.tuple_(entry.c.member_id, entry.c.seq)
_ENTRIES = (
    sa.select(entry, note.c.salt, note.c.text)
    .outerjoin(note, sa.and_(note.c.member_id == entry.c.member_id, note.c.seq == entry.c.seq))
    .where(
        entry.c.member_id <= bindparam("last"),
        _place > sa.tuple_(bindparam("member", type_=sa.BigInteger), bindparam("seq", type_=sa.BigInteger)),
    )
    .order_by(entry.c.member_id, entry.c.seq)
    .limit(bindparam("page"))
)
_move_place = sa.tuple_(allocation.c.member_id, allocation.c.seq)
#: Moves of a stretch of entries; with the lot's dates where the entry granted it or gave it grace.
_MOVES = (
    sa.select(
        allocation.c.member_id,
        allocation.c.seq,
        allocation.c.lot,
        allocation.c.src,
        allocation.c.dst,
        allocation.c.n,
        lot.c.earned_at,
        lot.c.activates_at,
        lot.c.expires_at,
        lot.c.granted,
        lot.c.grace_seq,
        lot.c.grace_until,
    )
    .outerjoin(
        lot,
        sa.and_(
            lot.c.member_id == allocation.c.member_id,
            lot.c.number == allocation.c.lot,
            sa.or_(allocation.c.src.is_(None), lot.c.grace_seq == allocation.c.seq),
        ),
    )
    .where(
        _move_place
        >= sa.tuple_(bindparam("member", type_=sa.BigInteger), bindparam("seq", type_=sa.BigInteger)),
        _move_place
        <= sa.tuple_(bindparam("last", type_=sa.BigInteger), bindparam("end", type_=sa.BigInteger)),
    )
    .order_by(allocation.c.member_id, allocation.c.seq, allocation.c.line)
)


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as stored, and what its hash is made of."""

    row: Row
    payload: dict[str, Any]

    @property
    def hash(self) -> bytes:
        """Its hash, computed anew from the hash before it as stored."""
        return chain.entry_hash(self.row.previous, self.payload)

    @property
    def note_fits(self) -> bool:
        """Whether the free text, if it was not erased, is the one that was hashed."""
        if self.row.salt is None:
            return True
        fits: bool = chain.note_hash(self.row.salt, self.row.text) == self.row.note_hash
        return fits


def links(first: int, last: int, after_seq: int = 0) -> Iterator[Link]:
    """The entries of the members `first` to `last` by member and number; the first member's from `after_seq` on."""
    place = {"member": first, "seq": after_seq}
    while True:
        entries = db.session.execute(_ENTRIES, {**place, "last": last, "page": PAGE}).all()
        if not entries:
            return
        start, end = entries[0], entries[-1]
        span = {"member": start.member_id, "seq": start.seq, "last": end.member_id, "end": end.seq}
        moves: dict[tuple[int, int], list[Row]] = defaultdict(list)
        for move in db.session.execute(_MOVES, span):
            moves[move.member_id, move.seq].append(move)
        for row in entries:
            yield Link(row, _payload(row, moves[row.member_id, row.seq]))
        if len(entries) < PAGE:
            return
        place = {"member": end.member_id, "seq": end.seq}


def _payload(row: Row, moves: list[Row]) -> dict[str, Any]:
    return chain.payload(
        row.member_id,
        row.seq,
        row.kind,
        changed=Changes(row.available, row.held, row.pending, row.debt),
        moves=[Move(move.lot, move.src, move.dst, move.n) for move in moves],
        lots=_granted(moves),
        grace={m.lot: m.grace_until for m in moves if m.grace_seq == row.seq and m.grace_until}.items(),
        cause=Cause(
            ref=Ref(row.ref_kind, row.ref_id),
            actor=Actor(row.actor_kind, row.actor_id),
            at=row.at,
            of=None if row.of_kind is None else Ref(row.of_kind, row.of_id),
            hold=row.hold_id,
            key=None if row.key_scope is None else Key(row.key_scope, row.key_value),
            request=row.request,
            details=row.details,
        ),
        noted=row.note_hash,
    )


def _granted(moves: list[Row]) -> list[LotState]:
    found = {move.lot: move for move in moves if move.src is None}
    return [
        LotState(
            number=number,
            granted=move.granted or 0,
            earned_at=move.earned_at,
            activates_at=move.activates_at,
            expires_at=move.expires_at,
        )
        for number, move in found.items()
    ]

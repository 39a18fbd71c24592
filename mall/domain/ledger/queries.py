"""Reads for pages: light rows. They never write, so they subtract what time has changed and nobody wrote yet."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.db import db
from mall.core.ids import MemberId
from mall.domain.ledger.errors import NoAccount
from mall.domain.ledger.statements import (
    MEMBERS_DUE_BY_ID,
    account,
    allocation,
    dies_at,
    entry,
    lot,
    note,
    total,
)

_member: sa.BindParameter[int] = bindparam("member_id")
_at: sa.BindParameter[Any] = bindparam("at", type_=lot.c.expires_at.type)
#: Part of the statement, no bind value: the indexes of lots hold only those that have more than 0. SQLite would prepare
#: the statement anew for each value, to see whether they fit; a plan that PostgreSQL keeps could not use them.
_NOTHING = sa.literal_column("0", sa.Integer())
_own = lot.c.member_id == _member
_dead = sa.and_(lot.c.expires_at.is_not(None), dies_at <= _at)
_ripe = sa.and_(_own, lot.c.pending > _NOTHING, lot.c.activates_at <= _at)
_alive = sa.and_(_own, lot.c.remaining > _NOTHING, sa.or_(lot.c.expires_at.is_(None), dies_at > _at))


def _sum(column: sa.ColumnElement[int], *where: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    return sa.select(total(column)).where(*where).scalar_subquery()


_due = (
    sa.select(
        account,
        _sum(lot.c.remaining, _own, lot.c.remaining > _NOTHING, _dead).label("dead"),
        _sum(lot.c.pending, _ripe).label("ripe"),
        _sum(lot.c.pending, _ripe, _dead).label("stillborn"),
    )
    .where(account.c.member_id == _member)
    .subquery("due")
)
_repaid = sa.case((_due.c.debt < _due.c.ripe, _due.c.debt), else_=_due.c.ripe)
# In order of use, lots that are over by now come first: they repay debt before the living ones do.
_lost = sa.case((_due.c.stillborn > _repaid, _due.c.stillborn - _repaid), else_=0)
_next_end = sa.select(sa.func.min(dies_at)).where(_alive).scalar_subquery()

#: A member's balances as a spend at `at` would find them, in one row. Bind values: member_id, at.
BALANCE = sa.select(
    (_due.c.available - _due.c.dead + _due.c.ripe - _repaid - _lost).label("available"),
    _due.c.held,
    (_due.c.pending - _due.c.ripe).label("pending"),
    (_due.c.debt - _repaid).label("debt"),
    _sum(lot.c.remaining, _alive, dies_at == _next_end).label("expiring_points"),
    _next_end.label("expires_at"),
)

_EXPIRING = (
    sa.select(dies_at.label("expires_at"), total(lot.c.remaining).label("points"))
    .where(_alive, lot.c.expires_at.is_not(None))
    .group_by(dies_at)
    .order_by(dies_at)
    .limit(bindparam("page"))
)
_page = (
    sa.select(entry)
    .where(entry.c.member_id == _member, entry.c.seq < bindparam("before"))
    .order_by(entry.c.seq.desc())
    .limit(bindparam("page"))
    .subquery("page")
)
_HISTORY = (
    sa.select(
        _page.c.seq,
        _page.c.at,
        _page.c.kind,
        _page.c.available,
        _page.c.held,
        _page.c.pending,
        _page.c.debt,
        _page.c.balance.label("balance_after"),
        _page.c.ref_kind,
        _page.c.ref_id,
        _page.c.of_kind,
        _page.c.of_id,
        _page.c.actor_kind,
        _page.c.actor_id,
        _page.c.details,
        note.c.text.label("note"),
        allocation.c.lot,
        allocation.c.src,
        allocation.c.dst,
        allocation.c.n,
        lot.c.earned_at,
        dies_at.label("dies_at"),
    )
    .outerjoin(note, sa.and_(note.c.member_id == _page.c.member_id, note.c.seq == _page.c.seq))
    .outerjoin(
        allocation, sa.and_(allocation.c.member_id == _page.c.member_id, allocation.c.seq == _page.c.seq)
    )
    .outerjoin(lot, sa.and_(lot.c.member_id == allocation.c.member_id, lot.c.number == allocation.c.lot))
    .order_by(_page.c.seq.desc(), allocation.c.line)
)
_HISTORY_FIELDS = list(_HISTORY.selected_columns.keys())[:16]
_LAST = 2**62


@dataclass(frozen=True, slots=True)
class Balance:
    """What a member has (points), and what of it expires next; `expires_at` None: nothing will."""

    available: int
    held: int
    pending: int
    debt: int
    expiring_points: int
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Expiring:
    """Points that expire at one instant."""

    expires_at: datetime
    points: int


@dataclass(frozen=True, slots=True)
class MoveRow:
    """Points of a lot that an entry moved; `src` None: granted. `expires_at` counts a time of grace."""

    lot: int
    src: str | None
    dst: str
    n: int
    earned_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """An entry for the history page, with where every point came from and went."""

    seq: int
    at: datetime
    kind: str
    available: int
    held: int
    pending: int
    debt: int
    balance_after: int
    ref_kind: str
    ref_id: str
    of_kind: str | None
    of_id: str | None
    actor_kind: str
    actor_id: int | None
    details: dict[str, Any] | None
    note: str | None
    moves: tuple[MoveRow, ...]

    @property
    def points(self) -> int:
        """How many points the entry is about, unsigned."""
        return sum(move.n for move in self.moves) + max(self.debt, 0)


def balance(member: MemberId, at: datetime) -> Balance:
    """A member's balances as a spend at `at` would find them. One statement. Raises NoAccount."""
    row = db.session.execute(BALANCE, {"member_id": member, "at": at}).one_or_none()
    if row is None:
        raise NoAccount(f"member {member} has no points account")
    return Balance(*row)


def expiring(member: MemberId, at: datetime, limit: int = 12) -> list[Expiring]:
    """What expires when, the next first."""
    asked = {"member_id": member, "at": at, "page": limit}
    return [Expiring(row.expires_at, row.points) for row in db.session.execute(_EXPIRING, asked)]


def history(member: MemberId, before_seq: int | None = None, limit: int = 30) -> list[HistoryRow]:
    """Entries, the newest first, below `before_seq` (keyset). One statement."""
    asked = {"member_id": member, "before": before_seq or _LAST, "page": limit}
    found: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(_HISTORY, asked):
        found[row.seq].append(row)
    return [_history(rows) for rows in found.values()]


def _history(rows: list[Any]) -> HistoryRow:
    first = rows[0]
    fields = dict(zip(_HISTORY_FIELDS, first, strict=False))
    moves = tuple(
        MoveRow(row.lot, row.src, row.dst, row.n, row.earned_at, row.dies_at)
        for row in rows
        if row.lot is not None
    )
    return HistoryRow(**fields, moves=moves)


def members_due(as_of: datetime, *, after: MemberId, limit: int) -> list[MemberId]:
    """Members with something due at `as_of`, by id. A read."""
    asked = {"at": as_of, "after": after, "page": limit}
    return [MemberId(row) for row in db.session.scalars(MEMBERS_DUE_BY_ID, asked)]

"""The statements of the hot paths, built once: building one costs as much as running it."""

from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.bulk import ListOf, among
from mall.domain.ledger.models import Account, Allocation, Entry, EntryNote, Hold, Lot
from mall.domain.ledger.rules import BUCKETS, Ref


def table(model: Any) -> sa.Table:
    """The table of a model: statements speak of tables, so that rows stay light."""
    found = model.__table__
    assert isinstance(found, sa.Table)
    return found


def total(column: sa.ColumnElement[int]) -> sa.ColumnElement[int]:
    """The sum of a column, 0 of no rows; PostgreSQL would make a decimal of it."""
    return sa.cast(sa.func.coalesce(sa.func.sum(column), 0), sa.BigInteger)


account, lot, entry, note, allocation, hold = map(table, (Account, Lot, Entry, EntryNote, Allocation, Hold))

#: A light row of any columns.
Row: TypeAlias = sa.Row[*tuple[Any, ...]]

_member: sa.BindParameter[int] = bindparam("member_id")
_members: sa.BindParameter[Any] = bindparam("members", type_=ListOf(sa.BigInteger()))
_at: sa.BindParameter[Any] = bindparam("at", type_=lot.c.expires_at.type)

#: When what remains of a lot expires.
dies_at = sa.func.coalesce(lot.c.grace_until, lot.c.expires_at, type_=lot.c.expires_at.type)
#: Both databases read this order from the index, never-expiring lots last.
in_order_of_use = (lot.c.expires_at.asc().nulls_last(), lot.c.earned_at, lot.c.number)
_moves_of_entries = sa.and_(allocation.c.member_id == entry.c.member_id, allocation.c.seq == entry.c.seq)
lot_columns = [c for c in lot.c if c.name != "member_id"]

READ_ACCOUNT = sa.select(account).where(account.c.member_id == _member)
#: The lock of everything that a member's points do. SQLite has no row locks and needs none: BEGIN IMMEDIATE.
LOCK_ACCOUNT = READ_ACCOUNT.with_for_update()
LOCK_ACCOUNTS = (
    sa.select(account)
    .where(among(account.c.member_id, _members))
    .order_by(account.c.member_id)
    .with_for_update()
)
OPEN_ACCOUNT = sa.insert(account)

ENTRY_BY_KEY = sa.select(
    entry.c.member_id, entry.c.seq, entry.c.request, entry.c.hold_id, entry.c.balance, entry.c.debt
).where(entry.c.key_scope == bindparam("scope"), entry.c.key_value == bindparam("value"))
#: The same for many keys of a scope, with what was moved where: a row for each allocation, and one for an entry that
#: moved nothing (a reversal that became debt alone).
ENTRIES_BY_KEYS = (
    sa.select(
        entry.c.key_value,
        entry.c.member_id,
        entry.c.seq,
        entry.c.request,
        entry.c.balance,
        allocation.c.n,
        allocation.c.dst,
        dies_at.label("dies_at"),
    )
    .outerjoin(allocation, _moves_of_entries)
    .outerjoin(lot, sa.and_(lot.c.member_id == allocation.c.member_id, lot.c.number == allocation.c.lot))
    .where(
        entry.c.key_scope == bindparam("scope"),
        among(entry.c.key_value, bindparam("values", type_=ListOf(sa.String()))),
    )
)

#: A member's usable lots in order of use, from the one at `skip`, `page` of them.
USABLE_LOTS = (
    sa.select(*lot_columns)
    .where(lot.c.member_id == _member, lot.c.remaining > 0)
    .order_by(*in_order_of_use)
    .limit(bindparam("page"))
    .offset(bindparam("skip"))
)
LOTS_BY_NUMBER = sa.select(*lot_columns).where(
    lot.c.member_id == _member, among(lot.c.number, bindparam("numbers", type_=ListOf(sa.BigInteger())))
)
#: Lots of these members that time has changed by `at`: their return period is over, or their life.
DUE_LOTS = sa.union_all(
    sa.select(lot).where(among(lot.c.member_id, _members), lot.c.pending > 0, lot.c.activates_at <= _at),
    sa.select(lot).where(
        among(lot.c.member_id, _members), lot.c.remaining > 0, lot.c.expires_at <= _at, dies_at <= _at
    ),
)
#: When the next of their other lots will be due.
_later = sa.union_all(
    sa.select(lot.c.member_id, lot.c.activates_at.label("due")).where(
        among(lot.c.member_id, _members), lot.c.pending > 0, lot.c.activates_at > _at
    ),
    sa.select(lot.c.member_id, dies_at).where(
        among(lot.c.member_id, _members), lot.c.remaining > 0, dies_at > _at
    ),
).subquery()
NEXT_DUE = sa.select(_later.c.member_id, sa.func.min(_later.c.due).label("due")).group_by(_later.c.member_id)
#: The entry that granted a lot.
granted_it = sa.and_(entry.c.member_id == lot.c.member_id, entry.c.seq == lot.c.seq)


def named(name: str, ref: Ref) -> dict[str, str]:
    """Bind values of a reference in the statements below that look entries up by it, under its `name` there."""
    return {f"{name}_kind": ref.kind, f"{name}_id": ref.id}


def _about(name: str) -> sa.ColumnElement[bool]:
    is_it = entry.c.ref_kind == bindparam(f"{name}_kind"), entry.c.ref_id == bindparam(f"{name}_id")
    return sa.and_(entry.c.member_id == _member, *is_it)


def _against(name: str) -> sa.ColumnElement[bool]:
    is_it = entry.c.of_kind == bindparam(f"{name}_kind"), entry.c.of_id == bindparam(f"{name}_id")
    return sa.and_(entry.c.member_id == _member, *is_it)


def granted(name: str) -> sa.ColumnElement[bool]:
    """Whether an entry granted lots for the reference."""
    return sa.and_(_about(name), entry.c.kind.in_(("earn", "adjust")))


def reversed_before(name: str) -> sa.Select[Any]:
    """How much of what a reference granted was taken back before: points from lots, and points of debt."""
    reversal = sa.and_(_against(name), entry.c.kind == "reverse")
    taken_back = sa.union_all(
        sa.select(entry.c.debt.label("n")).where(reversal),
        sa.select(allocation.c.n).join(entry, _moves_of_entries).where(reversal),
    ).subquery()
    return sa.select(total(taken_back.c.n))


def uses(name: str) -> sa.Select[Any]:
    """What an order's entries spent of each lot less what its refunds gave back, and the lot's `turn` in order of use."""
    spent = (
        sa.select(allocation.c.lot, allocation.c.n, entry.c.seq, allocation.c.line)
        .join(entry, _moves_of_entries)
        .where(_about(name), entry.c.kind.in_(("redeem", "capture")), allocation.c.dst == "spent")
    )
    given_back = (
        sa.select(allocation.c.lot, -allocation.c.n, sa.literal(0), sa.literal(0))
        .join(entry, _moves_of_entries)
        .where(_against(name), entry.c.kind == "refund")
    )
    moved = sa.union_all(spent, given_back).subquery()
    # A lot's place is that of its last use, entry and line together: the greatest line may be of an earlier entry.
    place = sa.func.row_number().over(order_by=(moved.c.seq, moved.c.line)).label("turn")
    in_turn = sa.select(moved.c.lot, moved.c.n, place).subquery()
    columns = in_turn.c.lot, total(in_turn.c.n).label("n"), sa.func.max(in_turn.c.turn).label("turn")
    return sa.select(*columns).group_by(in_turn.c.lot)


LOTS_GRANTED = (
    sa.select(*lot_columns).join(entry, granted_it).where(granted("ref")).order_by(*in_order_of_use)
)
REVERSED_BEFORE = reversed_before("ref")
REFUNDABLE = uses("ref").order_by("turn")
#: What a hold still binds of each lot, in order of use.
HELD_BY = (
    sa.select(
        allocation.c.lot,
        total(sa.case((allocation.c.dst == "held", allocation.c.n), else_=-allocation.c.n)).label("n"),
    )
    .join(entry, _moves_of_entries)
    .where(entry.c.hold_id == bindparam("hold_id"), entry.c.member_id == _member)
    .group_by(allocation.c.lot)
    .order_by(sa.func.min(sa.case((allocation.c.dst == "held", allocation.c.line))))
)
#: The hold of a member for something that waits for its cash: by the index of open holds.
OPEN_HOLD = sa.select(hold.c.id).where(
    hold.c.member_id == _member,
    hold.c.pending > 0,
    hold.c.ref_kind == bindparam("ref_kind"),
    hold.c.ref_id == bindparam("ref_id"),
)
READ_HOLD = sa.select(hold).where(hold.c.id == bindparam("hold_id"))
MOVES_OF_ENTRY = (
    sa.select(allocation.c.lot, allocation.c.src, allocation.c.dst, allocation.c.n, dies_at.label("dies_at"))
    .join(lot, sa.and_(lot.c.member_id == allocation.c.member_id, lot.c.number == allocation.c.lot))
    .where(allocation.c.member_id == _member, allocation.c.seq == bindparam("seq"))
    .order_by(allocation.c.line)
)

ADD = {one: sa.insert(one) for one in (entry, lot, allocation, note)}
ADD_HOLD = sa.insert(hold).returning(hold.c.id)
#: Balances change only from the state that was read: a writer without the lock changes no row, and is refused.
CHANGE_ACCOUNT = (
    sa.update(account)
    .where(account.c.member_id == bindparam("of_member"), account.c.seq == bindparam("seq_before"))
    .values({name: bindparam(name) for name in ("available", "held", "pending", "debt")})
    .values({name: bindparam(name) for name in ("seq", "lots", "head", "due_at")})
)
#: The same for many accounts in one statement (PostgreSQL).
CHANGE_ACCOUNTS = sa.text(
    """
    UPDATE account AS a SET available = v.available, held = v.held, pending = v.pending, debt = v.debt,
      seq = v.seq, lots = v.lots, head = v.head, due_at = v.due_at
    FROM unnest(CAST(:of_member AS bigint[]), CAST(:seq_before AS bigint[]), CAST(:available AS bigint[]),
      CAST(:held AS bigint[]), CAST(:pending AS bigint[]), CAST(:debt AS bigint[]), CAST(:seq AS bigint[]),
      CAST(:lots AS bigint[]), CAST(:head AS bytea[]), CAST(:due_at AS timestamptz[]))
      AS v(of_member, seq_before, available, held, pending, debt, seq, lots, head, due_at)
    WHERE a.member_id = v.of_member AND a.seq = v.seq_before
    """
)
CHANGE_LOT = (
    sa.update(lot)
    .where(lot.c.member_id == bindparam("of_member"), lot.c.number == bindparam("of_number"))
    .values({name: bindparam(name) for name in (*BUCKETS, "grace_until", "grace_seq")})
)
CHANGE_HOLD = (
    sa.update(hold)
    .where(hold.c.id == bindparam("of_hold"), hold.c.pending == bindparam("pending_before"))
    .values({name: bindparam(name) for name in ("pending", "captured", "released")})
)
#: Members of whom something is due, the longest due first.
MEMBERS_DUE = (
    sa.select(account.c.member_id)
    .where(account.c.due_at.is_not(None), account.c.due_at <= _at)
    .order_by(account.c.due_at, account.c.member_id)
    .limit(bindparam("page"))
)
MEMBERS_DUE_BY_ID = (
    sa.select(account.c.member_id)
    .where(account.c.due_at.is_not(None), account.c.due_at <= _at, account.c.member_id > bindparam("after"))
    .order_by(account.c.member_id)
    .limit(bindparam("page"))
)

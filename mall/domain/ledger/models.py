"""Accounts, lots, entries, allocations, holds, seals. Entries and allocations are never changed (see the triggers).

Rows of a member are named by the member's own counters (entry 5 of member 17, lot 3 of member 17): a write knows
every key before it is sent, and a member's history lies together on the disk.
"""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from mall.core.db import Base, BigInt
from mall.domain.ledger.rules import BUCKETS, GENESIS, KINDS

#: Tables that are only ever read by their key need no second tree beside it on SQLite.
_BY_KEY = {"sqlite_with_rowid": False}


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


class Account(Base):
    """A member's balances and the head of their chain; changed only together with the entry that explains it."""

    __tablename__ = "account"
    __table_args__ = (
        sa.CheckConstraint(
            "available >= 0 AND held >= 0 AND pending >= 0 AND debt >= 0", name="balances_not_negative"
        ),
        sa.CheckConstraint("available = 0 OR debt = 0", name="debt_before_points"),
        sa.Index("ix_account_due_at", "due_at", **_where("due_at IS NOT NULL")),
    )

    member_id: Mapped[int] = mapped_column(
        BigInt, sa.ForeignKey("member.id"), primary_key=True, autoincrement=False
    )
    available: Mapped[int] = mapped_column(default=0)
    held: Mapped[int] = mapped_column(default=0)
    pending: Mapped[int] = mapped_column(default=0)
    debt: Mapped[int] = mapped_column(default=0)
    #: Number of the last entry, number of the last lot, hash of the last entry.
    seq: Mapped[int] = mapped_column(default=0)
    lots: Mapped[int] = mapped_column(default=0)
    head: Mapped[bytes] = mapped_column(sa.LargeBinary(32), default=GENESIS)
    #: No lot of this member activates or expires before this instant; a lower bound, so never too late.
    due_at: Mapped[datetime | None]
    opened_at: Mapped[datetime]


class Lot(Base):
    """Points earned together, by what has become of them. `number` counts a member's lots from 1."""

    __tablename__ = "lot"
    __table_args__ = (
        sa.CheckConstraint(
            "granted = pending + remaining + held + spent + repaid + expired + reversed", name="equation"
        ),
        sa.CheckConstraint(
            "granted > 0 AND " + " AND ".join(f"{bucket} >= 0" for bucket in BUCKETS),
            name="buckets_not_negative",
        ),
        sa.CheckConstraint("grace_until > expires_at", name="grace_after_expiry"),
        sa.CheckConstraint("expires_at > activates_at", name="expiry_after_activation"),
        sa.CheckConstraint("(grace_until IS NULL) = (grace_seq IS NULL)", name="grace_has_entry"),
        sa.Index(
            "ix_lot_usable",
            "member_id",
            "expires_at",
            "earned_at",
            "number",
            **_where("remaining > 0"),
        ),
        sa.Index("ix_lot_waiting", "member_id", "activates_at", **_where("pending > 0")),
        _BY_KEY,
    )

    member_id: Mapped[int] = mapped_column(
        BigInt, sa.ForeignKey("account.member_id"), primary_key=True, autoincrement=False
    )
    number: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    #: The entry that granted it, and the entry that gave it its one time of grace.
    seq: Mapped[int]
    grace_seq: Mapped[int | None]
    earned_at: Mapped[datetime]
    activates_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    grace_until: Mapped[datetime | None]
    granted: Mapped[int]
    pending: Mapped[int] = mapped_column(default=0)
    remaining: Mapped[int] = mapped_column(default=0)
    held: Mapped[int] = mapped_column(default=0)
    spent: Mapped[int] = mapped_column(default=0)
    repaid: Mapped[int] = mapped_column(default=0)
    expired: Mapped[int] = mapped_column(default=0)
    reversed: Mapped[int] = mapped_column(default=0)


class Hold(Base):
    """Points bound for an order that waits for cash: amount = pending + captured + released."""

    __tablename__ = "hold"
    __table_args__ = (
        sa.CheckConstraint("amount = pending + captured + released", name="equation"),
        sa.CheckConstraint(
            "amount > 0 AND pending >= 0 AND captured >= 0 AND released >= 0", name="not_negative"
        ),
        sa.Index("ix_hold_open", "member_id", **_where("pending > 0")),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    member_id: Mapped[int] = mapped_column(BigInt, sa.ForeignKey("account.member_id"))
    ref_kind: Mapped[str] = mapped_column(sa.String(20))
    ref_id: Mapped[str] = mapped_column(sa.String(120))
    amount: Mapped[int]
    pending: Mapped[int]
    captured: Mapped[int] = mapped_column(default=0)
    released: Mapped[int] = mapped_column(default=0)
    placed_at: Mapped[datetime]


class Entry(Base):
    """A line of the points journal: signed changes of the four balances, why, by whom, and its place in the chain."""

    __tablename__ = "entry"
    __table_args__ = (
        sa.UniqueConstraint("key_scope", "key_value"),
        sa.CheckConstraint(_one_of("kind", KINDS), name="kind_known"),
        sa.CheckConstraint("(key_value IS NULL) = (request IS NULL)", name="key_has_request"),
        sa.Index("ix_entry_ref", "member_id", "ref_kind", "ref_id"),
        sa.Index("ix_entry_of", "member_id", "of_kind", "of_id", **_where("of_kind IS NOT NULL")),
        sa.Index("ix_entry_hold_id", "hold_id", **_where("hold_id IS NOT NULL")),
        _BY_KEY,
    )

    member_id: Mapped[int] = mapped_column(
        BigInt, sa.ForeignKey("account.member_id"), primary_key=True, autoincrement=False
    )
    seq: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(sa.String(10))
    available: Mapped[int]
    held: Mapped[int]
    pending: Mapped[int]
    debt: Mapped[int]
    #: Available points after this entry: the history page shows it without adding up.
    balance: Mapped[int]
    ref_kind: Mapped[str] = mapped_column(sa.String(20))
    ref_id: Mapped[str] = mapped_column(sa.String(120))
    #: What a refund or a reversal takes back.
    of_kind: Mapped[str | None] = mapped_column(sa.String(20))
    of_id: Mapped[str | None] = mapped_column(sa.String(120))
    hold_id: Mapped[int | None] = mapped_column(BigInt, sa.ForeignKey("hold.id"))
    actor_kind: Mapped[str] = mapped_column(sa.String(10))
    actor_id: Mapped[int | None]
    at: Mapped[datetime]
    key_scope: Mapped[str | None] = mapped_column(sa.String(60))
    key_value: Mapped[str | None] = mapped_column(sa.String(200))
    request: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))
    details: Mapped[dict[str, Any] | None]
    note_hash: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))
    previous: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32))


class EntryNote(Base):
    """Free text of an entry and the salt of its hash. Erasing the row leaves the chain whole."""

    __tablename__ = "entry_note"
    __table_args__ = (
        sa.ForeignKeyConstraint(["member_id", "seq"], ["entry.member_id", "entry.seq"]),
        _BY_KEY,
    )

    member_id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    salt: Mapped[bytes] = mapped_column(sa.LargeBinary(16))
    text: Mapped[str] = mapped_column(sa.Text)


class Allocation(Base):
    """A move of points between two buckets of a lot. `src` null: the points were granted."""

    __tablename__ = "allocation"
    __table_args__ = (
        sa.ForeignKeyConstraint(["member_id", "seq"], ["entry.member_id", "entry.seq"]),
        sa.ForeignKeyConstraint(["member_id", "lot"], ["lot.member_id", "lot.number"]),
        sa.CheckConstraint("n > 0", name="moves_points"),
        sa.CheckConstraint(f"src IS NULL OR {_one_of('src', BUCKETS)}", name="src_known"),
        sa.CheckConstraint(_one_of("dst", BUCKETS), name="dst_known"),
        _BY_KEY,
    )

    member_id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    #: Its place in the entry, from 1: the order in which the lots were used.
    line: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    lot: Mapped[int]
    src: Mapped[str | None] = mapped_column(sa.String(9))
    dst: Mapped[str] = mapped_column(sa.String(9))
    n: Mapped[int]


class Seal(Base):
    """The Merkle root over the heads of all chains, once a day (RFC 6962)."""

    __tablename__ = "seal"

    day: Mapped[date] = mapped_column(sa.Date, primary_key=True)
    sealed_at: Mapped[datetime]
    size: Mapped[int]
    root: Mapped[bytes] = mapped_column(sa.LargeBinary(32))


class SealHead(Base):
    """The head of a chain that moved since the seal before; an older one still holds for a member at rest."""

    __tablename__ = "seal_head"
    __table_args__ = (_BY_KEY,)

    member_id: Mapped[int] = mapped_column(
        BigInt, sa.ForeignKey("account.member_id"), primary_key=True, autoincrement=False
    )
    day: Mapped[date] = mapped_column(sa.ForeignKey("seal.day"), primary_key=True)
    seq: Mapped[int]
    head: Mapped[bytes] = mapped_column(sa.LargeBinary(32))


class SealNode(Base):
    """The root over one run of 1,024 leaves of a seal, so that a proof reads one run and not every member."""

    __tablename__ = "seal_node"
    __table_args__ = (_BY_KEY,)

    day: Mapped[date] = mapped_column(sa.ForeignKey("seal.day"), primary_key=True)
    number: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    first_member: Mapped[int]
    hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32))

"""Seals: once a day the Merkle root over the heads of all members' chains, published, so that no entry can change
unseen afterwards; and the proof that a member's chain is part of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core import merkle
from mall.core.db import db, write_connection
from mall.core.ids import MemberId
from mall.domain.ledger.chain import canonical
from mall.domain.ledger.models import Seal, SealHead, SealNode
from mall.domain.ledger.statements import Row, account, table

#: Leaves of a run; a power of two, so that the tree over the runs' roots is the tree over all leaves.
RUN = 1024

_seal, _head, _node = table(Seal), table(SealHead), table(SealNode)
_day: sa.BindParameter[date] = bindparam("day", type_=sa.Date)

_sealed = (
    sa.select(_head.c.member_id, sa.func.max(_head.c.seq).label("seq")).group_by(_head.c.member_id).subquery()
)
_ADD_HEADS = sa.insert(_head).from_select(
    ["member_id", "day", "seq", "head"],
    sa.select(account.c.member_id, _day, account.c.seq, account.c.head)
    .outerjoin(_sealed, _sealed.c.member_id == account.c.member_id)
    .where(account.c.seq > sa.func.coalesce(_sealed.c.seq, 0)),
)
_later = _head.alias("later")
#: The leaves of a day's tree: of every member the last head that was sealed by then.
_LEAVES = (
    sa.select(_head.c.member_id, _head.c.seq, _head.c.head)
    .where(
        _head.c.day <= _day,
        _head.c.member_id >= bindparam("first"),
        ~sa.exists().where(
            _later.c.member_id == _head.c.member_id, _later.c.day > _head.c.day, _later.c.day <= _day
        ),
    )
    .order_by(_head.c.member_id)
    .limit(RUN)
)
_LATEST = sa.select(_seal).order_by(_seal.c.day.desc()).limit(1)
_RUN_OF = (
    sa.select(_node.c.number, _node.c.first_member)
    .where(_node.c.day == _day, _node.c.first_member <= bindparam("member"))
    .order_by(_node.c.number.desc())
    .limit(1)
)
_NODES = sa.select(_node.c.hash).where(_node.c.day == _day).order_by(_node.c.number)


class SealedLater(ValueError):
    """A day is sealed in its turn: a later one is sealed already."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A published seal: the root over `size` heads."""

    day: date
    sealed_at: datetime
    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class Proof:
    """That a member's chain up to entry `seq` with hash `head` is leaf `index` of a seal's tree."""

    seal: Sealed
    member: MemberId
    seq: int
    head: bytes
    index: int
    path: tuple[bytes, ...]


def leaf(member: int, seq: int, head: bytes) -> bytes:
    """The leaf of a member: the hash of the canonical JSON of member, entry number and head."""
    return merkle.leaf(canonical({"member": member, "seq": seq, "head": head.hex()}))


def seal(day: date, *, at: datetime) -> Sealed:
    """Seal the chains as they stand, as the seal of `day`; a day that has its seal keeps it.

    Raises SealedLater if a later day is sealed.
    """
    connection = write_connection()
    last = latest()
    if last is not None and last.day >= day:
        if last.day == day:
            return last
        raise SealedLater(f"{last.day} is sealed already")
    connection.execute(sa.insert(_seal), {"day": day, "sealed_at": at, "size": 0, "root": merkle.EMPTY})
    connection.execute(_ADD_HEADS, {"day": day})
    size = 0
    nodes: list[dict[str, Any]] = []
    for run in runs(day):
        hashed = merkle.root([leaf(*row) for row in run])
        nodes.append({"day": day, "number": len(nodes), "first_member": run[0].member_id, "hash": hashed})
        size += len(run)
    if nodes:
        connection.execute(sa.insert(_node), nodes)
    root = merkle.root([node["hash"] for node in nodes])
    connection.execute(sa.update(_seal).where(_seal.c.day == day).values(size=size, root=root))
    return Sealed(day, at, size, root)


def latest() -> Sealed | None:
    """The last seal, if there is one."""
    row = db.session.execute(_LATEST).one_or_none()
    return None if row is None else Sealed(row.day, row.sealed_at, row.size, row.root)


def runs(day: date, first: int = 0) -> Iterator[Sequence[Row]]:
    """The leaves (member_id, seq, head) of a day's tree in order, from member `first` on, in runs of 1,024."""
    while run := db.session.execute(_LEAVES, {"day": day, "first": first}).all():
        yield run
        first = run[-1].member_id + 1


def proof(member: MemberId) -> Proof | None:
    """The inclusion proof of a member's chain in the last seal; None if it holds nothing of theirs."""
    last = latest()
    if last is None:
        return None
    run = db.session.execute(_RUN_OF, {"day": last.day, "member": member}).one_or_none()
    if run is None:
        return None
    leaves = db.session.execute(_LEAVES, {"day": last.day, "first": run.first_member}).all()
    places = {row.member_id: place for place, row in enumerate(leaves)}
    if member not in places:
        return None
    place = places[member]
    nodes = db.session.execute(_NODES, {"day": last.day}).scalars().all()
    path = merkle.path([leaf(*row) for row in leaves], place) + merkle.path(nodes, run.number)
    own = leaves[place]
    return Proof(last, member, own.seq, own.head, run.number * RUN + place, tuple(path))

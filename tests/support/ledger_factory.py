"""Points for tests that need some, and short ways to say what happens to them."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

import sqlalchemy as sa

from mall.core.actor import SYSTEM
from mall.core.db import db, transaction
from mall.core.ids import MemberId
from mall.domain.ledger import service as ledger
from mall.domain.ledger.models import Lot
from mall.domain.ledger.rules import BUCKETS, Key, Ref

_number = count(1)


def a_key() -> Key:
    """A key that no other request of the run has."""
    return Key("test", str(next(_number)))


def use(name: str) -> Ref:
    """The reference of what points are spent on. Not an order: those have rows, which the orders room checks."""
    return Ref("use", name)


def purchase(name: str) -> Ref:
    """The reference of a purchase."""
    return Ref("purchase", name)


def give(
    member: MemberId, points: int, *, at: datetime, days: int | None = None, **more: Any
) -> ledger.Posted:
    """Points for a member, in a transaction of its own; they live `days` if given."""
    expires_at = at + timedelta(days=days) if days else None
    given = {"ref": purchase(str(next(_number))), "key": a_key(), "actor": SYSTEM, "expires_at": expires_at}
    with transaction():
        return ledger.earn(member, points, at=at, **{**given, **more})


def spend(member: MemberId, points: int, name: str, *, at: datetime, key: Key | None = None) -> ledger.Posted:
    """Spend points on something, in a transaction of its own."""
    with transaction():
        return ledger.redeem(member, points, ref=use(name), key=key or a_key(), actor=SYSTEM, at=at)


def back(member: MemberId, points: int, name: str, *, at: datetime) -> ledger.Refunded:
    """Give spent points back, in a transaction of its own."""
    with transaction():
        return ledger.refund(member, points, of=use(name), ref=use(name), key=a_key(), actor=SYSTEM, at=at)


def foretold(member: MemberId, points: int, name: str, *, at: datetime) -> ledger.Refunded:
    """What giving back would do."""
    return ledger.preview_return(member, points, of=use(name), taken=0, taken_of=use(name), at=at)[0]


def foretold_taken(member: MemberId, points: int, name: str, *, at: datetime) -> ledger.TakenBack:
    """What taking back points that a purchase earned would do."""
    return ledger.preview_return(member, 0, of=use(name), taken=points, taken_of=purchase(name), at=at)[1]


def returned(member: MemberId, points: int | None, of: Ref, *, at: datetime) -> ledger.Posted:
    """Take back what a purchase earned, in a transaction of its own."""
    with transaction():
        return ledger.reverse(
            member, points, of=of, ref=Ref("return", of.id), key=a_key(), actor=SYSTEM, at=at
        )


def held(member: MemberId, points: int, name: str, *, at: datetime) -> ledger.HoldRow:
    """Bind points for something, in a transaction of its own."""
    with transaction():
        return ledger.hold(member, points, ref=use(name), key=a_key(), actor=SYSTEM, at=at)


def captured(hold: ledger.HoldRow, points: int | None, *, at: datetime) -> ledger.Posted:
    """Spend held points (None: all that are left), in a transaction of its own."""
    with transaction():
        return ledger.capture(hold.id, points, key=a_key(), actor=SYSTEM, at=at)


def released(hold: ledger.HoldRow, points: int | None, *, at: datetime) -> ledger.Posted:
    """Let held points go (None: all that are left), in a transaction of its own."""
    with transaction():
        return ledger.release(hold.id, points, key=a_key(), actor=SYSTEM, at=at)


def lots(member: MemberId) -> list[dict[str, int]]:
    """What is in the buckets of each lot of a member; empty buckets left out."""
    stmt = sa.select(Lot.__table__).where(Lot.member_id == member).order_by(Lot.number)
    rows = db.session.execute(stmt).mappings()
    return [{bucket: row[bucket] for bucket in BUCKETS if row[bucket]} for row in rows]

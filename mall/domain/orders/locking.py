"""An order under lock, and the end of it. Shipping locks the order; cancelling locks the member's account first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.actor import Actor
from mall.core.db import changed, db, write_connection
from mall.core.ids import MemberId, OrderId
from mall.domain.orders import rules, timeline
from mall.domain.orders.errors import NoSuchOrder
from mall.domain.orders.models import order_line_table as line
from mall.domain.orders.models import order_table as orders


@dataclass(frozen=True, slots=True)
class LockedLine:
    """What a decision about a line needs."""

    id: int
    variant_id: int
    offer_id: int
    kind: str
    points_each: int
    left: int


@dataclass(frozen=True, slots=True)
class Locked:
    """An order as it stands while nobody else can change it."""

    id: OrderId
    number: str
    member_id: MemberId
    state: str
    points: int
    points_back: int
    cash_back: int
    placed_on: date
    cash: int
    delivery_fee: int
    expires_at: datetime | None
    closing: str | None
    paid_at: datetime | None
    lines: Sequence[LockedLine]
    sent: int

    @property
    def named(self) -> dict[str, Any]:
        """How messages in the outbox name the order."""
        return {"order_id": self.id, "number": self.number, "member_id": self.member_id}


_MEMBER = sa.select(orders.c.member_id).where(orders.c.id == bindparam("order"))
_LOCK = (
    sa.select(
        *(
            orders.c[name]
            for name in (
                "id", "number", "member_id", "state", "points", "points_back", "cash_back", "placed_on", "cash",
                "delivery_fee", "expires_at", "closing", "paid_at",
            )
        )
    )
    .where(orders.c.id == bindparam("order"))
    .with_for_update()
)  # fmt: skip
_LINES = (
    sa.select(
        line.c.id,
        line.c.variant_id,
        line.c.offer_id,
        line.c.kind,
        line.c.points_each,
        (line.c.quantity - line.c.sent - line.c.cancelled).label("left"),
        line.c.sent,
    )
    .where(line.c.order_id == bindparam("order"))
    .order_by(line.c.position)
)
_OPEN = sa.exists(sa.select(line.c.id).where(line.c.order_id == orders.c.id, line.c.state == "open"))
_SENT = sa.exists(sa.select(line.c.id).where(line.c.order_id == orders.c.id, line.c.sent > 0))


def advance(after: str) -> sa.Update:
    """The guarded UPDATE to a state: it changes nothing where the table of states does not allow it."""
    return (
        sa.update(orders)
        .where(orders.c.id == bindparam("order"), orders.c.state.in_(rules.before("order", after)))
        .values(state=after)
    )


_COMPLETE = advance("completed").where(~_OPEN, _SENT)
_CANCEL = advance("cancelled").where(~_OPEN, ~_SENT)


def member_of(order_id: OrderId) -> MemberId:
    """Whose order it is, read without a lock. Raises NoSuchOrder."""
    member = write_connection().execute(_MEMBER, {"order": order_id}).scalar()
    if member is None:
        raise NoSuchOrder
    return MemberId(member)


def lock_order(order_id: OrderId) -> Locked:
    """Lock the order's row and read it as it stands now. Raises NoSuchOrder."""
    connection = write_connection()
    row = connection.execute(_LOCK, {"order": order_id}).one_or_none()
    if row is None:
        raise NoSuchOrder
    lines = connection.execute(_LINES, {"order": order_id}).all()
    return Locked(
        **dict(row._mapping),
        lines=[LockedLine(*found[:6]) for found in lines],
        sent=sum(found.sent for found in lines),
    )


def complete_if_done(order_id: OrderId, *, actor: Actor, at: datetime) -> bool:
    """Complete an order of which nothing is open and something was sent."""
    if not changed(db.session.execute(_COMPLETE, {"order": order_id})):
        return False
    timeline.note(order_id, ("completed", {}), actor=actor, at=at)
    return True


def cancel_if_empty(order_id: OrderId) -> bool:
    """Cancel an order of which nothing is open and nothing was sent."""
    return changed(db.session.execute(_CANCEL, {"order": order_id})) > 0

"""Limits per member: counters taken with a guarded UPDATE. The caller holds the member's account lock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.db import changed, db
from mall.core.ids import MemberId, OrderId
from mall.domain.orders.errors import DailyLimitReached, LimitReached, TotalLimitReached
from mall.domain.orders.models import limit_counter_table as counter
from mall.domain.orders.models import order_line_table as line
from mall.domain.orders.models import order_table as orders

EVER = "ever"


@dataclass(frozen=True, slots=True)
class Taking:
    """Units of one offer in an order, with the offer's limits per member (None = no limit)."""

    offer_id: int
    name: str
    quantity: int
    per_order: int | None
    per_day: int | None
    ever: int | None


_THIS = sa.and_(
    counter.c.member_id == bindparam("member"),
    counter.c.offer_id == bindparam("offer"),
    counter.c.period == bindparam("which"),
)
_TAKE = (
    sa.update(counter)
    .where(_THIS, counter.c.used + bindparam("n") <= bindparam("most"))
    .values(used=counter.c.used + bindparam("n"), cap=bindparam("most"))
)
_READ = sa.select(counter.c.used).where(_THIS)
_OPEN = sa.insert(counter).values(
    member_id=bindparam("member"),
    offer_id=bindparam("offer"),
    period=bindparam("which"),
    used=bindparam("used"),
    cap=bindparam("most"),
)
_GIVE_BACK = (
    sa.update(counter)
    .where(_THIS, counter.c.used >= bindparam("n"))
    .values(used=counter.c.used - bindparam("n"))
)
_PAST = (
    sa.select(sa.func.coalesce(sa.func.sum(line.c.quantity - line.c.cancelled), 0))
    .join_from(line, orders, orders.c.id == line.c.order_id)
    .where(
        orders.c.member_id == bindparam("member"),
        line.c.offer_id == bindparam("offer"),
        orders.c.id != bindparam("order"),
    )
)
_PAST_DAY = _PAST.where(orders.c.placed_on == bindparam("day"))


def check_order(takings: Iterable[Taking]) -> None:
    """Refuse more units in one order than the offer allows: raises LimitReached."""
    for taking in takings:
        if taking.per_order is not None and taking.quantity > taking.per_order:
            raise LimitReached(name=taking.name, limit=taking.per_order, left=taking.per_order)


def take(member: MemberId, takings: Iterable[Taking], *, order: OrderId, day: date) -> None:
    """Count the units of a new order against the member's limits.

    `day` is the order's local day. Raises DailyLimitReached or TotalLimitReached, having written nothing that the
    caller's rollback does not undo. Offers without such limits cost no statement.
    """
    for taking in sorted(takings, key=lambda taking: taking.offer_id):
        if taking.ever is not None and not _taken(member, taking, taking.ever, None, order):
            left = taking.ever - _used(member, taking.offer_id, EVER)
            raise TotalLimitReached(name=taking.name, limit=taking.ever, left=max(left, 0))
        if taking.per_day is not None and not _taken(member, taking, taking.per_day, day, order):
            left = taking.per_day - _used(member, taking.offer_id, day.isoformat())
            raise DailyLimitReached(name=taking.name, limit=taking.per_day, left=max(left, 0))


def give_back(member: MemberId, units: Iterable[tuple[int, int]], *, day: date) -> None:
    """Return (offer, units) of an order placed on that local day to the member's counters, where there are any."""
    for offer, n in sorted(units):
        for period in (EVER, day.isoformat()):
            db.session.execute(_GIVE_BACK, {"member": member, "offer": offer, "which": period, "n": n})


def _taken(member: MemberId, taking: Taking, most: int, day: date | None, order: OrderId) -> bool:
    this = {
        "member": member,
        "offer": taking.offer_id,
        "which": EVER if day is None else day.isoformat(),
        "most": most,
    }
    for _ in range(2):
        if changed(db.session.execute(_TAKE, {**this, "n": taking.quantity})):
            return True
        if db.session.scalar(_READ, this) is not None:
            return False
        _open(this, day, order)
    return False


def _open(this: dict[str, object], day: date | None, order: OrderId) -> None:
    """Begin a counter with what the member had before the limit was set, so that a new limit counts from the start."""
    past = {"member": this["member"], "offer": this["offer"], "order": order}
    used = db.session.scalar(
        _PAST if day is None else _PAST_DAY, past if day is None else {**past, "day": day}
    )
    most = max(int(str(this["most"])), int(used or 0))
    db.session.execute(_OPEN, {**this, "used": used, "most": most})


def _used(member: MemberId, offer: int, period: str) -> int:
    return db.session.scalar(_READ, {"member": member, "offer": offer, "which": period}) or 0

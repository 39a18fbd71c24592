"""Cancelling before shipping: a refund of units that were not sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mall.core.actor import Actor
from mall.core.ids import OrderId
from mall.domain.ledger.rules import GRACE
from mall.domain.orders import refunding, timeline
from mall.domain.orders.errors import AlreadySent, CannotCancel
from mall.domain.orders.refunding import Limit, Units, requesting
from mall.domain.orders.refunding.errors import CannotRefund

#: An order line and how many units of it.
Part = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Cancelled:
    """What was given back: points, and to which lots (points, expiry); cash (minor units) that goes back.

    `again` if it had all been done before.
    """

    points: int
    lots: timeline.Lots
    cash: int = 0
    again: bool = False


def cancel(
    order_id: OrderId,
    *,
    actor: Actor,
    at: datetime,
    reason: str = "",
    lines: Sequence[Part] | None = None,
    limit: Limit | None = None,
    expect: str | None = None,
    grace: timedelta = GRACE,
) -> Cancelled:
    """Cancel a paid order of which nothing was sent, or some unsent units of it (`lines`: order line, units).

    Everything that it gives back goes the way of a refund (`refunding.request`; `limit` and `expect` as there), so
    cancelling and shipping take turns: one wins, the other is refused. Cancelling a cancelled order again changes
    nothing and says what came back then. Raises AlreadySent, CannotCancel, NoSuchOrder, and what a refund raises.
    """
    order = requesting.lock(order_id, actor)
    if order.state == "cancelled" and lines is None:
        return Cancelled(order.points_back, (), order.cash_back, again=True)
    if order.state != "paid":
        raise CannotCancel
    if lines is None and order.sent:
        raise AlreadySent
    asked = None if lines is None else [Units(line, unsent=n) for line, n in lines]
    try:
        done = refunding.request(
            order_id, asked, reason=reason, actor=actor, at=at, limit=limit, expect=expect, grace=grace
        )
    except CannotRefund as refusal:
        raise CannotCancel from refusal
    return Cancelled(done.points, done.lots, done.cash)

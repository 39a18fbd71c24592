"""Cancelling before shipping: a refund of units that were not sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mall.core.actor import Actor
from mall.core.ids import OrderId
from mall.domain.ledger.rules import GRACE
from mall.domain.orders import refunding, timeline
from mall.domain.orders.errors import AlreadySent, CannotCancel
from mall.domain.orders.refunding import Limit, Preview, Units, facts, previewing, requesting
from mall.domain.orders.refunding.errors import CannotRefund

#: An order line and how many units of it.
Part = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Cancelled:
    """What was given back: points, and to which lots (points, expiry); cash (minor units) that goes back.

    `again` if it had all been done before, `same_form` if by the form that was sent again now.
    """

    points: int
    lots: timeline.Lots
    cash: int = 0
    again: bool = False
    same_form: bool = False


def preview(
    order_id: OrderId, *, lines: Sequence[Part] | None = None, at: datetime, grace: timedelta = GRACE
) -> Preview:
    """What `cancel` of the same would do at `at`; nothing is written. Raises what it raises."""
    order = facts.of_order(order_id)
    _check(order.state, any(line.sent for line in order.lines), lines)
    asked = _units(lines)
    if asked is None:
        asked = previewing.everything_unsent(order)
    try:
        return previewing.foresee(order, asked, restock=False, at=at, grace=grace)
    except CannotRefund as refusal:
        raise CannotCancel from refusal


def cancel(
    order_id: OrderId,
    *,
    actor: Actor,
    at: datetime,
    reason: str = "",
    lines: Sequence[Part] | None = None,
    limit: Limit | None = None,
    expect: str | None = None,
    form_key: str | None = None,
    grace: timedelta = GRACE,
) -> Cancelled:
    """Cancel a paid order of which nothing was sent, or some unsent units of it (`lines`: order line, units).

    Everything that it gives back goes the way of a refund (`refunding.request`; `limit`, `expect` and `form_key` as there),
    so cancelling and shipping take turns: one wins, the other is refused. Cancelling a cancelled order again, or with
    the key of a form that was sent before, changes nothing and says what came back then. Raises AlreadySent, CannotCancel, NoSuchOrder, and what a refund raises.
    """
    order = requesting.lock(order_id, actor)
    if form_key and (prior := requesting.prior(order_id, form_key)):
        return Cancelled(prior.points, (), prior.cash, again=True, same_form=True)
    if order.state == "cancelled" and lines is None:
        return Cancelled(order.points_back, (), order.cash_back, again=True)
    _check(order.state, bool(order.sent), lines)
    try:
        done = refunding.request(
            order_id,
            _units(lines),
            reason=reason,
            actor=actor,
            at=at,
            limit=limit,
            expect=expect,
            form_key=form_key,
            grace=grace,
        )
    except CannotRefund as refusal:
        raise CannotCancel from refusal
    return Cancelled(done.points, done.lots, done.cash)


def _check(state: str, sent: bool, lines: Sequence[Part] | None) -> None:
    """Raises CannotCancel, and AlreadySent if the whole order is meant and a part of it is on its way."""
    if state != "paid":
        raise CannotCancel
    if lines is None and sent:
        raise AlreadySent


def _units(lines: Sequence[Part] | None) -> Sequence[Units] | None:
    return None if lines is None else [Units(line, unsent=n) for line, n in lines]

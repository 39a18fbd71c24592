"""Cancelling before shipping: points back to their lots, units back to the shelf, limits given back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.actor import Actor
from mall.core.db import changed, db
from mall.core.ids import OrderId
from mall.domain.items import stock
from mall.domain.ledger import service as ledger
from mall.domain.ledger.rules import Key, Ref
from mall.domain.orders import limits, locking, timeline
from mall.domain.orders.errors import AlreadySent, CannotCancel
from mall.domain.orders.models import order_line_table as line
from mall.domain.orders.models import order_table as orders
from mall.domain.outbox import service as outbox

#: An order line and how many units of it.
Part = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Cancelled:
    """What was given back: points, and to which lots (points, expiry); `again` if it had all been done before."""

    points: int
    lots: timeline.Lots
    again: bool = False


_CANCEL = (
    sa.update(line)
    .where(
        line.c.id == bindparam("line"),
        line.c.order_id == bindparam("order"),
        line.c.state == "open",
        line.c.quantity - line.c.sent - line.c.cancelled >= bindparam("n"),
    )
    .values(
        cancelled=line.c.cancelled + bindparam("n"),
        state=sa.case(
            (line.c.sent + line.c.cancelled + bindparam("n") < line.c.quantity, "open"),
            (line.c.sent == 0, "cancelled"),
            (line.c.kind == "goods", "shipped"),
            else_="fulfilled",
        ),
    )
)
_BACK = (
    sa.update(orders)
    .where(orders.c.id == bindparam("order"), orders.c.points_back == bindparam("before"))
    .values(points_back=orders.c.points_back + bindparam("n"))
)


def cancel(
    order_id: OrderId,
    *,
    actor: Actor,
    at: datetime,
    reason: str = "",
    lines: Sequence[Part] | None = None,
) -> Cancelled:
    """Cancel an order of which nothing was sent, or some unsent units of it (`lines`: order line, units).

    The account is locked before the order (the account's lock covers its lots), so that this and `ship` take turns:
    one wins, the other is refused. Cancelling a cancelled order again changes nothing and says what came back then.
    Raises AlreadySent, CannotCancel, NoSuchOrder.
    """
    member = locking.member_of(order_id)
    ledger.lock([member])
    order = locking.lock_order(order_id)
    if order.state == "cancelled" and lines is None:
        return Cancelled(order.points_back, (), again=True)
    parts = _parts(order, lines)
    for part, n in parts:
        if not changed(db.session.execute(_CANCEL, {"line": part.id, "order": order_id, "n": n})):
            raise CannotCancel
    points = sum(part.points_each * n for part, n in parts)
    ref = Ref("order", order.number)
    lots: timeline.Lots = ()
    if points:
        key = Key("order", f"{order.number}:cancel:{order.points_back}")
        lots = ledger.refund(member, points, of=ref, ref=ref, key=key, actor=actor, at=at).lots
        db.session.execute(_BACK, {"order": order_id, "before": order.points_back, "n": points})
    whole = locking.cancel_if_empty(order_id)
    said = {
        "points": points,
        "lots": timeline.lots_as_json(lots),
        "lines": [[part.id, n] for part, n in parts],
    }
    timeline.note(
        order_id, ("cancelled" if whole else "part_cancelled", said), actor=actor, at=at, text=reason or None
    )
    if not whole:
        locking.complete_if_done(order_id, actor=actor, at=at)
    outbox.add("order.cancelled", {**order.named, "points": points, "whole": whole}, at=at)
    limits.give_back(member, _by_offer(parts), day=order.placed_on)
    stock.take_back([(part.variant_id, n) for part, n in parts], ref=ref, actor=actor, at=at)
    return Cancelled(points, lots)


def _parts(order: locking.Locked, lines: Sequence[Part] | None) -> list[tuple[locking.LockedLine, int]]:
    if order.state != "paid":
        raise CannotCancel
    if lines is None:
        if order.sent:
            raise AlreadySent
        return [(found, found.left) for found in order.lines if found.left]
    known = {found.id: found for found in order.lines}
    if not lines or any(n <= 0 or part not in known or known[part].left < n for part, n in lines):
        raise CannotCancel
    return [(known[part], n) for part, n in sorted(lines)]


def _by_offer(parts: Sequence[tuple[locking.LockedLine, int]]) -> list[tuple[int, int]]:
    units: dict[int, int] = {}
    for part, n in parts:
        units[part.offer_id] = units.get(part.offer_id, 0) + n
    return list(units.items())

"""Sending orders, in parts: parcels of goods, and services or codes that staff fulfil. The caller commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.actor import Actor
from mall.core.db import changed, db
from mall.core.ids import OrderId
from mall.domain.orders import disputes, locking, timeline
from mall.domain.orders.errors import CannotShip
from mall.domain.orders.models import order_line_table as line
from mall.domain.orders.models import shipment_line_table, shipment_table
from mall.domain.outbox import service as outbox

#: An order line and how many units of it.
Part = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Shipped:
    """The shipment's id; `again` if this request had been made before and nothing was written now."""

    id: int
    again: bool = False


_SEND = (
    sa.update(line)
    .where(
        line.c.id == bindparam("line"),
        line.c.order_id == bindparam("order"),
        line.c.state == "open",
        line.c.quantity - line.c.sent - line.c.cancelled >= bindparam("n"),
        (line.c.kind == "goods") == bindparam("goods", type_=sa.Boolean),
    )
    .values(
        sent=line.c.sent + bindparam("n"),
        state=sa.case(
            (line.c.sent + line.c.cancelled + bindparam("n") < line.c.quantity, "open"),
            (line.c.kind == "goods", "shipped"),
            else_="fulfilled",
        ),
    )
)
_SHIPMENT = sa.insert(shipment_table).returning(shipment_table.c.id)
_BY_KEY = sa.select(shipment_table.c.id).where(
    shipment_table.c.order_id == bindparam("order"), shipment_table.c.key == bindparam("key")
)
_PARTS = sa.insert(shipment_line_table)


def ship(
    order_id: OrderId,
    *,
    lines: Sequence[Part] | None = None,
    carrier: str = "",
    tracking: str = "",
    key: str | None = None,
    actor: Actor,
    at: datetime,
) -> Shipped:
    """Send a parcel with these units (default: all goods that are left).

    Idempotent by (order, `key`): the first request counts, the same key again writes nothing. The order is completed when nothing is left open. Raises CannotShip where fewer units are left than that, or the
    order was cancelled meanwhile; OrderDisputed; NoSuchOrder.
    """
    order = locking.lock_order(order_id)
    if key is not None and (prior := _sent_before(order_id, key)) is not None:
        return Shipped(prior, again=True)
    parts = _send(order, lines, goods=True)
    shipment = int(
        db.session.execute(
            _SHIPMENT,
            {"order_id": order_id, "key": key, "carrier": carrier, "tracking": tracking, "shipped_at": at},
        ).scalar_one()
    )
    db.session.execute(
        _PARTS, [{"shipment_id": shipment, "order_line_id": part, "quantity": n} for part, n in parts]
    )
    said = {"shipment": shipment, "carrier": carrier, "tracking": tracking, "lines": [list(p) for p in parts]}
    timeline.note(order_id, ("shipped", said), actor=actor, at=at)
    outbox.add(
        "order.shipped",
        {**order.named, "shipment_id": shipment, "carrier": carrier, "tracking": tracking},
        at=at,
    )
    locking.complete_if_done(order_id, actor=actor, at=at)
    return Shipped(shipment)


def fulfil(
    order_id: OrderId,
    *,
    lines: Sequence[Part] | None = None,
    actor: Actor,
    at: datetime,
    note: str | None = None,
) -> None:
    """Note that services or digital goods were given (default: all that are left). Raises CannotShip, OrderDisputed, NoSuchOrder."""
    order = locking.lock_order(order_id)
    parts = _send(order, lines, goods=False)
    timeline.note(order_id, ("fulfilled", {"lines": [list(p) for p in parts]}), actor=actor, at=at, text=note)
    outbox.add("order.fulfilled", order.named, at=at)
    locking.complete_if_done(order_id, actor=actor, at=at)


def _sent_before(order_id: OrderId, key: str) -> int | None:
    return db.session.execute(_BY_KEY, {"order": order_id, "key": key}).scalar_one_or_none()


def _send(order: locking.Locked, lines: Sequence[Part] | None, *, goods: bool) -> list[Part]:
    if order.state != "paid":
        raise CannotShip
    disputes.check(order.id)
    parts = [(row.id, row.left) for row in order.lines if row.left and (row.kind == "goods") == goods]
    if lines is not None:
        parts = sorted((part, n) for part, n in lines if n)
    if not parts or any(n < 0 for _, n in parts):
        raise CannotShip
    for part, n in parts:
        this = {"line": part, "order": order.id, "n": n, "goods": goods}
        if not changed(db.session.execute(_SEND, this)):
            raise CannotShip
    return parts

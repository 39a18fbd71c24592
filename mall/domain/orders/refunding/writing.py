"""What a refund writes, step by step, in the order of the locks. `requesting` decides; nothing here does."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.actor import Actor
from mall.core.db import write_connection
from mall.domain.earning import cash as earning
from mall.domain.items import stock
from mall.domain.ledger import service as ledger
from mall.domain.ledger.rules import GRACE, Key, Ref
from mall.domain.orders import fulfilling, limits, locking, rules, timeline
from mall.domain.orders.models import order_line_table as line
from mall.domain.orders.models import order_table as orders
from mall.domain.orders.models import refund_line_table as refund_line
from mall.domain.orders.models import refund_table as refund
from mall.domain.orders.refunding.errors import CannotRefund
from mall.domain.orders.refunding.facts import Facts
from mall.domain.orders.refunding.rules import Part, Preview
from mall.domain.outbox import service as outbox


@dataclass(frozen=True, slots=True)
class Deed:
    """A refund that was decided: of which order, what it does, under which key, why, by whom, when."""

    order: Facts
    shown: Preview
    key: str
    reason: str
    restock: bool
    form_key: str | None
    actor: Actor
    at: datetime
    grace: timedelta = GRACE

    @property
    def ref(self) -> Ref:
        """How the ledger and the stock's journal name the order."""
        return Ref("order", self.order.number)

    @property
    def state(self) -> str:
        """The refund's first state. One of points alone happens at once, along the moves of the table."""
        if self.shown.cash:
            return "requested"
        return rules.move("refund", rules.move("refund", "requested", "sent"), "succeeded")


_TAKE = (
    sa.update(line)
    .where(
        line.c.id == bindparam("line"),
        line.c.order_id == bindparam("order"),
        line.c.quantity - line.c.sent - line.c.cancelled >= bindparam("unsent"),
        line.c.sent - line.c.returned >= bindparam("back"),
    )
    .values(
        cancelled=line.c.cancelled + bindparam("unsent"),
        returned=line.c.returned + bindparam("back"),
        points_back=line.c.points_back + bindparam("points_given"),
        cash_back=line.c.cash_back + bindparam("cash_given"),
        state=sa.case(
            (line.c.sent + line.c.cancelled + bindparam("unsent") < line.c.quantity, "open"),
            (line.c.sent == 0, "cancelled"),
            (line.c.state != "open", line.c.state),
            (line.c.kind == "goods", "shipped"),
            else_="fulfilled",
        ),
    )
)
#: A line of which all that was sent came back, and nothing is left to send. A step of its own: open lines pass through
#: "shipped" on their way.
_RETURNED = (
    sa.update(line)
    .where(
        line.c.id == bindparam("line"),
        line.c.sent > 0,
        line.c.returned == line.c.sent,
        line.c.state.in_(rules.before("line", "returned")),
    )
    .values(state="returned")
)
_BACK = (
    sa.update(orders)
    .where(orders.c.id == bindparam("order"))
    .values(
        points_back=orders.c.points_back + bindparam("points_given"),
        cash_back=orders.c.cash_back + bindparam("cash_given"),
    )
)
_REFUND = sa.insert(refund).returning(refund.c.id)
_PARTS = sa.insert(refund_line)


def move_points(deed: Deed) -> timeline.Lots:
    """Give the points back to their lots, then take back what the cash had earned, so that debt is the last resort."""
    order, shown = deed.order, deed.shown
    lots: timeline.Lots = ()
    if shown.points:
        key = Key("refund", deed.key)
        lots = ledger.refund(
            order.member_id,
            shown.points,
            of=deed.ref,
            ref=deed.ref,
            key=key,
            actor=deed.actor,
            at=deed.at,
            grace=deed.grace,
        ).lots
    if shown.earned_back:
        ledger.reverse(
            order.member_id,
            shown.earned_back,
            of=earning.reference(order.number),
            ref=deed.ref,
            key=Key("refund", f"{deed.key}:earned"),
            actor=deed.actor,
            at=deed.at,
        )
    return lots


def add(deed: Deed) -> int:
    """Write the refund and its lines; its id."""
    shown, connection = deed.shown, write_connection()
    values = {
        "key": deed.key,
        "order_id": deed.order.id,
        "payment_id": shown.payment_id,
        "kind": "lines",
        "state": deed.state,
        "points": shown.points,
        "cash": shown.cash,
        "delivery": shown.delivery,
        "earned_back": shown.earned_back,
        "currency": shown.currency,
        "reason": deed.reason,
        "restock": deed.restock,
        "form_key": deed.form_key,
        "requested_kind": deed.actor.kind,
        "requested_id": deed.actor.id,
        "requested_at": deed.at,
        "ended_at": None if shown.cash else deed.at,
    }
    refund_id = int(connection.execute(_REFUND, values).scalar_one())
    parts = [
        {
            "refund_id": refund_id,
            "order_line_id": part.line.id,
            "quantity": part.quantity,
            "returned": part.returned,
            "restocked": part.restocked,
            "points": part.points,
            "cash": part.cash,
        }
        for part in shown.parts
    ]
    connection.execute(_PARTS, parts)
    return refund_id


def count_units(deed: Deed) -> bool:
    """Count the units on the order's lines; whether that cancels the order as a whole. Raises CannotRefund."""
    order, shown, connection = deed.order, deed.shown, write_connection()
    for part in shown.parts:
        counted = {
            "line": part.line.id,
            "order": order.id,
            "unsent": part.unsent,
            "back": part.returned,
            "points_given": part.points,
            "cash_given": part.cash,
        }
        if connection.execute(_TAKE, counted).rowcount != 1:
            raise CannotRefund
        connection.execute(_RETURNED, {"line": part.line.id})
    connection.execute(_BACK, {"order": order.id, "points_given": shown.points, "cash_given": shown.cash})
    return locking.cancel_if_empty(order.id)


def tell(deed: Deed, refund_id: int, lots: timeline.Lots, *, whole: bool) -> None:
    """Write the timeline, complete the order if nothing is open, have the member told and the cash sent."""
    order, shown = deed.order, deed.shown
    cancels = not any(part.returned for part in shown.parts)
    kind = "refunded" if not cancels else "cancelled" if whole else "part_cancelled"
    said = {
        "refund": deed.key,
        "points": shown.points,
        "lots": timeline.lots_as_json(lots),
        "lines": [[part.line.id, part.quantity] for part in shown.parts],
        "cash": shown.cash,
        "currency": shown.currency,
        "earned_back": shown.earned_back,
        "debt": shown.debt,
    }
    timeline.note(order.id, (kind, said), actor=deed.actor, at=deed.at, text=deed.reason or None)
    if not whole:
        locking.complete_if_done(order.id, actor=deed.actor, at=deed.at)
    told = {
        "order_id": order.id,
        "number": order.number,
        "member_id": order.member_id,
        "points": shown.points,
        "whole": whole,
        "refund": deed.key,
    }
    if cancels and not shown.cash:
        outbox.add("order.cancelled", told, at=deed.at)
        return
    told |= {"cash": shown.cash, "currency": shown.currency}
    outbox.add("order.refunded", told, at=deed.at)
    if shown.cash:
        outbox.add("refund.send", {"refund_id": refund_id}, at=deed.at)


def give_limits_back(deed: Deed) -> None:
    """Units that never left the house count no longer against the offers' limits."""
    units: dict[int, int] = {}
    for part in deed.shown.parts:
        if part.unsent:
            units[part.line.offer_id] = units.get(part.line.offer_id, 0) + part.unsent
    if units:
        limits.give_back(deed.order.member_id, list(units.items()), day=deed.order.placed_on)


def restock(deed: Deed) -> None:
    """Put on the shelf again what never left it, and what came back fit to be sold.

    Of codes, those that nobody has seen, whatever was asked for; lines are taken in the order in which codes are locked.
    """
    parts = sorted(deed.shown.parts, key=lambda part: (part.line.variant_id, part.line.id))
    back = [(part.line.variant_id, n) for part in parts if (n := _fit(part, deed.at))]
    if back:
        stock.take_back(back, ref=deed.ref, actor=deed.actor, at=deed.at)


def _fit(part: Part, at: datetime) -> int:
    if part.line.kind != "digital":
        return part.restocked
    free = fulfilling.take_back(part.line.id, part.line.variant_id, part.quantity, at=at)
    return part.restocked if free is None else free

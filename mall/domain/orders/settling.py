"""What an order's payments make of it: the one function that turns cash into "paid", or lets go of what was held.

The webhook's worker, the return page, the sweeper and staff all call `settle` with what Stripe says now. It is
idempotent, and takes its locks in the ledger's order, so it does not matter who calls it, how often, or with how old
an answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.actor import SYSTEM, Actor
from mall.core.db import changed, db, write_connection
from mall.core.ids import OrderId
from mall.domain.earning.rules import CashTerms
from mall.domain.items import stock
from mall.domain.ledger import service as ledger
from mall.domain.ledger.rules import GRACE, Key, Ref
from mall.domain.orders import fulfilling, limits, locking, rewarding, rules, timeline
from mall.domain.orders.models import order_event_table as event
from mall.domain.orders.models import order_line_table as line
from mall.domain.orders.models import order_table as orders
from mall.domain.orders.refunding.stray import refund_stray
from mall.domain.outbox import service as outbox
from mall.domain.payments import queries as payments
from mall.domain.payments import service as payment
from mall.domain.payments.objects import Session
from mall.domain.payments.queries import PaymentView


@dataclass(frozen=True, slots=True)
class Settled:
    """The order's state after settling. `problem`: why what Stripe said was not believed ("" if it was)."""

    state: str
    problem: str = ""


_AWAIT = locking.advance("awaiting_payment")
_PAY = locking.advance("paid").values(paid_at=bindparam("now"), closing=None)
_END = {after: locking.advance(after) for after in ("expired", "cancelled")}
_DROP_LINES = (
    sa.update(line)
    .where(line.c.order_id == bindparam("order"), line.c.state == "open")
    .values(state=rules.move("line", "open", "cancelled"), cancelled=line.c.quantity)
)
_STATE = sa.select(orders.c.state).where(orders.c.id == bindparam("order"))
_PAID_BY = sa.select(event.c.data).where(event.c.order_id == bindparam("order"), event.c.kind == "paid")


def settle(
    order_id: OrderId,
    *,
    session: Session | None = None,
    terms: CashTerms,
    at: datetime,
    actor: Actor = SYSTEM,
    grace: timedelta = GRACE,
) -> Settled:
    """Bring an order to where its payments say it is. `session`: what Stripe has just said of one of them.

    A session that is none of the order's, or differs from the attempt in amount, currency, mode or reference, moves
    nothing, and `problem` says so. `terms`: what cash earns; `grace`: how long points live that come back after their
    time. Raises NoSuchOrder. The caller commits.
    """
    ledger.lock([locking.member_of(order_id)])
    order = locking.lock_order(order_id)
    problem = _mirror(order, session, at) if session is not None else ""
    attempts = payments.of_order(order_id)
    paid = sorted((one for one in attempts if one.state == "paid"), key=_first_paid)
    if paid and order.state in rules.WAITING:
        state = _paid(order, paid.pop(0), terms, actor, at)
    else:
        if paid and order.paid_at is not None:
            paid.remove(_that_paid(order_id, paid))
        state = _waits(order, attempts, actor, at, grace)
    for stray in paid:  # the order is not revived, and takes no stock again: the money goes back by itself
        refund_stray(stray.id, order.id, amount=stray.captured, currency=stray.currency, at=at)
    return Settled(state, problem)


def release_if_over(order: locking.Locked, *, actor: Actor, at: datetime, grace: timedelta = GRACE) -> str:
    """Let go of what an order holds that is being closed, if none of its payments can come any more; its state then.

    The caller holds the locks of the account and of the order.
    """
    if order.state != "expiring" or any(one.state != "closed" for one in payments.of_order(order.id)):
        return order.state
    after = "expired" if order.closing == "time" else "cancelled"
    ref, lots = Ref("order", order.number), ()  # type: tuple[Ref, timeline.Lots]
    hold = ledger.held_for(order.member_id, ref)
    if hold is not None:
        key = Key("order", f"{order.number}:release")
        lots = ledger.release(hold, key=key, actor=actor, at=at, grace=grace).lots
    _guarded(_END[after], {"order": order.id})
    said = {"points": order.points, "lots": timeline.lots_as_json(lots), "why": order.closing}
    timeline.note(order.id, (after, {**said, "unpaid": True}), actor=actor, at=at)
    if order.closing != "member":
        outbox.add("order.expired", {**order.named, "points": order.points or None}, at=at)
    db.session.execute(_DROP_LINES, {"order": order.id})
    units = [(found.variant_id, found.left) for found in order.lines if found.left]
    limits.give_back(order.member_id, _by_offer(order), day=order.placed_on)
    stock.release(units, ref=ref, actor=actor, at=at)
    return after


def _mirror(order: locking.Locked, session: Session, at: datetime) -> str:
    """Move the attempt forward that the session belongs to; what is wrong with the session, if anything is."""
    attempt = payments.by_reference(session.reference)
    if attempt is None or attempt.order_id != order.id:
        return f"{session.id} is no attempt of {order.number}"
    return payment.mirror(attempt.id, session, at=at).problem


def _that_paid(order_id: OrderId, paid: Sequence[PaymentView]) -> PaymentView:
    """The payment that made the order paid, as its timeline says; not the one with the earliest time: clocks differ."""
    if len(paid) > 1:
        by = db.session.scalars(_PAID_BY, {"order": order_id}).first()
        paid = [one for one in paid if one.id == (by or {}).get("payment")] or paid
    return paid[0]


def _first_paid(attempt: PaymentView) -> tuple[datetime, int]:
    assert attempt.paid_at is not None
    return attempt.paid_at, attempt.id


def _waits(
    order: locking.Locked, attempts: Sequence[PaymentView], actor: Actor, at: datetime, grace: timedelta
) -> str:
    """The state of an order that no payment has reached now."""
    if order.state in ("reserved", "unknown") and any(one.state == "open" for one in attempts):
        _guarded(_AWAIT, {"order": order.id})
        return "awaiting_payment"
    return release_if_over(order, actor=actor, at=at, grace=grace)


def _paid(order: locking.Locked, by: PaymentView, terms: CashTerms, actor: Actor, at: datetime) -> str:
    """The cash has come: capture the points, sell what was reserved, and all that follows, in one transaction.

    The order's state afterwards: "completed" if all of it was given at once.
    """
    ref, lots = Ref("order", order.number), ()  # type: tuple[Ref, timeline.Lots]
    hold = ledger.held_for(order.member_id, ref)
    if hold is not None:
        key = Key("order", f"{order.number}:capture")
        lots = ledger.capture(hold, key=key, actor=actor, at=at).lots
    _guarded(_PAY, {"order": order.id, "now": at})
    said: dict[str, Any] = {"points": order.points, "lots": timeline.lots_as_json(lots)}
    said |= {"cash": by.captured, "currency": by.currency, "payment": by.id}
    timeline.note(order.id, ("paid", said), actor=actor, at=at)
    told = {**order.named, "points": order.points or None, "cash": by.captured, "currency": by.currency}
    # In this order: the mail that tells of the order names its receipt.
    outbox.add_all([("order.paid", order.named), ("order.placed", told)], at=at)
    goods = order.cash - order.delivery_fee
    rewarding.on_paid(order.id, order.number, order.member_id, goods=goods, terms=terms, actor=actor, at=at)
    if coded := fulfilling.may_hand_over(found.kind for found in order.lines):
        fulfilling.on_paid(order.id, actor=actor, at=at)
    units = [(found.variant_id, found.left) for found in order.lines if found.left]
    stock.sell_reserved(units, ref=ref, actor=actor, at=at)
    return str(write_connection().execute(_STATE, {"order": order.id}).scalar_one()) if coded else "paid"


def _guarded(statement: sa.Update, values: dict[str, Any]) -> None:
    """Change a state that was read under lock. Raises IllegalMove if it was not as it had been read."""
    if changed(write_connection().execute(statement, values)) != 1:
        raise rules.IllegalMove(f"order {values['order']} was not as it had been read")


def _by_offer(order: locking.Locked) -> list[tuple[int, int]]:
    units: dict[int, int] = {}
    for found in order.lines:
        units[found.offer_id] = units.get(found.offer_id, 0) + found.left
    return list(units.items())

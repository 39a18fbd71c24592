"""Closing an order that waits for cash: asked for by the time, the member or staff.

Points and stock stay held until Stripe has confirmed that no payment can come any more; then `settling` releases them.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.actor import SYSTEM, Actor
from mall.core.db import db
from mall.core.ids import OrderId
from mall.core.partial import among
from mall.domain.ledger import service as ledger
from mall.domain.ledger.rules import GRACE
from mall.domain.orders import locking, rules, settling, timeline
from mall.domain.orders.errors import CannotCancel
from mall.domain.orders.models import order_table as orders
from mall.domain.outbox import service as outbox
from mall.domain.payments import queries as payments
from mall.domain.payments import rules as payment_rules
from mall.domain.payments import service as payment

_CLOSE = locking.advance("expiring").values(closing=bindparam("why"))
_DUE = (
    sa.select(orders.c.id)
    .where(
        among(orders.c.state, *rules.WAITING),  # as the index says it
        orders.c.state.in_(rules.PAYABLE),
        orders.c.expires_at <= bindparam("at"),
        orders.c.id.not_in(bindparam("but", expanding=True)),
    )
    .order_by(orders.c.expires_at, orders.c.id)
    .limit(bindparam("page"))
)
_CLOSING = (
    sa.select(orders.c.id)
    .where(orders.c.state == "expiring", orders.c.id > bindparam("after"))
    .order_by(orders.c.id)
    .limit(bindparam("page"))
)


def begin(order_id: OrderId, *, why: str, actor: Actor, at: datetime, grace: timedelta = GRACE) -> str:
    """Stop asking for the cash of an order (`why`: see rules.CLOSING); the state that it is in then.

    With nothing asked of Stripe yet, everything is released at once; else "expire the session" is in the outbox. An
    order that is being closed, or is closed, stays as it is. Raises CannotCancel for one that was paid, NoSuchOrder.
    """
    ledger.lock([locking.member_of(order_id)])
    order = locking.lock_order(order_id)
    if order.paid_at is not None:
        raise CannotCancel
    if order.state not in rules.PAYABLE:
        return order.state
    return _close(order, why, actor, at, grace)


def overdue(order_id: OrderId, *, at: datetime, grace: timedelta = GRACE) -> str:
    """The same because its time is up; nothing happens to an order that has time left, or is past that. NoSuchOrder."""
    ledger.lock([locking.member_of(order_id)])
    order = locking.lock_order(order_id)
    if order.state not in rules.PAYABLE or order.expires_at is None or order.expires_at > at:
        return order.state
    return _close(order, "time", SYSTEM, at, grace)


def due(*, at: datetime, limit: int, but: Collection[OrderId] = ()) -> Sequence[OrderId]:
    """Orders whose reservation is over, the longest over first, without those of `but`. A read."""
    asked = {"at": at, "page": limit, "but": list(but)}
    return [OrderId(row) for row in db.session.scalars(_DUE, asked)]


def closing(*, after: int = 0, limit: int) -> Sequence[OrderId]:
    """Orders that wait for Stripe's word that nobody can pay them any more, by id. A read."""
    return [OrderId(row) for row in db.session.scalars(_CLOSING, {"after": after, "page": limit})]


def _close(order: locking.Locked, why: str, actor: Actor, at: datetime, grace: timedelta) -> str:
    db.session.execute(_CLOSE, {"order": order.id, "why": why})
    timeline.note(order.id, ("closing", {"why": why}), actor=actor, at=at)
    for attempt in payments.of_order(order.id):
        if attempt.state == "new" and not attempt.calls:
            payment.refused(attempt.id, "never asked for", at=at)
    # The edge that began it asks Stripe itself; the worker is there if it does not live to.
    wait = payment_rules.STALE if why == "member" else payment_rules.STALE * 0
    outbox.add("payment.expire", {"order_id": order.id}, at=at, due_at=at + wait)
    return settling.release_if_over(locking.lock_order(order.id), actor=actor, at=at, grace=grace)

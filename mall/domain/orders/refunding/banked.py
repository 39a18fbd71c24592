"""Refunds that failed because the bank took the cash itself, in a dispute: what it has taken is never sent again."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.actor import SYSTEM, Actor
from mall.core.db import db, write_connection
from mall.core.ids import OrderId
from mall.domain.ledger.statements import total
from mall.domain.orders import rules, timeline
from mall.domain.orders.models import refund_table as refund
from mall.domain.orders.refunding.errors import RefundDisputed
from mall.domain.outbox import service as outbox
from mall.domain.payments.models import dispute_table as dispute
from mall.domain.payments.models import payment_table as payment

#: What the refund says, as somebody would have noted it who settles one by hand.
NOTE = "The bank took the cash back in a dispute."

_lost = (
    sa.select(total(dispute.c.amount))
    .where(dispute.c.payment_id == payment.c.id, dispute.c.state == "lost")
    .correlate(payment)
    .scalar_subquery()
)
_arrived = (
    sa.select(total(refund.c.cash))
    .where(refund.c.payment_id == payment.c.id, refund.c.state == "succeeded")
    .correlate(payment)
    .scalar_subquery()
)
#: The bank has taken cash of the payment, and with what has arrived by refunds nothing of it is left.
_NOTHING_LEFT = sa.select(sa.and_(_lost > 0, _lost + _arrived >= payment.c.captured)).where(
    payment.c.id == bindparam("payment")
)
_OPEN = sa.select(sa.exists().where(dispute.c.payment_id == bindparam("payment"), dispute.c.state == "open"))
# All of them, whatever their state: one that is failing just now is waited for.
_ALL = (
    sa.select(refund.c.id, refund.c.state)
    .where(refund.c.payment_id == bindparam("payment"))
    .order_by(refund.c.id)
    .with_for_update()
)
_ONE = sa.select(refund).where(refund.c.id == bindparam("this"))


def check(payment_id: int) -> None:
    """Refuse to see to a failed refund while the bank has not decided: it may yet take the cash itself. Raises RefundDisputed."""
    if db.session.scalar(_OPEN, {"payment": payment_id}):
        raise RefundDisputed


def settle_all(payment_id: int, *, at: datetime) -> None:
    """A dispute was lost: settle the failed refunds of its payment, if nothing of that is left. Ask under the order's lock."""
    rows = write_connection().execute(_ALL, {"payment": payment_id}).all()
    for row in rows:
        if row.state == "failed":
            settle_one(row.id, payment_id, at=at)


def settle_one(refund_id: int, payment_id: int, *, at: datetime) -> bool:
    """Settle a failed refund that the caller has locked, if the bank has taken all that is left; whether it had."""
    if not write_connection().execute(_NOTHING_LEFT, {"payment": payment_id}).scalar_one():
        return False
    settle(refund_id, NOTE, actor=SYSTEM, at=at)
    return True


def settle(refund_id: int, note: str, *, actor: Actor, at: datetime) -> None:
    """Count a failed refund that the caller has locked as given back in another way."""
    row = write_connection().execute(_ONE, {"this": refund_id}).one()
    state = rules.move("refund", row.state, "settled_by_hand")
    write_connection().execute(
        sa.update(refund)
        .where(refund.c.id == refund_id, refund.c.state == row.state)
        .values(state=state, note=note, ended_at=at)
    )
    said = {"refund": row.key, "cash": row.cash, "currency": row.currency}
    timeline.note(OrderId(row.order_id), ("refund_settled", said), actor=actor, at=at)
    outbox.add("refund.succeeded", {"refund_id": row.id}, at=at)

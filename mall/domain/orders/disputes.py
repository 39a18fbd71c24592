"""Disputes: a cardholder's bank takes the cash back until it has decided. Nothing leaves the house meanwhile.

`payments` keeps the mirror; this is what an order makes of it. The caller commits.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.actor import SYSTEM
from mall.core.db import db
from mall.core.ids import OrderId
from mall.domain.ledger import service as ledger
from mall.domain.orders import locking, timeline
from mall.domain.orders.refunding.errors import OrderDisputed
from mall.domain.payments import events
from mall.domain.payments import queries as payments
from mall.domain.payments.models import dispute_table
from mall.domain.payments.objects import StripeDispute
from mall.domain.payments.queries import DisputeView

_OPEN = sa.select(
    sa.exists().where(dispute_table.c.order_id == bindparam("order"), dispute_table.c.state == "open")
)


def is_open(order_id: OrderId) -> bool:
    """Whether a payment of the order is disputed now."""
    return bool(db.session.scalar(_OPEN, {"order": order_id}))


def check(order_id: OrderId) -> None:
    """Refuse to send anything of an order whose payment is disputed; ask under the order's lock. Raises OrderDisputed."""
    if is_open(order_id):
        raise OrderDisputed


def mirror(dispute: StripeDispute, *, at: datetime) -> DisputeView | None:
    """Keep a dispute as Stripe has it now, and tell the order's timeline when it was opened, won or lost.

    None if it is about a payment that is none of ours. It takes the order's lock, so that it and a parcel take turns.
    """
    payment = payments.by_intent(dispute.payment_intent) if dispute.payment_intent else None
    if payment is None:
        return None
    order_id = OrderId(payment.order_id)
    ledger.lock([locking.member_of(order_id)])
    locking.lock_order(order_id)
    before = {one.stripe_id: one.state for one in payments.disputes_of(order_id)}.get(dispute.id)
    now = events.mirror_dispute(payment.id, payment.order_id, dispute, at=at)
    said = {"dispute": now.id, "cash": now.amount, "currency": now.currency, "reason": now.reason}
    told = [("disputed", said)] if before is None else []
    if now.state != "open" and before in (None, "open"):
        told.append((f"dispute_{now.state}", said))
    if told:
        timeline.note(order_id, *told, actor=SYSTEM, at=at)
    return now

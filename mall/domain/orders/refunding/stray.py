"""Money that reached an order which cannot take it goes back by itself: the order is not revived."""

from datetime import datetime

import sqlalchemy as sa

from mall.core import ids
from mall.core.actor import SYSTEM
from mall.core.db import db, write_connection
from mall.core.ids import OrderId
from mall.domain.orders import timeline
from mall.domain.orders.models import refund_table as refund
from mall.domain.outbox import service as outbox
from mall.domain.payments import service as payments


def refund_stray(
    payment_id: int, order_id: OrderId, *, amount: int, currency: str, at: datetime
) -> int | None:
    """Send back all of a payment that reached an order which cannot take it; the refund's id, None if that was done.

    The order's points were released already, or paid with another payment: this is cash alone. The caller holds the
    locks of the account and the order, in that order.
    """
    known = sa.select(refund.c.id).where(refund.c.payment_id == payment_id, refund.c.kind == "stray")
    if db.session.scalar(known) is not None:
        return None
    payments.reserve_refund(payment_id, amount)
    key = ids.public_number("F")
    refund_id = int(
        write_connection()
        .execute(
            sa.insert(refund)
            .values(
                key=key,
                order_id=order_id,
                payment_id=payment_id,
                kind="stray",
                state="requested",
                points=0,
                cash=amount,
                currency=currency,
                reason="",
                restock=False,
                requested_kind=SYSTEM.kind,
                requested_id=SYSTEM.id,
                requested_at=at,
            )
            .returning(refund.c.id)
        )
        .scalar_one()
    )
    said = {"refund": key, "cash": amount, "currency": currency, "stray": True}
    timeline.note(order_id, ("refund_requested", said), actor=SYSTEM, at=at)
    outbox.add("refund.send", {"refund_id": refund_id}, at=at)
    return refund_id

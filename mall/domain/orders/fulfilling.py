"""What a paid order hands over by itself: codes from their pools. Called inside the paying transaction."""

from datetime import datetime

from mall.core.actor import Actor
from mall.core.ids import OrderId


def on_paid(order_id: OrderId, *, actor: Actor, at: datetime) -> int:
    """Give the codes of an order that has just become paid; returns how many were given.

    To be called once the order's row is locked and "paid", after the limit counters and before its stock moves
    (lock order: codes, then stock). Lines that got their codes are fulfilled; the order completes if nothing is open.
    """
    return 0

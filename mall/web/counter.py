"""The code that a member shows at the counter: short enough to be read out, and no order's number gives it away."""

import hmac

from flask import current_app

from mall.core.ids import spell
from mall.domain.orders.queries import OrderView

_LETTERS = 6


def counter_code(order: OrderView) -> str | None:
    """Such as "4F7-K2M", for an order that is to be picked up and has something to hand over; else None.

    HMAC-SHA256 of the order's number under the mall's secret key, in Crockford's base 32: 30 bits, always the same.
    """
    waits = order.state == "paid" and any(line.left and line.kind == "goods" for line in order.lines)
    if order.delivery_kind != "pickup" or not waits:
        return None
    secret = current_app.config["SETTINGS"].secret_key
    digest = hmac.digest(secret.encode(), f"counter:{order.number}".encode(), "sha256")
    text = spell(int.from_bytes(digest[:5], "big"), _LETTERS)
    return f"{text[:3]}-{text[3:]}"

"""What a shop asks the stand-in for."""

from typing import Any

#: An instant at which the clock of most tests stands: 15 January 2027, 08:00 UTC.
NOON = 1_800_000_000


def order(**changes: Any) -> Any:
    """Two mugs and their delivery, 68.00 yuan."""
    return {
        "mode": "payment",
        "line_items": [line("Mug", 3000, 2), line("Delivery", 800)],
        "client_reference_id": "A-1",
        "metadata": {"order": "A-1"},
        "payment_intent_data": {"metadata": {"order": "A-1"}},
        "success_url": "http://127.0.0.1/return?session={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://127.0.0.1/basket",
        "expires_at": NOON + 31 * 60,
        **changes,
    }


def line(name: str, amount: int, quantity: int = 1, currency: str = "cny") -> Any:
    """One line."""
    return {
        "price_data": {"currency": currency, "unit_amount": amount, "product_data": {"name": name}},
        "quantity": quantity,
    }

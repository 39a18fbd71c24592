"""Receipts and credit notes are numbered by the outbox, after what they are about was committed."""

from datetime import datetime
from typing import Any

from flask import current_app

from mall.domain.orders.documents import issuing
from mall.domain.orders.documents.issuing import Merchant


def merchant() -> Merchant:
    """Who issues, by the settings."""
    settings = current_app.config["SETTINGS"]
    return Merchant(
        settings.merchant_name or settings.name,
        settings.merchant_address,
        settings.merchant_tax_number,
        settings.timezone,
    )


def receipt(payload: dict[str, Any], at: datetime, _message_id: int) -> None:
    """Handles "order.paid": {"order_id"}."""
    issuing.receipt(payload["order_id"], merchant=merchant(), at=at)


def credit_note(payload: dict[str, Any], at: datetime, _message_id: int) -> None:
    """Handles "refund.succeeded": {"refund_id"}."""
    issuing.credit_note(payload["refund_id"], merchant=merchant(), at=at)

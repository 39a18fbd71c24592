"""Refunds: previewed, requested in one transaction, their cash sent through Stripe and followed until it arrived."""

from mall.domain.orders.refunding.previewing import preview
from mall.domain.orders.refunding.requesting import Limit, Requested, request
from mall.domain.orders.refunding.rules import Preview, Units
from mall.domain.orders.refunding.sending import retry, settle_by_hand
from mall.domain.orders.refunding.stray import refund_stray

__all__ = [
    "Limit",
    "Preview",
    "Requested",
    "Units",
    "preview",
    "refund_stray",
    "request",
    "retry",
    "settle_by_hand",
]

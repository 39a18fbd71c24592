"""Stripe's webhook: verify, keep, answer. What it means is worked out later, by the worker."""

import structlog
from flask import Response, request
from flask.typing import ResponseReturnValue

from mall.checkout.blueprint import bp
from mall.core import clock
from mall.core.db import transaction
from mall.domain.outbox import service as outbox
from mall.domain.payments import events
from mall.domain.payments.errors import BadEvent, BadSignature
from mall.web.paying import gateway

#: Events are a few kilobytes; whatever is larger is none.
LARGEST = 1024 * 1024

log = structlog.get_logger("mall.stripe")


@bp.post("/stripe/webhook")
def stripe_webhook() -> ResponseReturnValue:
    """Store an event that Stripe signed, once, and have it applied: 2xx only when that is committed.

    400 and nothing stored for what Stripe did not sign just now, or cannot be read; 413 for what is too large.
    """
    request.max_content_length = LARGEST
    at, stripe = clock.now(), gateway()
    try:
        event = stripe.parse_event(request.get_data(cache=False), request.headers.get("Stripe-Signature", ""))
    except (BadSignature, BadEvent) as refusal:
        log.warning("stripe.refused", why=type(refusal).__name__, detail=str(refusal))
        return Response(status=400)
    with transaction():
        if events.store_event(event, livemode=stripe.livemode, at=at):
            outbox.add("stripe.event", {"event_id": event.id}, at=at)
    return Response(status=200)

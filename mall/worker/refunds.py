"""The cash of refunds: sent to Stripe, and followed; disputes mirrored. No call stands inside a transaction.

Whoever dies between a call and what follows leaves the refund "sent" without Stripe's id: the next one repeats it with
the same key, and Stripe answers what it did the first time.
"""

from datetime import datetime
from typing import Any

import structlog

from mall.core import clock
from mall.core.db import transaction
from mall.domain.orders import disputes
from mall.domain.orders.refunding import sending
from mall.domain.orders.refunding.sending import Sending
from mall.domain.payments.errors import KeyMisused, Refused, Unknown
from mall.domain.payments.gateway import Gateway
from mall.domain.payments.objects import CashRefund, StripeDispute
from mall.web import paying
from mall.web.paying import Now
from mall.worker.rounds import each, passing

log = structlog.get_logger("mall.refunds")


def send(refund_id: int, *, now: Now = clock.now) -> str:
    """Send a refund's cash; the refund's state then. Raises Unknown when Stripe did not answer: try again later."""
    with transaction():
        taken = sending.take(refund_id, at=now())
    if taken is None:
        return "nothing to send"
    try:
        found = _ask(paying.gateway(), taken)
    except Unknown as silence:
        with transaction():
            sending.unknown(refund_id, str(silence), at=now())
        raise
    except Refused as refusal:
        with transaction():
            state = sending.refused(refund_id, str(refusal), at=now())
        log.error("refund.failed", refund=taken.key, error=str(refusal), state=state)
        return state
    return mirror(refund_id, found, now=now)


def look(stripe_id: str, reference: str, *, now: Now = clock.now) -> str | None:
    """Ask Stripe about a refund that it told us of, and move ours forward; its state then, None if it is none of ours."""
    refund_id = sending.find(key=reference, stripe_id=stripe_id)
    if refund_id is None:
        return None
    return mirror(refund_id, paying.gateway().retrieve_refund(stripe_id), now=now)


def look_at_dispute(stripe_id: str, *, now: Now = clock.now) -> str | None:
    """Ask Stripe about a dispute, and keep it as it is now; its state then, None if it is about none of our payments."""
    return mirror_dispute(paying.gateway().retrieve_dispute(stripe_id), now=now)


def mirror_dispute(found: StripeDispute, *, now: Now = clock.now) -> str | None:
    """Keep a dispute as Stripe has it; its state then, None if it is about none of our payments."""
    with transaction():
        kept = disputes.mirror(found, at=now())
    if kept is None:
        return None
    if kept.state == "open":
        log.error("dispute.open", dispute=found.id, order_id=kept.order_id, reason=kept.reason)
    return kept.state


def follow_up(at: datetime) -> int:
    """Send refunds that nobody has in hand, and ask about those whose webhook may never come; how many.

    One that fails leaves the others alone and is last in the next round; without Stripe the round ends.
    """
    now = passing(at)

    def step(this: tuple[int, str | None]) -> None:
        refund_id, stripe_id = this
        if stripe_id is None:
            send(refund_id, now=now)
        else:
            mirror(refund_id, paying.gateway().retrieve_refund(stripe_id), now=now)

    found = each("refund", sending.due(at=at), step)
    for (refund_id, _), error in found.failed:
        with transaction():
            sending.unknown(refund_id, f"{type(error).__name__}: {error}", at=now())
    return len(found.done)


def _ask(gateway: Gateway, taken: Sending) -> CashRefund:
    """The refund at Stripe: made now, or found, where the key is too old to be repeated or was used for another body, or
    where another attempt may have made it.
    """
    if taken.look_first and (found := _made(gateway, taken)):
        return found
    try:
        return gateway.create_refund(taken.body, key=taken.key)
    except KeyMisused as misuse:
        if found := _made(gateway, taken):
            return found
        raise Refused("idempotency_error", str(misuse)) from misuse


def _made(gateway: Gateway, taken: Sending) -> CashRefund | None:
    return sending.pick(taken, gateway.refunds_of(taken.payment_intent))


def mirror(refund_id: int, found: CashRefund, *, now: Now = clock.now) -> str:
    """Move our refund forward to what Stripe says of it; its state then."""
    with transaction():
        state = sending.mirror(refund_id, found, at=now())
    if state == "failed":
        log.error("refund.failed", refund_id=refund_id, stripe_id=found.id, error=found.failure)
    return state


def send_refund(payload: dict[str, Any], at: datetime, _message_id: int) -> None:
    """Handles "refund.send": {"refund_id"}. Raises Unknown: then it is tried again."""
    send(payload["refund_id"], now=lambda: at)

"""What a stored webhook makes us do. It never sets a state itself: it makes us read Stripe's current object, and settle.

An event that is not what it should be is quarantined: nothing is done because of it, and staff see it.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from mall.core.db import transaction
from mall.core.ids import OrderId
from mall.domain.payments import events, objects, unread
from mall.domain.payments import queries as payments
from mall.domain.payments import rules as payment_rules
from mall.domain.payments.errors import Refused
from mall.domain.payments.objects import Session
from mall.domain.payments.queries import EventView, PaymentView
from mall.web import paying
from mall.worker import refunds

#: An event may come before the commit of what it is about; after so long nothing is coming any more.
PATIENCE: Final = timedelta(minutes=30)

log = structlog.get_logger("mall.stripe")


class NotYet(Exception):
    """What the event is about is not there yet: apply it later."""


class Doubtful(Exception):
    """The event, or what it is about, is not what it should be."""


class NotOurs(Exception):
    """The event is about something that the mall did not make: the account has other uses."""


def apply(payload: dict[str, Any], at: datetime, _message_id: int) -> None:
    """Do what a stored event asks for, and say so. Raises NotYet, Unknown: then it is tried again."""
    event = payments.event(payload["event_id"])
    if event is None or event.state != "stored":
        return
    handler = next((HANDLERS[start] for start in HANDLERS if event.kind.startswith(start)), _nothing)
    try:
        handler(event, at)
    except NotOurs as reason:
        _mark(event, "ignored", at, str(reason))
    except Doubtful as doubt:
        _mark(event, "quarantined", at, str(doubt))
        log.error("stripe.quarantined", event_id=event.id, kind=event.kind, why=str(doubt))
    else:
        _mark(event, "applied", at)


def of_session(event: EventView, at: datetime) -> None:
    """Something happened to a Checkout Session. Raises NotYet, NotOurs, Doubtful, Unknown."""
    attempt = payments.by_session(event.object_id) or payments.by_reference(_reference(event))
    if attempt is None and not unread.mark(event.body["data"]["object"], payment_rules.ATTEMPT):
        raise NotOurs("a session that the mall did not make")
    told = _told(event)
    if attempt is None:
        if at - event.received_at < PATIENCE:
            raise NotYet(f"no attempt {told.reference} yet")
        raise Doubtful(f"there is no attempt {told.reference}")
    _believe(event, told, attempt)
    try:
        current = paying.gateway().retrieve_session(told.id)
    except Refused as refused:
        raise Doubtful(f"Stripe does not have {told.id}: {refused}") from refused
    settled = paying.settle(OrderId(attempt.order_id), current, now=lambda: at)
    if settled.problem:
        raise Doubtful(settled.problem)


def _reference(event: EventView) -> str:
    """The name that the event's session goes by. It may be of any use of the account, and anything."""
    name = event.body["data"]["object"].get("client_reference_id")
    return name if isinstance(name, str) else ""


def _told(event: EventView) -> Session:
    try:
        return objects.session(event.body["data"]["object"])
    except (KeyError, TypeError, ValueError) as error:
        raise Doubtful(f"no session that can be read: {type(error).__name__} {error}") from error


def _believe(event: EventView, told: Session, attempt: PaymentView) -> None:
    """What the event itself says must fit the attempt too, whatever Stripe's object says by now. Raises Doubtful."""
    found = list(payment_rules.problems(attempt.expected, told))
    if event.livemode != attempt.livemode:
        found.append(f"the event's livemode is {event.livemode}")
    if found:
        raise Doubtful("; ".join(found))


def of_refund(event: EventView, at: datetime) -> None:
    """Something happened to a refund: ask what it is now. Raises NotOurs, Doubtful, Unknown."""
    told = event.body["data"]["object"]
    reference = (told.get("metadata") or {}).get(payment_rules.REFUND, "")
    _ask(event, lambda: refunds.look(event.object_id, reference, now=lambda: at))


def of_dispute(event: EventView, at: datetime) -> None:
    """Something happened to a dispute of a payment of ours: ask what it is now. Raises NotOurs, Doubtful, Unknown."""
    intent = event.body["data"]["object"].get("payment_intent")
    ours = isinstance(intent, str) and payments.by_intent(intent) is not None
    _ask(event, lambda: refunds.look_at_dispute(event.object_id, now=lambda: at) if ours else None)


def _ask(event: EventView, look: Callable[[], str | None]) -> None:
    """Have Stripe's current object read and mirrored; the event itself only says which one."""
    if event.livemode != paying.gateway().livemode:
        raise Doubtful(f"the event's livemode is {event.livemode}")
    try:
        state = look()
    except Refused as refused:
        raise Doubtful(f"Stripe does not have {event.object_id}: {refused}") from refused
    if state is None:
        raise NotOurs("about no payment of ours")


def _nothing(_event: EventView, _at: datetime) -> None:
    raise NotOurs("nobody acts upon it")


def _mark(event: EventView, state: str, at: datetime, error: str = "") -> None:
    with transaction():
        events.mark_event(event.id, state, at=at, error=error)


#: What handles events whose kind begins so.
HANDLERS: dict[str, Callable[[EventView, datetime], None]] = {
    "checkout.session.": of_session,
    "refund.": of_refund,
    "charge.dispute.": of_dispute,
}

"""What is done for each kind of message in the outbox."""

from collections.abc import Callable, Collection
from datetime import datetime
from threading import Event
from typing import Any

from mall.core import clock
from mall.core.ids import MemberId
from mall.domain.notifications import service as notifications
from mall.domain.orders import queries as orders
from mall.worker import cash, documents, mailing, refunds, stripe_events
from mall.worker.delivery import Handler, Inside, Lane, Opener, Outside, plain


def _tell(kind: str, fields: Collection[str]) -> Handler:
    """Tell the member whom the payload names, keeping these fields of it."""

    def handle(payload: dict[str, Any], at: datetime, message_id: int) -> None:
        data = {name: payload[name] for name in fields if payload.get(name) is not None}
        notifications.tell(MemberId(payload["member_id"]), kind, data, at=at, message_id=message_id)

    return handle


def _placed(payload: dict[str, Any], at: datetime, message_id: int) -> None:
    """Tell of an order that was placed, and whether all of it was given by now: nothing is being got ready then."""
    given = orders.is_completed(payload["order_id"]) if "order_id" in payload else False
    fields = ("order_id", "number", "points", "cash", "currency", "given")
    _tell("order.placed", fields)({**payload, "given": given or None}, at, message_id)


#: Kinds that only write to our database, in the transaction that marks them done.
INSIDE: dict[str, Handler] = {
    "order.placed": _placed,
    "order.expired": _tell("order.expired", ("order_id", "number", "points")),
    "order.shipped": _tell("order.shipped", ("order_id", "number", "shipment_id", "carrier", "tracking")),
    "order.fulfilled": _tell("order.fulfilled", ("order_id", "number")),
    "order.codes": _tell("order.codes", ("order_id", "number")),
    "order.cancelled": _tell("order.cancelled", ("order_id", "number", "points", "whole", "refund")),
    "order.refunded": _tell("order.refunded", ("order_id", "number", "points", "cash", "currency", "refund")),
    "order.paid": documents.receipt,
    "refund.succeeded": documents.credit_note,
}
#: Kinds that ask Stripe: their handlers write in transactions of their own, between the calls.
STRIPE: dict[str, Opener] = {
    "payment.open": plain(cash.open_payment),
    "payment.expire": plain(cash.end_payment),
    "refund.send": plain(refunds.send_refund),
    "stripe.event": plain(stripe_events.apply),
}
#: Kinds that send mail.
MAIL: dict[str, Opener] = {
    notifications.MAIL_TO_MEMBER: mailing.to_member,
    notifications.MAIL_AS_WRITTEN: mailing.as_written,
}


def lanes(stop: Event, now: Callable[[], datetime] = clock.now) -> tuple[Lane, ...]:
    """The lanes of the outbox, money first; `stop` ends them all."""
    return (
        Outside("stripe", stop, now, openers=STRIPE, forget=False),
        Inside("inbox", stop, now, handlers=INSIDE, elsewhere=frozenset((*STRIPE, *MAIL))),
        Outside("mail", stop, now, openers=MAIL),
    )

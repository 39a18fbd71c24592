"""Attempts to be paid by card: begun with the order, and asked for at Stripe between two transactions of the edge.

An attempt is asked for with one key and one body as long as it may have arrived; a new one is only begun when the
last one has certainly ended.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.actor import SYSTEM
from mall.core.db import changed, db, write_connection
from mall.core.ids import OrderId
from mall.domain.orders import locking, rules, sums, timeline
from mall.domain.orders.errors import CannotPay
from mall.domain.orders.models import delivery_method_table as method
from mall.domain.orders.models import order_line_table as line
from mall.domain.orders.models import order_table as orders
from mall.domain.orders.queries import spoken
from mall.domain.outbox import service as outbox
from mall.domain.payments import queries as payments
from mall.domain.payments import rules as payment_rules
from mall.domain.payments import service as payment
from mall.domain.payments.queries import PaymentView

#: After so many calls without an answer, look up what Stripe has before asking once more: it may only be repeating
#: an error that it has stored under our key.
ASK_FIRST: Final = 3
#: Attempts that one order may have.
MOST_ATTEMPTS: Final = 20
#: Where the order's number goes in the addresses that Stripe sends the member back to.
NUMBER: Final = "{number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paying:
    """What Stripe's page must know besides the order. The addresses have NUMBER where the order's number belongs."""

    success_url: str
    cancel_url: str
    locale: str
    livemode: bool
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """An attempt taken in hand: to be asked for with its own body and key, after a look at what Stripe has if `look`."""

    payment: PaymentView
    look: bool


_DUE = (
    sa.select(
        orders.c.number,
        orders.c.points.label("points_due"),
        orders.c.cash.label("cash_due"),
        orders.c.currency,
        orders.c.delivery_fee,
        method.c.name.label("delivery"),
        line.c.name,
        line.c.points,
        line.c.cash,
        line.c.quantity,
    )
    .join(line, line.c.order_id == orders.c.id)
    .join(method, method.c.code == orders.c.delivery)
    .where(orders.c.id == bindparam("order"))
    .order_by(line.c.position)
)
_UNKNOWN = locking.advance("unknown").where(orders.c.state == "reserved")


def begin(order_id: OrderId, paying: Paying, *, attempt: int, at: datetime) -> PaymentView:
    """Write down an attempt with the body that Stripe will be asked with; the worker asks if the edge does not.

    The caller has placed the order in this transaction, or holds its lock. Raises SumsDiffer rather than ask for
    another sum than is due.
    """
    rows = write_connection().execute(_DUE, {"order": order_id}).all()
    first = rows[0]
    sums.check_sums(rows, points=first.points_due, cash=first.cash_due, fee=first.delivery_fee)
    lines = [
        payment_rules.PayLine(spoken(row.name, paying.locale), row.cash, row.quantity)
        for row in rows
        if row.cash
    ]
    if first.delivery_fee:
        lines.append(payment_rules.PayLine(spoken(first.delivery, paying.locale), first.delivery_fee))
    request = payment_rules.SessionRequest(
        number=first.number,
        currency=first.currency,
        lines=tuple(lines),
        locale=paying.locale,
        email=paying.email,
        success_url=paying.success_url.replace(NUMBER, first.number),
        cancel_url=paying.cancel_url.replace(NUMBER, first.number),
    )
    made = payment.begin(order_id, request, livemode=paying.livemode, attempt=attempt, at=at)
    outbox.add("payment.open", {"order_id": order_id}, at=at, due_at=at + payment_rules.STALE)
    return made


def again(order_id: OrderId, paying: Paying, *, at: datetime) -> PaymentView:
    """The attempt that may be paid: the last one, or a new one where that has certainly ended without a payment.

    Raises CannotPay where the order does not wait for cash any more, or hardly; NoSuchOrder.
    """
    order = locking.lock_order(order_id)
    if not rules.is_payable(order.state, order.expires_at, at):
        raise CannotPay
    last = payments.of_order(order_id)[-1]
    if last.state != "closed":
        return last
    if last.attempt >= MOST_ATTEMPTS:
        raise CannotPay
    return begin(order_id, paying, attempt=last.attempt + 1, at=at)


def take_up(order_id: OrderId, *, at: datetime) -> Call | None:
    """Take an attempt in hand whose session is not known. None if there is none, or somebody else just has.

    Of an order that is being closed too, if it may have been asked for already: then its session must be found, to be
    expired. What was never asked for is not asked for any more (`expiring` has ended it).
    """
    order = locking.lock_order(order_id)
    if order.state not in rules.WAITING:
        return None
    for attempt in payments.of_order(order_id):
        if attempt.state in ("new", "unknown"):
            claimed = payment.claim(attempt.id, at=at)
            if claimed is not None:
                return Call(claimed, look=claimed.calls > ASK_FIRST or is_over(claimed, at=at))
    return None


def unknown(order_id: OrderId, payment_id: int, error: str, *, at: datetime) -> None:
    """Stripe did not answer: the session may be there or not. The order says so until more is known."""
    locking.lock_order(order_id)
    payment.unknown(payment_id, error, at=at)
    if changed(db.session.execute(_UNKNOWN, {"order": order_id})):
        timeline.note(order_id, ("unanswered", {}), actor=SYSTEM, at=at)


def refused(order_id: OrderId, payment_id: int, error: str, *, at: datetime) -> None:
    """Stripe made no session and will not make one: nobody can pay this attempt. (`settle` then says what follows.)"""
    locking.lock_order(order_id)
    payment.refused(payment_id, error, at=at)


def gone(order_id: OrderId, payment_id: int, error: str, *, at: datetime) -> None:
    """Stripe has just said that it knows no session of this attempt, and staff declare it over."""
    locking.lock_order(order_id)
    payment.gone(payment_id, error, at=at)


def is_over(attempt: PaymentView, *, at: datetime) -> bool:
    """Whether nobody can pay the attempt's session any more, if there is one: its time at Stripe is over.

    From then on its request is not repeated either, long before Stripe forgets the key (24 hours): one looks it up.
    """
    return at >= attempt.expires_at + payment_rules.STALE

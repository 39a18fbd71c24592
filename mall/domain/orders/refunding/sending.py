"""The cash of a refund on its way: taken in hand, sent to Stripe by an edge, mirrored. The caller commits.

No verb calls Stripe. The worker takes a refund in hand in one transaction, calls, and writes what it was told in the
next; if it dies between them, the refund is sent again with the same key, and Stripe answers what it did then.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.actor import SYSTEM, Actor
from mall.core.db import db, write_connection
from mall.core.ids import OrderId
from mall.domain.orders import locking, rules, timeline
from mall.domain.orders.models import refund_table as refund
from mall.domain.orders.refunding import banked, naming, requesting
from mall.domain.orders.refunding.errors import CannotRetry, NoSuchRefund, OwnRefund
from mall.domain.orders.refunding.queries import IS_WAITING
from mall.domain.outbox import service as outbox
from mall.domain.payments import queries as payments
from mall.domain.payments import rules as payment_rules
from mall.domain.payments.objects import CashRefund

#: From a little before Stripe forgets its key, a refund is looked up first.
LOOK_AFTER: Final = payment_rules.KEY_LIFE - timedelta(hours=1)
#: A refund in hand for longer than this was dropped by whoever had it.
STALE = timedelta(seconds=60)
#: How often Stripe is asked about a refund that it has taken and not finished: its webhook may never come.
ASK_AGAIN = timedelta(hours=1)

#: What Stripe's word for a refund means to us; what is not here is still on its way.
_ENDS = {"succeeded": "succeeded", "failed": "failed", "canceled": "failed"}


@dataclass(frozen=True, slots=True)
class Sending:
    """A refund taken in hand: the body to send, under which key, and `look_first` if Stripe may have forgotten the key,
    or made the refund in another attempt than this (ours may be forgotten: a database restored from a backup).

    The key is also the name by which the refund can be found at Stripe; `first` is that of its first attempt.
    """

    key: str
    first: str
    payment_intent: str
    body: str
    look_first: bool


_ROW = sa.select(refund).where(refund.c.id == bindparam("this"))
_LOCKED = _ROW.with_for_update()
_ORDER = sa.select(refund.c.order_id).where(refund.c.id == bindparam("this"))
_BY_KEY = sa.select(refund.c.id).where(refund.c.key == bindparam("key"))
_BY_STRIPE = sa.select(refund.c.id).where(refund.c.stripe_id == bindparam("stripe"))
_touched = sa.func.coalesce(refund.c.called_at, refund.c.requested_at, type_=refund.c.requested_at.type)
_DUE = (
    sa.select(refund.c.id, refund.c.stripe_id)
    .where(
        IS_WAITING,
        refund.c.state.in_(rules.ON_ITS_WAY),
        sa.case(
            (refund.c.stripe_id.is_(None), _touched <= bindparam("stale", type_=refund.c.sent_at.type)),
            else_=_touched <= bindparam("unseen", type_=refund.c.sent_at.type),
        ),
    )
    .order_by(_touched, refund.c.id)
    .limit(bindparam("most"))
)


def take(refund_id: int, *, at: datetime) -> Sending | None:
    """Take a refund's cash in hand to be sent (again) now; None if Stripe has it already or nothing is to be sent."""
    row = _locked(refund_id)
    if row.state not in ("requested", "sent") or row.stripe_id is not None:
        return None
    payment = payments.payment(row.payment_id)
    assert payment is not None
    assert payment.payment_intent is not None, f"payment {payment.id} is paid, and has no PaymentIntent"
    values = {"called_at": at, "calls": row.calls + 1, "sent_at": row.sent_at or at}
    if row.state == "requested":
        values["state"] = rules.move("refund", "requested", "sent")
    _change(refund_id, row.state, values)
    key = _name(row)
    body = payment_rules.refund_body(
        payment_intent=payment.payment_intent,
        amount=row.cash,
        currency=row.currency,
        reference=key,
        number=payment.number,
    )
    look_first = row.attempt > 1 or at - row.requested_at >= LOOK_AFTER
    return Sending(key, row.key, payment.payment_intent, json.dumps(body), look_first)


def pick(taken: Sending, listed: Iterable[CashRefund]) -> CashRefund | None:
    """Of the refunds of a payment the one that this is: by any of its names one that has not failed, or else by its own."""
    ours = [one for one in listed if naming.attempt_of(taken.first, one.reference)]
    alive = (one for one in ours if _ENDS.get(one.status) != "failed")
    return next(alive, None) or next((one for one in ours if one.reference == taken.key), None)


def unknown(refund_id: int, error: str, *, at: datetime) -> None:
    """Stripe did not answer: it may or may not have happened. It is tried again, with the same key."""
    row = _locked(refund_id)
    _change(refund_id, row.state, {"error": error[:500], "called_at": at})


def refused(refund_id: int, error: str, *, at: datetime) -> str:
    """Stripe said no: a task for staff; the state then. Nothing else is undone; the points stay where they went."""
    row = _locked(refund_id)
    return _fail(row, error, at) if row.state == "sent" else str(row.state)


def mirror(refund_id: int, found: CashRefund, *, at: datetime) -> str:
    """Move a refund forward to what Stripe says of it now; its state then.

    News of an earlier attempt that failed move nothing, nor does a refund of another amount, which is noted for staff.
    One that stands is this refund, by whichever attempt it was made. Stripe may call a refund done and find days later that the card's bank does not take it: then it has failed after all.
    """
    row = _locked(refund_id)
    if row.state in ("requested", "settled_by_hand") or (row.stripe_id not in (None, found.id)):
        return str(row.state)
    after = _ENDS.get(found.status, "sent")
    attempt = naming.attempt_of(row.key, found.reference)
    known = attempt == row.attempt or (attempt and row.state == "sent" and after != "failed")
    if (found.amount, found.currency) != (row.cash, row.currency) or not known:
        _change(refund_id, row.state, {"error": f"{found.id} is not this refund", "called_at": at})
        return str(row.state)
    if row.state in rules.before("refund", after) and after == "failed":
        return _fail(row, found.failure or found.status, at, found.id)
    values: dict[str, object] = {"stripe_id": found.id, "attempt": attempt, "called_at": at}
    if row.state == "sent" and after == "succeeded":
        values |= {"state": after, "ended_at": at, "error": ""}
        said = {"refund": row.key, "cash": row.cash, "currency": row.currency}
        timeline.note(OrderId(row.order_id), ("refund_sent", said), actor=SYSTEM, at=at)
        outbox.add("refund.succeeded", {"refund_id": row.id}, at=at)
    _change(refund_id, row.state, values)
    return after if row.state == "sent" else str(row.state)


def retry(refund_id: int, *, actor: Actor, at: datetime) -> None:
    """Send the cash of a failed refund once more, under a new key: the old one would only be answered the same.

    Raises CannotRetry, RefundDisputed, OwnOrder, NoSuchRefund.
    """
    row = _failed_for(refund_id, actor)
    state = rules.move("refund", row.state, "sent")
    again = {"state": state, "attempt": row.attempt + 1, "stripe_id": None, "error": "", "ended_at": None}
    _change(refund_id, row.state, again | {"sent_at": at, "called_at": None})
    said = {"refund": row.key, "cash": row.cash, "currency": row.currency}
    timeline.note(OrderId(row.order_id), ("refund_retried", said), actor=actor, at=at)
    outbox.add("refund.send", {"refund_id": row.id}, at=at)


def settle_by_hand(refund_id: int, note: str, *, actor: Actor, at: datetime) -> None:
    """The cash of a failed refund was given back in another way; `note` says how.

    Two people must agree on it, as nothing outside the house confirms it.
    Raises CannotRetry, RefundDisputed, OwnOrder, OwnRefund, NoSuchRefund.
    """
    row = _failed_for(refund_id, actor)
    if (row.requested_kind, row.requested_id) == (actor.kind, actor.id):
        raise OwnRefund
    banked.settle(refund_id, note.strip(), actor=actor, at=at)


def due(*, at: datetime, limit: int = 100) -> list[tuple[int, str | None]]:
    """Refunds to be sent again, or to be asked about at Stripe (with Stripe's id), those left alone longest first."""
    asked = {"stale": at - STALE, "unseen": at - ASK_AGAIN, "most": limit}
    return [(row.id, row.stripe_id) for row in db.session.execute(_DUE, asked)]


def behind(found: CashRefund) -> int | None:
    """Our refund, if Stripe has ended it in a way that nobody has told us of; None if we know, or know nothing of it."""
    refund_id = find(key=found.reference, stripe_id=found.id)
    after = _ENDS.get(found.status)
    if refund_id is None or after is None:
        return None
    row = db.session.execute(_ROW, {"this": refund_id}).one()
    if row.stripe_id not in (None, found.id) or found.reference != _name(row):
        return None
    return refund_id if row.state in rules.before("refund", after) else None


def stands_twice(found: CashRefund) -> bool:
    """Whether Stripe gave cash back under one of our names, and we know of another refund by that name, or of none."""
    refund_id = find(key=found.reference)
    if refund_id is None or _ENDS.get(found.status) == "failed":
        return False
    row = db.session.execute(_ROW, {"this": refund_id}).one()
    on_its_way = row.stripe_id is None and row.state in ("requested", "sent")
    return row.stripe_id != found.id and not (on_its_way and found.reference == _name(row))


def find(*, key: str = "", stripe_id: str = "") -> int | None:
    """The refund that goes by our name for one of its attempts, or by Stripe's id; None if we know neither."""
    found = db.session.scalar(_BY_KEY, {"key": naming.key_in(key)}) if key else None
    if found is None and stripe_id:
        found = db.session.scalar(_BY_STRIPE, {"stripe": stripe_id})
    return found


def _name(row: sa.Row[tuple[object, ...]]) -> str:
    return naming.name(row.key, row.attempt)


def _fail(row: sa.Row[tuple[object, ...]], error: str, at: datetime, stripe_id: str | None = None) -> str:
    """The refund's state then: settled at once, if that is because the bank has taken the cash itself."""
    state = rules.move("refund", row.state, "failed")
    values: dict[str, object] = {"state": state, "error": error[:500], "ended_at": None, "called_at": at}
    if stripe_id is not None:
        values["stripe_id"] = stripe_id
    _change(row.id, row.state, values)
    said = {"refund": row.key, "cash": row.cash, "currency": row.currency}
    timeline.note(OrderId(row.order_id), ("refund_failed", said), actor=SYSTEM, at=at)
    settled = banked.settle_one(row.id, row.payment_id, at=at)
    return "settled_by_hand" if settled else state


def _locked(refund_id: int) -> sa.Row[tuple[object, ...]]:
    """Lock the order, on whose timeline it is told, then the refund: staff take them in that order too."""
    order_id = db.session.scalar(_ORDER, {"this": refund_id})
    if order_id is None:
        raise NoSuchRefund
    locking.lock_order(OrderId(order_id))
    return write_connection().execute(_LOCKED, {"this": refund_id}).one()


def _failed_for(refund_id: int, actor: Actor) -> sa.Row[tuple[object, ...]]:
    """A failed refund that somebody sees to; locks the accounts, the order and the refund, in that order.

    Raises CannotRetry, RefundDisputed, OwnOrder, NoSuchRefund.
    """
    found = db.session.execute(_ROW, {"this": refund_id}).one_or_none()
    if found is None:
        raise NoSuchRefund
    requesting.lock(OrderId(found.order_id), actor)
    row = _locked(refund_id)
    if row.state != "failed":
        raise CannotRetry
    banked.check(row.payment_id)
    return row


def _change(refund_id: int, state: str, values: dict[str, object]) -> None:
    """Write to the refund as it was read: another state would mean that its lock was lost."""
    this = sa.update(refund).where(refund.c.id == refund_id, refund.c.state == state)
    if write_connection().execute(this.values(**values)).rowcount != 1:
        raise CannotRetry

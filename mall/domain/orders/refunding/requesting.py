"""Asking for a refund: one transaction gives the points back, takes earned ones, sets the cash aside to be sent.

Locks in the ledger's order: the member's account (and the staff's own, so that two of their refunds take turns), the
order, the payment, limit counters, stock. Nothing here calls Stripe: the cash goes by the outbox, after the commit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core import ids
from mall.core.actor import Actor
from mall.core.db import db
from mall.core.ids import MemberId, OrderId
from mall.domain.ledger import service as ledger
from mall.domain.ledger.rules import GRACE
from mall.domain.ledger.statements import total
from mall.domain.orders import locking, timeline
from mall.domain.orders.models import refund_table as refund
from mall.domain.orders.refunding import facts, previewing, writing
from mall.domain.orders.refunding.errors import OwnOrder, PreviewChanged, RefundOverLimit
from mall.domain.orders.refunding.rules import Preview, Units
from mall.domain.orders.refunding.writing import Deed
from mall.domain.payments import service as payments

#: The time over which what a person gives back is added up.
WINDOW = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """The most that a person may give back within WINDOW: points, and cash in minor units."""

    points: int
    cash: int


@dataclass(frozen=True, slots=True)
class Requested:
    """A refund as it was asked for; `again` if this form had been sent before and nothing was written now."""

    id: int
    key: str
    state: str
    points: int
    cash: int
    lots: timeline.Lots
    whole: bool
    again: bool = False


_PRIOR = sa.select(refund.c.id, refund.c.key, refund.c.state, refund.c.points, refund.c.cash).where(
    refund.c.order_id == bindparam("order"), refund.c.form_key == bindparam("form")
)
_GIVEN = sa.select(total(refund.c.points), total(refund.c.cash)).where(
    refund.c.requested_kind == bindparam("kind"),
    refund.c.requested_id == bindparam("who"),
    refund.c.requested_at > bindparam("since"),
)


def request(
    order_id: OrderId,
    asked: Sequence[Units] | None,
    *,
    restock: bool = False,
    reason: str = "",
    actor: Actor,
    at: datetime,
    expect: str | None = None,
    form_key: str | None = None,
    limit: Limit | None = None,
    grace: timedelta = GRACE,
) -> Requested:
    """Refund these units (None: all that were not sent): points at once, cash as soon as Stripe takes it.

    `expect` is the hash of the preview that was shown: if anything would be different now, PreviewChanged brings the
    new one. `form_key` makes the request idempotent. `limit` bounds what a member of staff gives back within a day;
    None for members and the system. `grace`: how long points live on whose time was over.
    Raises CannotRefund, OwnOrder, RefundOverLimit, PaymentMissing, RefundDisputed,
    TooMuch (payments), NoSuchOrder. The caller commits.
    """
    lock(order_id, actor)
    if form_key and (before := prior(order_id, form_key)):
        return before
    order = facts.of_order(order_id)
    asked = previewing.everything_unsent(order) if asked is None else asked
    shown = previewing.foresee(order, asked, restock=restock, at=at, grace=grace)
    if expect is not None and expect != shown.hash:
        raise PreviewChanged(shown)
    if limit is not None:
        _within(limit, shown, actor, at)
    key = ids.public_number("F")
    deed = Deed(order, shown, key, reason, restock, form_key, actor, at, grace)
    lots = writing.move_points(deed)
    if shown.payment_id is not None:
        payments.reserve_refund(shown.payment_id, shown.cash)
    refund_id = writing.add(deed)
    whole = writing.count_units(deed)
    writing.tell(deed, refund_id, lots, whole=whole)
    writing.give_limits_back(deed)
    writing.restock(deed)
    return Requested(refund_id, key, deed.state, shown.points, shown.cash, lots, whole)


def prior(order_id: OrderId, form_key: str) -> Requested | None:
    """The refund that this form asked for when it was sent before; None if it was not. Ask under the order's lock."""
    found = db.session.execute(_PRIOR, {"order": order_id, "form": form_key}).one_or_none()
    return Requested(*found, lots=(), whole=False, again=True) if found else None


def lock(order_id: OrderId, actor: Actor) -> locking.Locked:
    """Lock the member's account, and that of the staff who asks, then the order. Raises OwnOrder, NoSuchOrder."""
    member = locking.member_of(order_id)
    staff = MemberId(actor.id) if actor.kind == "staff" and actor.id is not None else None
    if staff == member:
        raise OwnOrder
    ledger.lock([member] if staff is None else [member, staff])
    return locking.lock_order(order_id)


def _within(limit: Limit, shown: Preview, actor: Actor, at: datetime) -> None:
    asked = {"kind": actor.kind, "who": actor.id, "since": at - WINDOW}
    points, cash = db.session.execute(_GIVEN, asked).one()
    if points + shown.points > limit.points or cash + shown.cash > limit.cash:
        raise RefundOverLimit

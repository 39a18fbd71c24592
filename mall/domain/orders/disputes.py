"""Disputes: a cardholder's bank takes the cash back until it has decided, for good if it decides against us.

Nothing leaves the house meanwhile, nor after a loss: what was not sent then has not been paid for.

`payments` keeps the mirror; this is what an order makes of it. The caller commits.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.actor import SYSTEM
from mall.core.db import db
from mall.core.ids import MemberId, OrderId
from mall.domain.earning import cash as earning
from mall.domain.ledger import service as ledger
from mall.domain.ledger.rules import Key, Ref
from mall.domain.orders import claims, locking, timeline
from mall.domain.orders.refunding import banked, facts, rules
from mall.domain.orders.refunding.errors import OrderDisputed
from mall.domain.payments import events
from mall.domain.payments import queries as payments
from mall.domain.payments.models import dispute_table
from mall.domain.payments.objects import StripeDispute
from mall.domain.payments.queries import DisputeView

_FREEZING = sa.select(
    sa.exists().where(
        dispute_table.c.order_id == bindparam("order"),
        dispute_table.c.state.in_(("open", "lost")),
        claims.AGAINST_ORDER,
    )
)


def freeze(order_id: OrderId) -> bool:
    """Whether nothing of the order may leave: the bank is looking into the payment that paid for it, or has taken it
    back for good."""
    return bool(db.session.scalar(_FREEZING, {"order": order_id}))


def check(order_id: OrderId) -> None:
    """Refuse to send anything of an order whose payment is disputed or taken back; ask under the order's lock. Raises OrderDisputed."""
    if freeze(order_id):
        raise OrderDisputed


def mirror(dispute: StripeDispute, *, at: datetime) -> DisputeView | None:
    """Keep a dispute as Stripe has it now, and tell the order's timeline when it was opened, won or lost.

    What a lost one has taken need not be sent again: failed refunds of a payment of which nothing is left are settled.
    None if it is about a payment that is none of ours. It takes the order's lock, so that it and a parcel take turns.
    """
    payment = payments.by_intent(dispute.payment_intent) if dispute.payment_intent else None
    if payment is None:
        return None
    order_id = OrderId(payment.order_id)
    member = locking.member_of(order_id)
    ledger.lock([member])
    locking.lock_order(order_id)
    before = {one.stripe_id: one.state for one in payments.disputes_of(order_id)}.get(dispute.id)
    now = events.mirror_dispute(payment.id, payment.order_id, dispute, at=at)
    stray = claims.is_stray(payment.id)
    said = {
        "dispute": now.id,
        "cash": now.amount,
        "currency": now.currency,
        "reason": now.reason,
        "stray": stray,
    }
    told = [("disputed", said)] if before is None else []
    if now.state == "won" and before in (None, "open"):
        told.append(("dispute_won", said))
    if now.state == "lost" and before in (None, "open"):
        taken = 0 if stray else _take_earned_back(member, order_id, now, at)
        told.append(("dispute_lost", said | {"earned_back": taken}))
    if told:
        timeline.note(order_id, *told, actor=SYSTEM, at=at)
    if now.state == "lost" and before in (None, "open"):
        banked.settle_all(payment.id, at=at)
    return now


def _take_earned_back(member: MemberId, order_id: OrderId, lost: DisputeView, at: datetime) -> int:
    """Take back the points that the lost cash had earned; how many. The key lets it happen once for each dispute.

    Stray money has earned nothing: it is not asked for that.
    """
    order = facts.of_order(order_id)
    given, base = order.earned
    others = [one for one in payments.disputes_of(order_id) if one.payment_id == lost.payment_id]
    gone = sum(one.amount for one in others if one.state == "lost" and one.id != lost.id)
    taken = rules.clawback(given, base, before=order.goods_back + gone, now=lost.amount)
    if taken:
        ledger.reverse(
            member,
            taken,
            of=earning.reference(order.number),
            ref=Ref("order", order.number),
            key=Key("dispute", lost.stripe_id),
            actor=SYSTEM,
            at=at,
        )
    return taken

"""The cash part of a paid order earns points. The caller commits."""

from datetime import datetime

from mall.core.actor import Actor
from mall.core.ids import MemberId, OrderId
from mall.domain.earning import cash as earning
from mall.domain.earning.cash import Earned
from mall.domain.earning.rules import CashTerms
from mall.domain.orders import timeline


def on_paid(
    order_id: OrderId,
    number: str,
    member: MemberId,
    *,
    goods: int,
    terms: CashTerms,
    actor: Actor,
    at: datetime,
) -> Earned:
    """Give the points that `goods` (minor units: the lines' cash, without the delivery fee) earns; note it.

    Call it in the transaction that makes the order paid, with the member's account locked. Without cash nothing is
    read or written.
    """
    if not goods:
        return Earned(0)
    earned = earning.earn(member, number, goods, terms=terms, actor=actor, at=at)
    if earned.points:
        said = {
            "points": earned.points,
            "usable": earned.activates_at.isoformat() if earned.activates_at else None,
            "expires": earned.expires_at.isoformat() if earned.expires_at else None,
        }
        timeline.note(order_id, ("earned", said), actor=actor, at=at)
    return earned

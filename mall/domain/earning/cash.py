"""Cash paid in the mall earns points like a purchase elsewhere: one record an order, with its breakdown.

What counts is the goods' cash after discounts. The delivery fee passes through to the carrier and earns nothing, and
points spent earn nothing: they were earned once already.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.actor import Actor
from mall.core.db import write_connection
from mall.core.ids import MemberId
from mall.domain.earning.models import EarningRule, Purchase
from mall.domain.earning.rules import CashTerms, Rate, points_for
from mall.domain.ledger import service as ledger
from mall.domain.ledger.rules import Key, Ref

#: The source of the records that the mall itself makes; the external id is the order's number.
SOURCE = "mall"


@dataclass(frozen=True, slots=True)
class Earned:
    """Points that cash earned; usable from `activates_at` (None: at once) until `expires_at` (None: always)."""

    points: int
    activates_at: datetime | None = None
    expires_at: datetime | None = None


_RATE = (
    sa.select(EarningRule.points, EarningRule.per, EarningRule.id)
    .where(EarningRule.kind == "purchase", EarningRule.starts_at <= bindparam("at"))
    .order_by(EarningRule.starts_at.desc())
    .limit(1)
)
_RECORD = sa.insert(cast(sa.Table, Purchase.__table__)).inline()


def reference(number: str) -> Ref:
    """How the ledger names what the cash of an order earned."""
    return Ref("purchase", f"{SOURCE}/{number}")


def earn(
    member: MemberId, number: str, amount: int, *, terms: CashTerms, actor: Actor, at: datetime
) -> Earned:
    """Record that `amount` (minor units) was paid for the order `number`, and give its points.

    Call it once for each order, under the member's account lock.
    """
    if not terms.earns or not amount:
        return Earned(0)
    connection = write_connection()
    row = connection.execute(_RATE, {"at": at}).one_or_none()
    given = points_for(amount, Rate(*row) if row else Rate())
    record = {
        "source": SOURCE,
        "external_id": number,
        "member_id": member,
        "at": at,
        "amount": amount,
        "currency": terms.currency,
        "points": given.points,
        "breakdown": given.as_json(),
        "recorded_at": at,
    }
    connection.execute(_RECORD, record)
    if not given.points:
        return Earned(0)
    activates_at, expires_at = terms.dates(at)
    ledger.earn(
        member,
        given.points,
        ref=reference(number),
        key=Key(f"purchase:{SOURCE}", number),
        actor=actor,
        at=at,
        activates_at=activates_at,
        expires_at=expires_at,
        details=given.as_json(),
    )
    return Earned(given.points, activates_at, expires_at)

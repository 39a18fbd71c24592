"""What staff must look at because the mall cannot see to it by itself: counted in one statement."""

from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.db import db
from mall.domain.orders.models import refund_table as refund
from mall.domain.orders.refunding.queries import IS_WAITING as REFUND_WAITS
from mall.domain.orders.refunding.queries import NOBODY_KNOWS
from mall.domain.orders.rules import ON_ITS_WAY
from mall.domain.outbox.models import OutboxMessage
from mall.domain.payments.models import HAS_PROBLEM, IS_WAITING
from mall.domain.payments.models import payment_table as payment
from mall.domain.payments.models import stripe_event_table as event
from mall.domain.payments.queries import IS_DIFFERENCE
from mall.domain.payments.rules import ASKING

#: What has had no answer, or was not seen to, for so long is worth a look.
LONG: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Alerts:
    """How many messages were given up, webhooks are quarantined or were not seen to for an hour, payments are not
    believed or have had no answer for an hour, differences from Stripe's lists stand, refunds have had no answer for an
    hour. (Refunds that failed and open disputes have lists of their own: `refunding.queries`.)"""

    dead: int
    quarantined: int
    unhandled: int
    doubtful: int
    unanswered: int
    differences: int
    refunds: int

    def __bool__(self) -> bool:
        return any(astuple(self))


def _count(condition: sa.ColumnElement[bool], *more: sa.ColumnElement[bool]) -> Any:
    return sa.select(sa.func.count()).where(condition, *more).scalar_subquery()


_ALERTS = sa.select(
    _count(OutboxMessage.dead_at.is_not(None)),
    _count(event.c.state == "quarantined", ~IS_DIFFERENCE),
    _count(event.c.state == "stored", event.c.received_at <= bindparam("long_ago")),
    _count(HAS_PROBLEM),
    _count(IS_WAITING, payment.c.state.in_(ASKING), payment.c.created_at <= bindparam("long_ago")),
    _count(event.c.state == "quarantined", IS_DIFFERENCE),
    _count(
        REFUND_WAITS,
        refund.c.state.in_(ON_ITS_WAY),
        NOBODY_KNOWS,
        sa.func.coalesce(refund.c.sent_at, refund.c.requested_at)
        <= bindparam("long_ago", type_=refund.c.requested_at.type),
    ),
)


def alerts(at: datetime) -> Alerts:
    """What stands at `at`. One statement."""
    return Alerts(*db.session.execute(_ALERTS, {"long_ago": at - LONG}).one())

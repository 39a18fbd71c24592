"""Reads of refunds for pages: light rows, whatever the length of the list."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.db import db
from mall.core.partial import among
from mall.domain.orders import rules
from mall.domain.orders.models import order_table as orders
from mall.domain.orders.models import refund_table as refund
from mall.domain.orders.refunding.errors import NoSuchRefund
from mall.domain.payments.models import dispute_table
from mall.domain.payments.queries import DisputeView

PER_PAGE = 30
#: What waits for Stripe or for staff, in the words of the index that holds it.
IS_WAITING = among(refund.c.state, *rules.UNSETTLED)


@dataclass(frozen=True, slots=True)
class RefundView:
    """A refund, with its order's number; cash in minor units of `currency`."""

    id: int
    key: str
    state: str
    cash: int
    currency: str
    number: str


@dataclass(frozen=True, slots=True)
class Task:
    """A refund that waits for somebody, with the order it belongs to; `disputed`: a bank is looking into its payment."""

    key: str
    state: str
    cash: int
    currency: str
    error: str
    requested_at: datetime
    number: str
    kind: str
    disputed: bool


_BY_KEY = (
    sa.select(refund.c.id, refund.c.key, refund.c.state, refund.c.cash, refund.c.currency, orders.c.number)
    .join(orders, orders.c.id == refund.c.order_id)
    .where(refund.c.key == bindparam("key"))
)
_TASK = (
    sa.select(
        refund.c.key,
        refund.c.state,
        refund.c.cash,
        refund.c.currency,
        refund.c.error,
        refund.c.requested_at,
        orders.c.number,
        refund.c.kind,
        sa.exists()
        .where(dispute_table.c.payment_id == refund.c.payment_id, dispute_table.c.state == "open")
        .correlate(refund),
    )
    .join(orders, orders.c.id == refund.c.order_id)
    .order_by(refund.c.id)
    .limit(PER_PAGE)
)
_TASKS = _TASK.where(IS_WAITING, refund.c.state.in_(bindparam("states", expanding=True)))
#: Stripe has not told us of it. Said so that SQLite does not look for it in the index of Stripe's ids, where all refunds
#: stand that are of points alone.
NOBODY_KNOWS = sa.func.coalesce(refund.c.stripe_id, "") == ""
_sent = sa.func.coalesce(refund.c.sent_at, refund.c.requested_at)
_UNANSWERED = _TASK.where(
    IS_WAITING,
    refund.c.state.in_(rules.ON_ITS_WAY),
    NOBODY_KNOWS,
    _sent <= bindparam("since", type_=refund.c.requested_at.type),
)
_some = sa.select(sa.literal(1)).where(IS_WAITING, refund.c.state == "failed").limit(1000).subquery()
_FAILED = sa.select(sa.func.count()).select_from(_some)
_DISPUTES = sa.select(sa.func.count()).select_from(dispute_table).where(dispute_table.c.state == "open")


def by_key(key: str) -> RefundView:
    """A refund by its number. Raises NoSuchRefund."""
    row = db.session.execute(_BY_KEY, {"key": key}).one_or_none()
    if row is None:
        raise NoSuchRefund
    return RefundView(*row)


def tasks(states: Sequence[str] = ("failed",)) -> list[Task]:
    """Refunds in these states, in which one waits for somebody, the oldest first."""
    return [Task(*row) for row in db.session.execute(_TASKS, {"states": list(states)})]


def unanswered(since: datetime) -> list[Task]:
    """Refunds sent to Stripe, or due to be, since that instant or longer, of which it has never told us; oldest first."""
    return [Task(*row) for row in db.session.execute(_UNANSWERED, {"since": since})]


def failed() -> int:
    """How many refunds wait for staff, counted no further than 1,000."""
    return db.session.execute(_FAILED).scalar_one()


def disputes() -> int:
    """How many payments are disputed now."""
    return db.session.execute(_DISPUTES).scalar_one()


@dataclass(frozen=True, slots=True)
class Disputed:
    """An open dispute, with its order's number."""

    number: str
    cash: int
    currency: str
    reason: str
    opened_at: datetime
    due_by: datetime | None


_NUMBERS = sa.select(orders.c.id, orders.c.number).where(orders.c.id.in_(bindparam("ids", expanding=True)))


def disputed(found: Sequence[DisputeView]) -> list[Disputed]:
    """Disputes with the numbers of their orders."""
    if not found:
        return []
    rows = db.session.execute(_NUMBERS, {"ids": [one.order_id for one in found]})
    numbers: dict[int, str] = {row.id: row.number for row in rows}
    return [
        Disputed(numbers[one.order_id], one.amount, one.currency, one.reason, one.opened_at, one.due_by)
        for one in found
    ]


def numbers(*, order_ids: Collection[int], refund_ids: Collection[int]) -> dict[tuple[str, int], str]:
    """Numbers of the orders that these are, or are refunds of: by ("order_id" or "refund_id", id). One statement."""
    whose = sa.select(sa.literal("refund_id"), refund.c.id, orders.c.number).join(
        orders, orders.c.id == refund.c.order_id
    )
    found = sa.union_all(
        sa.select(sa.literal("order_id"), orders.c.id, orders.c.number).where(orders.c.id.in_(order_ids)),
        whose.where(refund.c.id.in_(refund_ids)),
    )
    return {(kind, one): number for kind, one, number in db.session.execute(found)}

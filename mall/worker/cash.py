"""Cash by the clock and by the outbox: sessions to be opened and ended, reservations that are over, what got stuck.

Everything here may run twice, at any time, beside itself: `mall.web.paying` and the services under it are idempotent.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from mall.core.db import db, transaction
from mall.core.ids import OrderId
from mall.domain.orders import expiring
from mall.domain.payments import queries as payments
from mall.domain.payments.errors import Unknown
from mall.web import paying
from mall.web.programme import grace

#: Orders looked at in one round of a job.
AT_ONCE: Final = 200
#: An open session that nobody has read for so long is read: its webhook may never come.
UNSEEN: Final = timedelta(minutes=10)

log = structlog.get_logger("mall.cash")


class StillOpen(Exception):
    """Stripe has not said yet that nobody can pay the order any more: ask again later."""


def open_payment(payload: dict[str, Any], at: datetime, _message_id: int) -> None:
    """The edge that placed the order did not live to open its session, or nobody answered. Raises Unknown."""
    paying.open_session(OrderId(payload["order_id"]), now=lambda: at)


def end_payment(payload: dict[str, Any], at: datetime, _message_id: int) -> None:
    """Have the sessions of a closing order expired, and let go of what it holds. Raises Unknown, StillOpen."""
    if paying.end(OrderId(payload["order_id"]), now=lambda: at).state == "expiring":
        raise StillOpen(f"order {payload['order_id']} may still be paid")


def close_overdue(at: datetime) -> int:
    """Begin to close every order whose reservation is over; how many. Stripe is asked by the outbox."""
    closed = 0
    for order in expiring.due(at=at, limit=AT_ONCE):
        with transaction():
            closed += expiring.overdue(order, at=at, grace=grace()) in ("expiring", "expired")
    return closed


def resume(at: datetime) -> int:
    """Take up attempts that somebody left in the middle of asking; how many."""
    stale = payments.stale(at=at, limit=AT_ONCE)
    return _each(
        [OrderId(attempt.order_id) for attempt in stale],
        lambda order: paying.open_session(order, now=lambda: at),
    )


def reconcile(at: datetime) -> int:
    """Read at Stripe what nobody has told us for a while, and end what is still being closed; how many orders."""
    ended = _each(expiring.closing(limit=AT_ONCE), lambda order: paying.end(order, now=lambda: at))
    unseen = payments.unseen(before=at - UNSEEN, limit=AT_ONCE)
    looked = _each(
        [OrderId(attempt.order_id) for attempt in unseen], lambda order: paying.look(order, now=lambda: at)
    )
    return ended + looked


def _each(orders: Iterable[OrderId], step: Callable[[OrderId], object]) -> int:
    """Take a step for each of these orders. One that fails leaves the others alone; without Stripe the round ends."""
    done = 0
    for order in dict.fromkeys(orders):
        try:
            step(order)
        except Unknown as error:
            log.warning("cash.no_answer", order_id=order, error=str(error))
            break
        except Exception:
            db.session.rollback()
            log.exception("cash.failed", order_id=order)
        else:
            done += 1
    return done

"""Cash by the clock and by the outbox: sessions to be opened and ended, reservations that are over, what got stuck.

Everything here may run twice, at any time, beside itself: `mall.web.paying` and the services under it are idempotent.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from mall.core.db import transaction
from mall.core.ids import OrderId
from mall.domain.orders import expiring
from mall.domain.payments import queries as payments
from mall.domain.payments.queries import PaymentView
from mall.web import paying
from mall.web.programme import grace
from mall.worker.rounds import each, passing

#: Orders read at once; a round goes on until it has seen all.
AT_ONCE: Final = 200
#: An open session that nobody has read for so long is read: its webhook may never come.
UNSEEN: Final = timedelta(minutes=10)


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
    now = passing(at)
    closed: set[OrderId] = set()
    seen: set[OrderId] = set()  # one that cannot be closed now is left to the next round

    def step(order: OrderId) -> None:
        with transaction():
            state = expiring.overdue(order, at=now(), grace=grace())
        if state in ("expiring", "expired"):
            closed.add(order)

    while True:
        due = expiring.due(at=at, limit=AT_ONCE, but=seen - closed)
        each("cash", due, step)
        seen.update(due)
        if len(due) < AT_ONCE:
            return len(closed)


def resume(at: datetime) -> int:
    """Take up attempts that somebody left in the middle of asking; how many."""
    now = passing(at)
    stale = _orders(lambda after: payments.stale(at=at, after=after, limit=AT_ONCE))
    return len(each("cash", stale, lambda order: paying.open_session(order, now=now)).done)


def reconcile(at: datetime) -> int:
    """Read at Stripe what nobody has told us for a while, and end what is still being closed; how many orders."""
    now = passing(at)
    ended = each("cash", _closing(), lambda order: paying.end(order, now=now))
    if ended.cut:
        return len(ended.done)
    unseen = _orders(lambda after: payments.unseen(before=at - UNSEEN, after=after, limit=AT_ONCE))
    looked = each("cash", unseen, lambda order: paying.look(order, seen=UNSEEN, now=now))
    return len(ended.done) + len(looked.done)


def _closing() -> Iterator[OrderId]:
    """Every order that is being closed, page by page: those that cannot be ended keep none behind them waiting."""
    after = 0
    while page := expiring.closing(after=after, limit=AT_ONCE):
        yield from page
        after = page[-1]


def _orders(read: Callable[[int], Sequence[PaymentView]]) -> Iterator[OrderId]:
    """The orders of all attempts that `read` finds behind an id, page by page in the same way, each order once."""
    after, given = 0, set[int]()
    while page := read(after):
        for attempt in page:
            if attempt.order_id not in given:
                given.add(attempt.order_id)
                yield OrderId(attempt.order_id)
        after = page[-1].id

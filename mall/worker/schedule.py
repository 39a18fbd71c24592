"""What the clock asks for: each job by hand with `mall worker --once`, on its own in `mall worker`.

Every job is idempotent and catches up with what was missed, so it also runs when a worker starts, and two workers
that run it at once do no harm.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from flask import current_app

from mall.core import clock
from mall.core.db import AWAY, db, transaction
from mall.core.ids import MemberId, OrderId
from mall.domain.items import codes, listing
from mall.domain.ledger import queries as points
from mall.domain.ledger import service as ledger
from mall.domain.orders import fulfilling, sweeping
from mall.domain.outbox import service as outbox
from mall.worker import cash, comparing, refunds
from mall.worker.rounds import each
from mall.worker.sealing import seal_yesterday

log = structlog.get_logger("mall.worker")

#: How long the outbox remembers what it delivered.
KEEP_DELIVERED = timedelta(days=30)
_EXPIRE_AT_ONCE, _PURGE_AT_ONCE = 500, 1_000


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do by the clock. `minute`, `hour`: as in cron; `run` does all that is due and says how much."""

    name: str
    minute: str
    hour: str
    run: Callable[[datetime], int]


def expire_points(at: datetime) -> int:
    """Activate and expire points that are due: the members whose accounts that changed.

    Hundreds at once; one by one where they fail together, so that one account keeps no other from it.
    """
    try:
        return _until_short(lambda: ledger.expire(at, limit=_EXPIRE_AT_ONCE), _EXPIRE_AT_ONCE)
    except AWAY:
        raise
    except Exception:
        log.exception("points.one_by_one")

    def step(member: MemberId) -> None:
        with transaction():
            ledger.expire(at, only=member)

    return len(each("points", _due(at), step).done)


def _due(at: datetime) -> Iterator[MemberId]:
    """Every member with points that are due, page by page."""
    after = MemberId(0)
    while page := points.members_due(at, after=after, limit=_EXPIRE_AT_ONCE):
        yield from page
        after = page[-1]


def sweep_orders(at: datetime) -> int:
    """Delete lapsed quotes and abandoned guests' baskets; how many of both."""
    return sum(sweep_all(at))


def sweep_all(at: datetime) -> tuple[int, int]:
    """Sweep in short transactions until nothing is left: how many quotes, how many baskets."""
    quotes = baskets = 0
    while True:
        with transaction():
            swept = sweeping.sweep(at)
        quotes, baskets = quotes + swept.quotes, baskets + swept.baskets
        if not swept.more:
            return quotes, baskets


def tend_codes(at: datetime) -> int:
    """Take codes that are about to end out of their pools, then give those orders theirs that wait for some; both."""
    done: list[int] = []

    def expire(variant: int) -> None:
        with transaction():
            done.append(codes.expire(variant, at=at))

    def give(order: OrderId) -> None:
        with transaction():
            done.append(fulfilling.give_if_possible(order, at=at))

    each("codes", codes.ending(at), expire)
    each("codes", _waiting(at), give)
    return sum(done)


def _waiting(at: datetime) -> Iterator[OrderId]:
    """Every order that waits for codes which are there, page by page: no order waits behind those that get none."""
    after = OrderId(0)
    while page := fulfilling.waiting(at=at, after=after):
        yield from page
        after = page[-1]


def seal_ledger(at: datetime) -> int:
    """Seal the day that is over (1), if it has no seal yet."""
    settings = current_app.config["SETTINGS"]
    return seal_yesterday(at, zone=settings.timezone, folder=settings.var_dir / "seals")


def count_popularity(_at: datetime) -> int:
    """Count anew how often each item was redeemed; how many items changed."""
    with transaction():
        return listing.refresh_popularity()


def purge_outbox(at: datetime) -> int:
    """Forget messages delivered long ago; how many."""
    return _until_short(
        lambda: outbox.purge(before=at - KEEP_DELIVERED, limit=_PURGE_AT_ONCE), _PURGE_AT_ONCE
    )


def _until_short(step: Callable[[], int], full: int) -> int:
    """Repeat a step in transactions of its own until it finds less than it could have done."""
    total = 0
    while True:
        with transaction():
            done = step()
        total += done
        if done < full:
            return total


JOBS: tuple[Job, ...] = (
    Job("points.expire", minute="0", hour="*", run=expire_points),
    Job("orders.close", minute="*", hour="*", run=cash.close_overdue),
    Job("payments.resume", minute="*", hour="*", run=cash.resume),
    Job("refunds.follow", minute="*", hour="*", run=refunds.follow_up),
    Job("payments.reconcile", minute="*/10", hour="*", run=cash.reconcile),
    Job("orders.sweep", minute="*", hour="*", run=sweep_orders),
    Job("codes.tend", minute="*/5", hour="*", run=tend_codes),
    Job("ledger.seal", minute="5", hour="*", run=seal_ledger),
    Job("items.popularity", minute="35", hour="*", run=count_popularity),
    Job("payments.compare", minute="40", hour="3", run=comparing.compare_with_stripe),
    Job("payments.forget", minute="50", hour="3", run=comparing.forget_requests),
    Job("outbox.purge", minute="20", hour="3", run=purge_outbox),
)


def run(job: Job) -> int | None:
    """Run a job now; a failure is logged and leaves the other jobs alone (None)."""
    try:
        done = job.run(clock.now())
    except Exception:
        log.exception("job.failed", job=job.name)
        return None
    finally:
        db.session.remove()
    if done:
        log.info("job.done", job=job.name, count=done)
    return done

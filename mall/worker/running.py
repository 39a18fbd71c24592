"""Keeping the outbox moving: for ever in a thread, or once."""

import threading
import time
from collections.abc import Callable
from datetime import datetime

import structlog
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from mall.core import clock
from mall.core.db import db
from mall.worker import schedule
from mall.worker.delivery import Lane, Tally
from mall.worker.handlers import lanes

#: How often an idle lane looks for messages, and how long it leaves a broken database alone, in seconds.
LOOK_EVERY, LEAVE_ALONE = 1.0, 5.0

log = structlog.get_logger("mall.worker")


def keep_moving(app: Flask, lane: Lane) -> None:
    """Deliver a lane's messages as they come, until its `stop` is set."""
    while not lane.stop.is_set():
        with app.app_context():
            moved, wait = _round(lane)
        if not moved:
            lane.stop.wait(wait)


def _round(lane: Lane) -> tuple[bool, float]:
    began = time.monotonic()
    try:
        tally = lane.drain()
    except SQLAlchemyError as error:
        log.error("outbox.database", lane=lane.name, error=type(error).__name__)
        return False, LEAVE_ALONE
    except Exception:
        log.exception("outbox.broken", lane=lane.name)
        return False, LEAVE_ALONE
    finally:
        db.session.remove()
    _report(lane, tally, time.monotonic() - began)
    return bool(tally), LOOK_EVERY


def _report(lane: Lane, tally: Tally, seconds: float) -> None:
    if tally:
        log.info(
            "outbox.moved",
            lane=lane.name,
            delivered=tally.delivered,
            failed=tally.failed,
            dead=tally.dead,
            ms=int(seconds * 1000),
        )


def once() -> tuple[Tally, dict[str, int | None]]:
    """Do all that is due now, in the app context at hand; what the jobs did by name (None: failed)."""
    jobs = {job.name: schedule.run(job) for job in schedule.JOBS}
    return deliver(), jobs


def deliver(now: Callable[[], datetime] = clock.now) -> Tally:
    """Deliver all that is due in the outbox, also what delivering adds to it."""
    total = Tally()
    while tally := sum((lane.drain() for lane in lanes(threading.Event(), now)), Tally()):
        total += tally
    return total

"""The worker's process: huey keeps the schedule, a thread for each lane keeps the outbox moving, SIGTERM ends all in order."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog
from flask import Flask
from huey import PostgresHuey, RedisHuey, SqliteHuey, crontab
from huey.api import Huey
from huey.consumer import Consumer

from mall.worker import schedule
from mall.worker.handlers import lanes
from mall.worker.running import keep_moving

log = structlog.get_logger("mall.worker")


def queue(app: Flask) -> Huey:
    """huey on the Redis or PostgreSQL that MALL_QUEUE_URL names, else on an SQLite file beside the mall's own data."""
    settings = app.config["SETTINGS"]
    if settings.queue_url.startswith("postgresql://"):
        return PostgresHuey("mall", dsn=settings.queue_url, results=False)
    if settings.queue_url:
        return RedisHuey("mall", url=settings.queue_url, results=False)
    path = Path(settings.var_dir) / "queue.sqlite"
    return SqliteHuey("mall", filename=str(path), results=False, fsync=True)


def enrol(huey: Huey, app: Flask) -> None:
    """Put every job on huey's schedule."""
    for job in schedule.JOBS:
        huey.periodic_task(crontab(minute=job.minute, hour=job.hour), name=job.name)(_task(job, app))


def _task(job: schedule.Job, app: Flask) -> Callable[[], None]:
    def task() -> None:
        with app.app_context():
            schedule.run(job)

    return task


class _Consumer(Consumer):  # type: ignore[misc]  # huey is untyped
    """huey's consumer, which stops the lanes too, and always lets what is under way end."""

    def __init__(self, huey: Huey, stop: threading.Event, **options: Any) -> None:
        super().__init__(huey, **options)
        self.lanes_stop = stop

    def stop(self, graceful: bool = True) -> None:
        """Stop taking work, and wait for what was begun."""
        self.lanes_stop.set()
        super().stop(graceful=True)


def run(app: Flask) -> None:
    """Work until SIGTERM or SIGINT. First catch up with what was due while no worker ran."""
    stop = threading.Event()
    huey = queue(app)
    enrol(huey, app)
    # Two: a job that waits for Stripe keeps none of the others waiting.
    consumer = _Consumer(huey, stop, workers=2, graceful_signal="TERM", max_delay=1.0, shutdown_timeout=30)
    threads = [
        threading.Thread(target=keep_moving, args=(app, lane), name=f"outbox-{lane.name}")
        for lane in lanes(stop)
    ]
    threads.append(threading.Thread(target=_catch_up, args=(app, stop), name="catch-up"))
    for thread in threads:
        thread.start()
    log.info("worker.started", jobs=[job.name for job in schedule.JOBS])
    try:
        consumer.run()
    finally:
        stop.set()
        for thread in threads:
            thread.join()
        huey.storage.close()
        log.info("worker.stopped")


def _catch_up(app: Flask, stop: threading.Event) -> None:
    with app.app_context():
        for job in schedule.JOBS:
            if not stop.is_set():
                schedule.run(job)

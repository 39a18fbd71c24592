"""Races on real connections: many threads, each with a connection and an application context of its own."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any, TypeVar

import sqlalchemy as sa
from flask import Flask

from mall.core.db import db, engine_options, prepare_engine
from tests.support.patience import PATIENCE

T = TypeVar("T")


@contextmanager
def connections(app: Flask, n: int) -> Iterator[None]:
    """Give the application a pool of `n` connections, which wait for each other as long as it takes.

    In life it has fewer, and gives up after ten seconds: a race is about who wins, not about how fast the machine is.
    """
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    options = engine_options(url) | {"pool_size": n, "max_overflow": 0, "pool_timeout": PATIENCE}
    with app.app_context():
        before = db.engine
        engine = sa.create_engine(url, **options)
        prepare_engine(engine)
        sa.event.listen(engine, "connect", _patient)
        db.engines[None] = engine
    try:
        yield
    finally:
        with app.app_context():
            db.engines[None] = before
        engine.dispose()


def _patient(raw: Any, _record: object) -> None:
    if isinstance(raw, sqlite3.Connection):
        raw.execute(f"PRAGMA busy_timeout={PATIENCE * 1000:.0f}")
        return
    before, raw.autocommit = raw.autocommit, True
    raw.execute(f"SET lock_timeout = '{PATIENCE:.0f}s'")
    raw.autocommit = before


def race(app: Flask, jobs: Sequence[Callable[[], T]], *, threads: int) -> list[T | Exception]:
    """Run the jobs on that many threads, the first ones released at once; what each returned or raised, in order."""
    start = Barrier(min(threads, len(jobs)))

    def run(place: int, job: Callable[[], T]) -> T | Exception:
        with app.app_context():
            if place < start.parties:
                start.wait(timeout=PATIENCE)
            try:
                return job()
            except Exception as refusal:
                return refusal

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, range(len(jobs)), jobs))

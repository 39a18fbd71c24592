"""Races on real connections: many threads, each with a connection and an application context of its own."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import TypeVar

import sqlalchemy as sa
from flask import Flask

from mall.core.db import db, engine_options, prepare_engine

T = TypeVar("T")


@contextmanager
def connections(app: Flask, n: int) -> Iterator[None]:
    """Give the application a pool of `n` connections (in life it has fewer, and waits for them)."""
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    options = engine_options(url) | {"pool_size": n, "max_overflow": 0, "pool_timeout": 60}
    with app.app_context():
        before = db.engine
        engine = sa.create_engine(url, **options)
        prepare_engine(engine)
        db.engines[None] = engine
    try:
        yield
    finally:
        with app.app_context():
            db.engines[None] = before
        engine.dispose()


def race(app: Flask, jobs: Sequence[Callable[[], T]], *, threads: int) -> list[T | Exception]:
    """Run the jobs on that many threads, the first ones released at once; what each returned or raised, in order."""
    start = Barrier(min(threads, len(jobs)))

    def run(place: int, job: Callable[[], T]) -> T | Exception:
        with app.app_context():
            if place < start.parties:
                start.wait(timeout=30)
            try:
                return job()
            except Exception as refusal:
                return refusal

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, range(len(jobs)), jobs))

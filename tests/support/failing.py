"""Databases that really fail under an application: lost, interrupted, full, and statements that wait in vain."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from flask import Flask

from mall.core.db import db


class Strike:
    """Comes before the n-th statement or COMMIT of an application's engine; `struck` if it got there."""

    def __init__(self, n: int, act: Callable[[sa.Connection], None]) -> None:
        self.n, self.act, self.seen, self.struck = n, act, 0, False

    def __call__(self, connection: sa.Connection, *_: Any) -> None:
        """Count one more."""
        self.seen += 1
        if self.seen == self.n:
            self.struck = True
            self.act(connection)


@contextmanager
def lost_at(app: Flask, n: int) -> Iterator[Strike]:
    """The database goes away under the n-th statement (COMMITs count).

    PostgreSQL: the server ends that very connection. SQLite has none: it is interrupted, as it is when a disk fails.
    """
    with app.app_context():
        engine = db.engine
    other = sa.create_engine(engine.url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)

    def end(connection: sa.Connection) -> None:
        raw: Any = connection.connection.dbapi_connection
        if isinstance(raw, sqlite3.Connection):
            raw.set_progress_handler(lambda: 1, 1)
            heal = lambda _context: raw.set_progress_handler(None, 0)  # noqa: E731
            sa.event.listen(engine, "handle_error", heal, once=True)
            return
        with other.connect() as second:
            second.execute(sa.text("SELECT pg_terminate_backend(:pid, 60000)"), {"pid": raw.info.backend_pid})

    strike = Strike(n, end)
    with listening(engine, "before_cursor_execute", strike), listening(engine, "commit", strike):
        yield strike


@contextmanager
def read_only_from(app: Flask, n: int) -> Iterator[Strike]:
    """From the n-th statement on (COMMITs count) the database may only be read: a standby, or a disk that is nearly full."""
    with app.app_context():
        engine = db.engine

    def end(connection: sa.Connection) -> None:
        strike.n += 1  # the next one as well: it may be another connection
        raw: Any = connection.connection.dbapi_connection
        if isinstance(raw, sqlite3.Connection):
            raw.execute("PRAGMA query_only = ON")
            return
        raw.execute("SET default_transaction_read_only = on")
        if raw.info.transaction_status != raw.info.transaction_status.IDLE:
            raw.execute("SET TRANSACTION READ ONLY")

    strike = Strike(n, end)
    with listening(engine, "before_cursor_execute", strike), listening(engine, "commit", strike):
        yield strike
    engine.dispose()


@contextmanager
def listening(engine: sa.Engine, what: str, listener: Callable[..., Any]) -> Iterator[None]:
    """Meanwhile a listener hears of an engine's events."""
    sa.event.listen(engine, what, listener)
    try:
        yield
    finally:
        sa.event.remove(engine, what, listener)


@contextmanager
def full(app: Flask) -> Iterator[None]:
    """No more fits on the disk. PostgreSQL's providers let such a server be read only, before it is too late."""
    with app.app_context():
        engine = db.engine
        engine.dispose()
    if engine.dialect.name == "postgresql":
        name = f"ALTER DATABASE {engine.url.database}"
        _beside(engine, f"{name} SET default_transaction_read_only = on")
        yield
        _beside(
            engine, f"{name} RESET default_transaction_read_only", "SET default_transaction_read_only = off"
        )
        engine.dispose()
        return

    def limit(raw: Any, _record: Any) -> None:
        pages = raw.execute("PRAGMA page_count").fetchone()[0]
        raw.execute(f"PRAGMA max_page_count = {pages}")

    with listening(engine, "connect", limit):
        yield
    engine.dispose()


def _beside(engine: sa.Engine, statement: str, *before: str) -> None:
    other = sa.create_engine(engine.url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with other.connect() as connection:
        for one in (*before, statement):
            connection.execute(sa.text(one))

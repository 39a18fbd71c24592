"""How long a test waits for what must happen: until it does, on however slow a machine."""

import time
from collections.abc import Callable

import sqlalchemy as sa
from flask import Flask

from mall.core.db import db

#: Seconds. A busy machine may need a minute to start Python; what is broken fails all the same, only later.
PATIENCE = 150.0


def wait_for(
    happens: Callable[[], bool], what: str, *, within: float = PATIENCE, pause: float = 0.05
) -> None:
    """Wait until something happens, looking every `pause` seconds; fail, naming it, if it does not."""
    until = time.monotonic() + within
    while not happens():
        assert time.monotonic() < until, f"{what} did not happen within {within:.0f} s"
        time.sleep(pause)


def wait_for_a_waiter(app: Flask, otherwise: Callable[[], bool] = lambda: False) -> None:
    """Wait until somebody waits for a lock in this application's database, or for `otherwise`.

    SQLite tells nobody who waits; its writers come one after the other whatever is locked, so a moment must do.
    """
    with app.app_context():
        url = db.engine.url
    if url.get_backend_name() == "sqlite":
        until = time.monotonic() + 0.3
        wait_for(lambda: otherwise() or time.monotonic() > until, "a moment")
        return
    # Not pg_locks: a wait for a row is listed there without its database, and others use this server too.
    waiting = sa.text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND backend_type = 'client backend' AND wait_event_type = 'Lock'"
    )
    beside = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with beside.connect() as connection:
        wait_for(lambda: otherwise() or bool(connection.scalar(waiting)), "a wait for a lock", pause=0.01)

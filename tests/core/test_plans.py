"""What waits is found without reading all that is over: the rounds of the worker, and what staff are told of."""

import itertools
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from mall.core.db import db, transaction
from mall.domain.items import codes
from mall.domain.orders import alerts, expiring, fulfilling
from mall.domain.orders.refunding import queries as refunds
from mall.domain.orders.refunding import sending
from mall.domain.outbox import delivery
from mall.domain.outbox import queries as outbox
from mall.domain.payments import events, queries, service
from tests.support.many import LONG_AGO, WAITING, fill

ALL = 3_000
#: The tables that grow with every order.
GROWING = ("orders", "order_line", "payment", "refund", "stripe_event", "dispute", "outbox_message", "code")

READS: dict[str, Callable[[datetime], Any]] = {
    "alerts": lambda at: alerts.alerts(at),
    "orders over their time": lambda at: expiring.due(at=at, limit=200),
    "orders being closed": lambda _: expiring.closing(limit=200),
    "orders waiting for codes": lambda at: fulfilling.waiting(at=at),
    "codes about to end": lambda at: codes.ending(at),
    "attempts to resume": lambda at: queries.stale(at=at, limit=200),
    "attempts not read": lambda at: queries.unseen(before=at, limit=200),
    "attempts unanswered": lambda at: queries.unanswered(before=at, limit=100),
    "attempts not believed": lambda _: queries.with_problems(),
    "attempts of a night": lambda at: queries.made_between(at - timedelta(days=1), at),
    "events waiting": lambda at: queries.waiting_events(before=at),
    "events quarantined": lambda _: queries.quarantined_events(),
    "differences": lambda _: queries.differences(),
    "disputes": lambda _: queries.open_disputes(),
    "disputes counted": lambda _: refunds.disputes(),
    "refunds to send": lambda at: sending.due(at=at),
    "refunds failed": lambda _: refunds.tasks(),
    "refunds failed, counted": lambda _: refunds.failed(),
    "refunds unanswered": lambda at: refunds.unanswered(at),
    "messages dead": lambda _: outbox.dead(),
    "messages behind": lambda at: outbox.backlog(at),
    "messages due": lambda at: delivery.is_due(at=at, kinds=["order.paid"]),
    "bodies to forget": lambda at: service.forget_requests(before=at, limit=500),
    "events to forget": lambda _: events.purge_events(before=LONG_AGO, limit=500),
}


@pytest.fixture
def years(app: Flask) -> None:
    """A mall after years."""
    fill(ALL)
    with transaction() as session:
        session.connection().exec_driver_sql("ANALYZE")


def rows_read(look: Callable[[], object]) -> float:
    """How many rows of tables that grow PostgreSQL reads for it, those included that it throws away again."""
    asked: list[tuple[str, Any]] = []

    def note(_conn: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        asked.append((statement, parameters))

    sa.event.listen(db.engine.engine, "before_cursor_execute", note)
    look()
    sa.event.remove(db.engine.engine, "before_cursor_execute", note)
    plans = [_explained(*one) for one in asked if one[0].startswith(("SELECT", "UPDATE", "DELETE"))]
    assert plans
    return sum(_rows(plan) for plan in plans)


def _explained(statement: str, parameters: Any) -> dict[str, Any]:
    explain = f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}"
    found = db.session.connection().exec_driver_sql(explain, parameters).scalar_one()
    plan: dict[str, Any] = found[0]["Plan"]
    return plan


def _rows(node: dict[str, Any]) -> float:
    below = sum(_rows(inner) for inner in node.get("Plans", ()))
    if node.get("Relation Name") not in GROWING or node["Node Type"] == "ModifyTable":
        return below
    thrown = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    return float(below + (node["Actual Rows"] + thrown) * node["Actual Loops"])


def steps_taken(look: Callable[[], object]) -> int:
    """How many instructions SQLite needs for it: some for every row that it looks at."""
    raw: Any = db.session.connection().connection.driver_connection
    count = itertools.count()
    raw.set_progress_handler(lambda: next(count) and None, 1)
    look()
    raw.set_progress_handler(None, 0)
    return next(count)


@pytest.mark.tampers
@pytest.mark.parametrize("name", READS)
def test_what_waits_is_found_without_reading_what_is_over(years: None, at: datetime, name: str) -> None:
    def look() -> object:
        with transaction():
            return READS[name](at)

    assert look() is not None
    if db.engine.dialect.name == "postgresql":
        assert rows_read(look) <= 10 * WAITING
    else:
        assert steps_taken(look) < ALL


@pytest.mark.tampers
def test_reading_all_is_noticed(years: None) -> None:
    """The control: the same measure of something that no index helps with."""

    def look() -> object:
        with transaction() as session:
            return session.execute(sa.text("SELECT count(*) FROM payment WHERE amount = 7")).one()

    if db.engine.dialect.name == "postgresql":
        assert rows_read(look) >= ALL
    else:
        assert steps_taken(look) > ALL

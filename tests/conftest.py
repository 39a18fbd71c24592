"""Fixtures: the database this run tests, a savepoint around every test, the page client and the cast."""

import os
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from mall.app import create_app
from mall.cli.ledger import EXTRA
from mall.core.db import db
from mall.domain.ledger.verify import verify
from mall.web.limits import limiter
from tests.support.client import SeparateClient
from tests.support.databases import Databases, settings_for
from tests.support.exploring import load_profile
from tests.support.pages import PageClient
from tests.support.postgres import Cluster

pytest_plugins = [
    "tests.support.cast",
    "tests.support.mailbox",
    "tests.support.stripe",
    "tests.support.story",
]

# The same examples in every run; MALL_HYPOTHESIS=2000 draws so many others.
load_profile()

#: One row if a test wrote points or stock.
SOMETHING_WRITTEN = sa.text(
    "SELECT 1 WHERE EXISTS (SELECT 1 FROM account) OR EXISTS (SELECT 1 FROM stock_move)"
)

_SERVER = "MALL_TEST_SERVER"
_cluster: Cluster | None = None


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--db", choices=("sqlite", "postgresql"), default="sqlite", help="the database that this run tests"
    )


def pytest_configure(config: pytest.Config) -> None:
    global _cluster
    if (
        config.getoption("--db") == "postgresql"
        and not hasattr(config, "workerinput")
        and _SERVER not in os.environ
    ):
        _cluster = Cluster()
        os.environ[_SERVER] = _cluster.url("postgres")


def pytest_unconfigure(config: pytest.Config) -> None:
    global _cluster
    if _cluster is not None:
        _cluster.stop()
        _cluster = None


def pytest_report_header(config: pytest.Config) -> str:
    return f"mall database: {config.getoption('--db')}"


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Databases:
    """Where tests get databases from."""
    kind = request.config.getoption("--db")
    return Databases(kind, tmp_path_factory.mktemp("db"), os.environ.get(_SERVER, ""))


@pytest.fixture(scope="session")
def _app(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    app = create_app(settings_for(databases.fresh(), tmp_path_factory.mktemp("var")))
    app.test_client_class = SeparateClient
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def app(_app: Flask) -> Iterator[Flask]:
    """The application; everything a test writes is rolled back after it."""
    with _app.app_context():
        engines = db.engines
        engine = engines[None]
        options: dict[str, object] = {"mall_write": True}
        if engine.dialect.name == "postgresql":
            options["isolation_level"] = "READ COMMITTED"
        connection = engine.connect().execution_options(**options)
        outer = connection.begin()
        engines[None] = connection  # type: ignore[assignment]
        db.session.configure(join_transaction_mode="create_savepoint")
        limiter.reset()
        _app.extensions["catalog_categories"].forget()
        try:
            yield _app
        finally:
            db.session.remove()
            engines[None] = engine
            outer.rollback()
            connection.close()


@pytest.fixture(autouse=True)
def _push_request_context() -> None:
    """Replaces pytest-flask's: its context shares `g` between requests, so a second client would be signed in too."""


@pytest.fixture
def at() -> datetime:
    """An instant for services: a Sunday noon in Shanghai."""
    return datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A plain browser-less client, nobody signed in."""
    return app.test_client()


@pytest.fixture
def pages(app: Flask) -> PageClient:
    """A client that checks every page it gets: valid HTML, one h1 that is the title, labels, ids, queries."""
    return PageClient(app)


@pytest.fixture
def fresh_app(databases: Databases, tmp_path: Path) -> Iterator[Flask]:
    """An application on a database of its own with real connections, for races and crashes."""
    fresh = create_app(settings_for(databases.fresh(), tmp_path))
    fresh.test_client_class = SeparateClient
    yield fresh
    with fresh.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def count_queries(app: Flask) -> Iterator[list[str]]:
    """The statements sent while the fixture is alive."""
    seen: list[str] = []

    def note(_c: object, _cur: object, statement: str, *_: object) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            seen.append(statement)

    engine = db.engine if isinstance(db.engine, sa.Engine) else db.engine.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    yield seen
    sa.event.remove(engine, "before_cursor_execute", note)


@pytest.fixture(autouse=True)
def _books_hold(request: pytest.FixtureRequest) -> Iterator[None]:
    """After every test that wrote points or stock: every invariant of the books still holds.

    `@pytest.mark.tampers` is for tests that break the books on purpose.
    """
    name = next((name for name in ("app", "fresh_app") if name in request.fixturenames), None)
    books: Flask | None = request.getfixturevalue(name) if name else None
    yield
    if books is None or request.node.get_closest_marker("tampers"):
        return
    with books.app_context() if name == "fresh_app" else nullcontext():
        db.session.rollback()
        if db.session.execute(SOMETHING_WRITTEN).first():
            violations = verify(extra=EXTRA).violations
            assert not violations, "\n".join(map(str, violations))

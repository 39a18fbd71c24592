"""Refusals and failures: each says what happened and what was kept; none needs a database to be shown, none leaks."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager

import pytest
import sqlalchemy as sa
from flask import Flask, abort
from flask.testing import FlaskClient
from html5lib import HTMLParser

from mall.app import create_app
from mall.core.db import db, transaction
from mall.core.errors import MallError, NotFound
from mall.domain.outbox import service as outbox
from tests.support.databases import Databases, settings_for
from tests.support.outbox_factory import NOON

SECRET = "the reason that nobody outside may read"


class NotToday(MallError):
    status = 409
    message = "Not today: %(n)s points short."
    hint = "Try tomorrow."


@pytest.fixture
def broken(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A mall as in production, with pages that fail in every way."""
    app = create_app(settings_for(databases.fresh(), tmp_path_factory.mktemp("var")))
    app.testing = False
    app.config["WTF_CSRF_ENABLED"] = False

    @app.get("/broken/crash")
    def crash() -> str:
        raise RuntimeError(SECRET)

    @app.get("/broken/refused")
    def refused() -> str:
        raise NotToday(n=1800)

    @app.get("/broken/<int:status>")
    def status(status: int) -> str:
        abort(status)

    @app.post("/broken/write")
    def write() -> str:
        with transaction():
            outbox.add("half", {}, at=NOON)
            db.session.execute(sa.text("SELECT * FROM no_such_table"))
        return "written"

    @app.get("/broken/read")
    def read() -> str:
        return str(db.session.scalar(sa.text("SELECT 42 + count(*) FROM member")))

    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def sound(html: str) -> None:
    HTMLParser(strict=True).parse(html)


def test_a_refusal_says_what_is_missing_and_what_to_do(broken: Flask) -> None:
    answer = broken.test_client().get("/broken/refused")
    html = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "1,800 points short" in html
    assert "Try tomorrow." in html
    sound(html)


@pytest.mark.parametrize("status", [400, 403, 404, 405, 410, 413, 415, 429, 500, 503])
def test_every_status_has_a_sound_page(broken: Flask, status: int) -> None:
    answer = broken.test_client().get(f"/broken/{status}")
    assert answer.status_code == status
    sound(answer.get_data(as_text=True))
    assert "Points Mall" in answer.get_data(as_text=True)


def test_a_crash_gives_a_number_to_read_out_and_nothing_else(broken: Flask) -> None:
    answer = broken.test_client().get("/broken/crash")
    html = answer.get_data(as_text=True)
    assert answer.status_code == 500
    assert SECRET not in html
    assert "Traceback" not in html
    assert answer.headers["X-Request-ID"] in html
    sound(html)


def test_htmx_gets_a_note_for_the_top_of_the_page(broken: Flask) -> None:
    for path, status in (("/broken/crash", 500), ("/broken/refused", 409), ("/broken/503", 503)):
        answer = broken.test_client().get(path, headers={"HX-Request": "true"})
        assert answer.status_code == status
        assert answer.headers["HX-Retarget"] == "#flashes"
        assert "<html" not in answer.get_data(as_text=True)


def test_programs_get_a_problem_in_json(broken: Flask) -> None:
    answer = broken.test_client().get("/broken/refused", headers={"Accept": "application/json"})
    assert answer.content_type == "application/problem+json"
    assert answer.json is not None
    assert (answer.json["status"], answer.json["code"]) == (409, "refused")
    assert answer.json["detail"] == "Not today: 1,800 points short."


def test_the_pages_speak_the_readers_language(broken: Flask) -> None:
    html = (
        broken.test_client().get("/broken/crash", headers={"Accept-Language": "zh-TW"}).get_data(as_text=True)
    )
    assert '<html lang="zh-Hant"' in html


def test_a_write_that_fails_leaves_nothing_half_done(broken: Flask) -> None:
    answer = broken.test_client().post("/broken/write")
    assert answer.status_code in {500, 503}
    with broken.app_context():
        assert db.session.scalar(sa.text("SELECT count(*) FROM outbox_message")) == 0


@contextmanager
def cut(app: Flask) -> Iterator[None]:
    """The next statement fails for a real reason that is over when it is tried again."""
    with app.app_context():
        engine = db.engine
    if engine.dialect.name == "postgresql":
        # As a restart of the server does: the pool's connections are dead, new ones are not.
        other = sa.create_engine(engine.url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with other.connect() as connection:
            connection.execute(
                sa.text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
        yield
        return
    engine.dispose()
    sa.event.listen(engine, "do_connect", lambda _d, _r, _args, options: options.update(timeout=0.05))
    holder = sqlite3.connect(str(engine.url.database), isolation_level=None)
    holder.execute("PRAGMA locking_mode=EXCLUSIVE")
    holder.execute("BEGIN EXCLUSIVE")
    sa.event.listen(engine, "handle_error", lambda _context: holder.close(), once=True)
    yield
    holder.close()


def impatient(app: Flask) -> None:
    """Let whoever waits for the database give up soon."""
    with app.app_context():
        if db.engine.dialect.name == "postgresql":
            db.engine.pool._timeout = 0.1  # type: ignore[attr-defined]
        else:
            with db.engine.connect() as connection:  # the pool's one connection
                connection.exec_driver_sql("PRAGMA busy_timeout=50")


@contextmanager
def busy(app: Flask) -> Iterator[None]:
    """Nobody gets to write: SQLite's lock is held, or every connection of PostgreSQL's pool is out."""
    impatient(app)
    with app.app_context(), ExitStack() as held:
        if db.engine.dialect.name == "postgresql":
            for _ in range(db.engine.pool.size()):  # type: ignore[attr-defined]
                held.enter_context(db.engine.connect())
        else:
            holder = held.enter_context(
                closing(sqlite3.connect(str(db.engine.url.database), isolation_level=None))
            )
            holder.execute("BEGIN IMMEDIATE")
        yield


def test_a_read_that_fails_for_a_moment_is_tried_once_more(broken: Flask) -> None:
    client = broken.test_client()
    assert client.get("/broken/read").data == b"42"
    with cut(broken):
        assert client.get("/broken/read").data == b"42"


def test_without_a_database_the_reader_is_told_to_come_back(broken: Flask, databases: Databases) -> None:
    gone = create_app(settings_for(_nowhere(databases), broken.config["SETTINGS"].var_dir))
    gone.testing = False

    @gone.get("/broken/read")
    def read() -> str:
        return str(db.session.scalar(sa.text("SELECT count(*) FROM member")))

    client = gone.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = (
            "somebody"  # signed in: even who they are would have to be asked of the database
        )
        session["_fresh"] = True
    for path in ("/broken/read", "/account", "/"):
        answer = client.get(path)
        html = answer.get_data(as_text=True)
        assert answer.status_code == 503, path
        assert answer.headers["Retry-After"] == "5"
        assert "Nothing was changed" in html
        sound(html)


def _nowhere(databases: Databases) -> str:
    if databases.kind == "postgresql":
        return "postgresql://postgres@127.0.0.1:9/nothing"
    return f"sqlite:///{databases.folder}/no/such/folder/mall.sqlite"


def test_a_database_that_stays_busy_is_a_clean_refusal(broken: Flask) -> None:
    with busy(broken):
        answer = broken.test_client().post("/broken/write")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert "Nothing was changed" in answer.get_data(as_text=True)


def test_not_found_is_one_answer_for_what_is_not_there_and_what_is_not_yours(client: FlaskClient) -> None:
    assert NotFound.status == 404
    assert client.get("/no-such-page").status_code == 404

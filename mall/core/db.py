"""The database: one metadata, one session a request, one way to write.

Reads run outside a transaction (autocommit), so a page costs no BEGIN and no ROLLBACK. Whoever writes says
``with transaction():`` at the edge (route, command, task). On SQLite that begins with ``BEGIN IMMEDIATE``: a
transaction that starts by reading and writes later may find the database locked, whatever the time-out.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session
from sqlalchemy.types import TypeDecorator

_WRITING = "mall_writing"
#: What the transaction at hand writes through: to ask the session for it costs as much as a small statement.
_CONNECTION = "mall_connection"
#: Seconds that a thread waits for its turn to write (SQLite) before it says that the mall is busy.
_LONGEST_TURN = 30
#: Marks an error after which nobody knows whether the transaction was committed.
_IN_DOUBT = "the connection was lost while it committed"

#: PostgreSQL's word for a database that may only be read.
_READ_ONLY = "25006"

#: The database is busy, full, away, may only be read, or had to choose between two that waited for each other: nobody's
#: mistake. One list for all; what a driver files elsewhere is brought to it by `prepare_engine`.
AWAY = (OperationalError, InterfaceError, PoolTimeout)

#: 64-bit keys; SQLite only numbers rows by itself for a column that says INTEGER.
BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC instant with microseconds; refuses naive values instead of guessing their zone."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime reached the database")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """All tables. Foreign keys to another room's table go by its name, never by its class."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime(), int: BigInt, dict[str, Any]: Json, list[Any]: Json}


class WriteOutsideTransaction(RuntimeError):
    """A programming error: something wrote without ``with transaction():`` around it."""


class MallSession(FlaskSession):
    """The session, refusing to write unless a write transaction was begun."""


@event.listens_for(MallSession, "before_flush")
def _refuse_stray_flush(session: Session, *_: Any) -> None:
    if not session.info.get(_WRITING):
        raise WriteOutsideTransaction("flush outside transaction()")


@event.listens_for(MallSession, "do_orm_execute")
def _refuse_stray_statement(state: ORMExecuteState) -> None:
    writes = state.is_insert or state.is_update or state.is_delete
    if writes and not state.session.info.get(_WRITING):
        raise WriteOutsideTransaction("write outside transaction()")


db = SQLAlchemy(disable_autonaming=True, session_options={"class_": MallSession, "expire_on_commit": False})


@contextmanager
def transaction() -> Iterator[Session]:
    """One write transaction on the request's session: commits at the end, rolls back on any exception.

    Forgets what was read before it. Does not nest. SQLite has one writer at a time: this process's take turns.
    Where the connection is lost while it commits, what it raises is `in_doubt`.
    """
    session = db.session()
    if session.info.get(_WRITING):
        raise RuntimeError("transaction() does not nest")
    with _turn(session.get_bind()):
        session.info[_WRITING] = True
        try:
            session.info[_CONNECTION] = _begin(session)
            yield session
            session.flush()
            _commit(session)
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info.pop(_WRITING, None)
            session.info.pop(_CONNECTION, None)


def _commit(session: Session) -> None:
    try:
        session.commit()
    except DBAPIError as error:
        if error.connection_invalidated:
            error.add_note(_IN_DOUBT)
        raise


def in_doubt(error: BaseException) -> bool:
    """Whether what failed may have been committed all the same: the answer to the COMMIT was lost."""
    return _IN_DOUBT in getattr(error, "__notes__", ())


def let_go() -> None:
    """Roll back and give the connection back; if even that fails, the pool throws it away."""
    try:
        db.session.rollback()
    except Exception:
        db.session().invalidate()


def _begin(session: Session) -> Connection:
    if session.in_transaction():
        session.commit()
    session.expire_all()
    if isinstance(session.get_bind(), Engine):
        options: dict[str, Any] = {"mall_write": True}
        if session.get_bind().dialect.name == "postgresql":
            options["isolation_level"] = "READ COMMITTED"
        return session.connection(execution_options=options)
    return session.connection()


#: For each SQLite engine, whose turn it is to write. SQLite lets one writer in at a time and has the others sleep and
#: try again, the longest sleeper last: under load someone waits until the time-out. Threads of a process queue here.
_turns: WeakKeyDictionary[Engine, Lock] = WeakKeyDictionary()


@contextmanager
def _turn(bind: Engine | Connection) -> Iterator[None]:
    lock = _turns.get(bind) if isinstance(bind, Engine) else None
    if lock is None:
        yield
        return
    if not lock.acquire(timeout=_LONGEST_TURN):
        raise sa.exc.TimeoutError(f"no turn to write within {_LONGEST_TURN} seconds")
    try:
        yield
    finally:
        lock.release()


def write_connection() -> Connection:
    """The connection of the write transaction at hand, for services that send Core statements.

    What the session still has to write is sent first. Raises WriteOutsideTransaction.
    """
    session = db.session()
    connection: Connection | None = session.info.get(_CONNECTION)
    if connection is None:
        raise WriteOutsideTransaction("write outside transaction()")
    session.flush()
    return connection


def read_connection() -> Connection:
    """The session's connection, for reads that need none of its other services; in a write transaction they see what
    the session still had to write.
    """
    session = db.session()
    if session.info.get(_WRITING):
        session.flush()
    return session.connection()


def changed(result: sa.Result[Any]) -> int:
    """How many rows an INSERT, UPDATE or DELETE changed; the ORM's types say less of its results than they are."""
    assert isinstance(result, sa.CursorResult)
    return result.rowcount


@contextmanager
def snapshot() -> Iterator[None]:
    """All reads inside see one moment of the database, however long they take. Nothing is written."""
    session = db.session()
    if session.in_transaction():
        session.commit()
    bind = session.get_bind()
    if isinstance(bind, Engine) and bind.dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    elif isinstance(bind, Engine):
        session.connection().exec_driver_sql("BEGIN")
    try:
        yield
    finally:
        session.rollback()


def engine_options(url: str) -> dict[str, Any]:
    """Options of the engine for a database URL (SQLite or PostgreSQL through psycopg)."""
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": 10, "check_same_thread": False}}
    return {
        "isolation_level": "AUTOCOMMIT",
        "pool_size": 8,
        "max_overflow": 0,
        "pool_timeout": 10,
        "pool_recycle": 1800,
    }


def _patience(connection: Any, _record: Any) -> None:
    """Ten seconds for a row, as SQLite's busy_timeout. Said here, as the URL may bring `options` of its own."""
    before = connection.autocommit
    connection.autocommit = True
    connection.execute("SET lock_timeout = '10s'")
    connection.autocommit = before


def _away_too(context: sa.engine.ExceptionContext) -> BaseException | None:
    """PostgreSQL files "read-only" under its own failures: a standby, or a server that saves the last of its disk."""
    error, filed = context.original_exception, context.sqlalchemy_exception
    if getattr(error, "sqlstate", "") != _READ_ONLY or filed is None:
        return None
    # What people typed stays out of the log here as well.
    hide, many = filed.hide_parameters, filed.ismulti
    return OperationalError(context.statement, context.parameters, error, hide_parameters=hide, ismulti=many)


def prepare_engine(engine: Engine) -> None:
    """Set an engine up: who waits too long for another writer is told so; SQLite's writers queue."""
    if engine.dialect.name != "sqlite":
        event.listen(engine, "connect", _patience)
        event.listen(engine, "handle_error", _away_too, retval=True)
        return
    _turns[engine] = Lock()

    @event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=10000",
            "cache_size=-16000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if connection.get_execution_options().get("mall_write"):
            connection.exec_driver_sql("BEGIN IMMEDIATE")

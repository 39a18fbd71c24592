"""Many rows at once: the same statement for ten and for ten thousand, the fastest way in that each database has."""

import gc
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg.types.json import Jsonb
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

#: From here on COPY is quicker than an INSERT for each row.
_COPY_FROM = 50


@contextmanager
def keeping() -> Iterator[None]:
    """Let nobody look for garbage while thousands of rows are made: all of them are kept until the end anyway.

    Each search walks through the whole heap, and the new objects call for one after another: a quarter of an import's
    time. Safe to enter from several threads: who found the collector on switches it on again.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class ListOf(TypeDecorator[Sequence[Any]]):
    """A list as one bind value: an array for PostgreSQL, JSON for SQLite."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: sa.Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(ARRAY(self.item) if dialect.name == "postgresql" else sa.Text())

    def process_bind_param(self, value: Sequence[Any] | None, dialect: sa.Dialect) -> Any:
        return list(value or ()) if dialect.name == "postgresql" else json.dumps(list(value or ()))


class among(FunctionElement[bool]):  # noqa: N801 - reads as a function in statements
    """`among(column, bindparam(name, type_=ListOf(…)))`: the column is one of the list's values.

    Unlike IN, the statement does not grow with the list: it is parsed and planned once.
    """

    type = sa.Boolean()
    inherit_cache = True


@compiles(among, "postgresql")
def _among_array(element: among, compiler: SQLCompiler, **more: Any) -> str:
    column, values = element.clauses
    return f"{compiler.process(column, **more)} = ANY({compiler.process(values, **more)})"


@compiles(among, "sqlite")
def _among_json(element: among, compiler: SQLCompiler, **more: Any) -> str:
    column, values = element.clauses
    inside, listed = compiler.process(column, **more), compiler.process(values, **more)
    return f"{inside} IN (SELECT value FROM json_each({listed}))"  # noqa: S608 - compiled expressions


def insert_many(connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all have the same columns. Raises SQLAlchemy's IntegrityError."""
    if connection.dialect.name != "postgresql" or len(rows) < _COPY_FROM:
        connection.execute(sa.insert(table), rows if len(rows) > 1 else rows[0])
        return
    names = list(rows[0])
    quoted = ", ".join(f'"{name}"' for name in names)
    json_names = {name for name in names if isinstance(table.c[name].type, sa.JSON)}
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    try:
        with driver.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({quoted}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(
                    [
                        Jsonb(row[name]) if name in json_names and row[name] is not None else row[name]
                        for name in names
                    ]
                )
    except psycopg.IntegrityError as error:
        raise IntegrityError(f"COPY {table.name}", None, error) from error

"""Reads of hot pages: a SELECT that is compiled once and then handed to the driver as it is.

`session.execute` asks the ORM what the statement means, makes a key to find its compiled form by, and arranges for
objects to be loaded: for a page's three statements that costs more than the statements. A `Reading` goes by the same
connection (so it sees what its transaction has written, and is counted and traced like any other statement).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from mall.core.db import read_connection

_Convert = Callable[[Any], Any] | None


@dataclass(frozen=True, slots=True)
class _Value:
    """A bind value in its place: asked for by name, or (`fixed`) part of the statement and ready for the driver."""

    name: str
    fixed: bool
    value: Any
    convert: _Convert


class _Compiled:
    """The statement as one kind of database is told it."""

    def __init__(self, statement: sa.Select[*tuple[Any, ...]], dialect: sa.Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        assert isinstance(compiled, sa.sql.compiler.SQLCompiler)
        if compiled.post_compile_params:
            raise ValueError("a list as a value: its statement differs each time")
        if compiled.literal_execute_params:
            raise ValueError(
                "a value in the statement itself (mall.core.partial): say it by literal_column()"
            )
        self.text = str(compiled)
        self.positional = compiled.positional
        names = compiled.positiontup if compiled.positional else compiled.params
        self.values = [_value(compiled, name, dialect) for name in names or ()]
        self.converts = [
            (i, convert)
            for i, column in enumerate(statement.selected_columns)
            if (convert := column.type.dialect_impl(dialect).result_processor(dialect, None))
        ]

    def parameters(self, asked: dict[str, Any]) -> tuple[Any, ...] | dict[str, Any]:
        """What goes with the text; KeyError for a value that is missing."""
        ready = [
            each.value if each.fixed else each.convert(asked[each.name]) if each.convert else asked[each.name]
            for each in self.values
        ]
        if self.positional:
            return tuple(ready)
        return {each.name: value for each, value in zip(self.values, ready, strict=True)}

    def converted(self, rows: Sequence[Sequence[Any]]) -> Sequence[Sequence[Any]]:
        """The driver's rows as Python values, a column at a time."""
        if not rows or not self.converts:
            return rows
        columns: list[Any] = list(zip(*rows, strict=True))
        for i, convert in self.converts:
            columns[i] = map(convert, columns[i])
        return list(zip(*columns, strict=True))


def _value(compiled: sa.sql.compiler.SQLCompiler, name: str, dialect: sa.Dialect) -> _Value:
    bind = compiled.binds[name]
    convert = bind.type.dialect_impl(dialect).bind_processor(dialect)
    if bind.required:
        return _Value(name, False, None, convert)
    return _Value(name, True, convert(bind.effective_value) if convert else bind.effective_value, convert)


class Reading:
    """A SELECT to be asked again and again, for rows. Its values are bindparams by name; lists (IN) and the
    conditions of `mall.core.partial` are refused (ValueError, at the first reading).
    """

    def __init__(self, statement: sa.Select[*tuple[Any, ...]]) -> None:
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def rows(self, values: dict[str, Any]) -> Sequence[Sequence[Any]]:
        """All rows, in the order of the columns. Raises KeyError for a value that is missing."""
        connection = read_connection()
        name = connection.dialect.name
        compiled = self._compiled.get(name)
        if compiled is None:
            compiled = self._compiled[name] = _Compiled(self._statement, connection.dialect)
        found = connection.exec_driver_sql(compiled.text, compiled.parameters(values)).all()
        return compiled.converted(found)

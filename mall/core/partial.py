"""Conditions of partial indexes, for the queries that such an index is made for.

SQLite takes a partial index only for a statement that repeats its condition word for word: a parameter, whose value it
does not know yet when it chooses its way, will not do. PostgreSQL knows the value, and does not mind.
"""

from typing import Any

import sqlalchemy as sa


def among(column: sa.ColumnElement[Any], *values: str) -> sa.ColumnElement[bool]:
    """`column IN ('…', '…')` with the values in the statement itself. Not for anything that a person has typed."""
    return column.in_(sa.bindparam(None, values, expanding=True, literal_execute=True))


def equals(column: sa.ColumnElement[Any], value: str) -> sa.ColumnElement[bool]:
    """`column = '…'`, likewise."""
    return column == sa.bindparam(None, value, type_=sa.String(), literal_execute=True)


def differs(column: sa.ColumnElement[Any], value: str) -> sa.ColumnElement[bool]:
    """`column <> '…'`, likewise."""
    return column != sa.bindparam(None, value, type_=sa.String(), literal_execute=True)

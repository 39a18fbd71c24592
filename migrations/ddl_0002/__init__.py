"""What 0002 changes by hand, a module a room: columns added to tables that stand, then triggers and data.

A module has `COLUMNS`, a list of (table, column), and `UPGRADE`, statements by database. A column may bring its own
CHECK, which SQLite takes with the column; foreign keys it cannot take, so what points elsewhere has a new table.
"""

import importlib
import pkgutil

from alembic import op


def _modules() -> list[object]:
    names = sorted(module.name for module in pkgutil.iter_modules(__path__, f"{__name__}."))
    return [importlib.import_module(name) for name in names]


def add_columns() -> None:
    """Add the columns of every room: before the new tables, which may refer to them in their checks."""
    for module in _modules():
        for table, column in getattr(module, "COLUMNS", ()):
            op.add_column(table, column)


def apply() -> None:
    """Run every room's statements for the database at hand: after the new tables."""
    dialect = op.get_bind().dialect.name
    for module in _modules():
        for statement in getattr(module, "UPGRADE", {}).get(dialect, ()):
            op.get_bind().exec_driver_sql(statement)

"""What metadata cannot say, for migration 0001: triggers and search tables, per room and database.

A room's module has `UPGRADE: dict[str, list[str]]`: statements by dialect name ("sqlite", "postgresql").
"""

import importlib
import pkgutil

from alembic import op


def apply() -> None:
    """Run every room's statements for the database at hand."""
    dialect = op.get_bind().dialect.name
    for module in sorted(pkgutil.iter_modules(__path__, f"{__name__}."), key=lambda m: m.name):
        for statement in importlib.import_module(module.name).UPGRADE[dialect]:
            op.get_bind().exec_driver_sql(statement)

"""Alembic's environment: the mall's own metadata, the mall's own engine, on both databases."""

import importlib
import pkgutil
import sys
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app

import mall.domain
from mall.core.db import Base, UtcDateTime

# The `mall` command does not have the project's folder on its path; the migrations import their DDL from it.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

for room in pkgutil.iter_modules(mall.domain.__path__, "mall.domain."):
    package = importlib.import_module(room.name)
    for module in pkgutil.iter_modules(package.__path__, f"{room.name}."):
        if module.name.rsplit(".", 1)[-1].endswith("models"):
            importlib.import_module(module.name)


def render_item(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """A migration stands by itself: it names database types, never the mall's own."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


def include_object(item: Any, name: str | None, kind: str, reflected: bool, _other: Any) -> bool:
    """Search tables are made by hand (their kind differs by database)."""
    return not (kind == "table" and reflected and (name or "").startswith("search_"))


def run() -> None:
    engine: sa.Engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="READ COMMITTED")
        else:
            connection = connection.execution_options(mall_write=True)
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_item=render_item,
            include_object=include_object,
            compare_type=True,
            render_as_batch=engine.dialect.name == "sqlite",
            process_revision_directives=context.config.attributes.get("process_revision_directives"),
        )
        with context.begin_transaction():
            context.run_migrations()


run()

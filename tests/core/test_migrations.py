"""Migrations: they make what the models say, and what is in a database already stays as it is."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade

from mall.app import create_app
from mall.core.db import Base, db
from tests.support.databases import Databases, settings_for
from tests.support.many import fill

#: What 0003 added.
ADDED = {"ix_order_line_to_give", "ix_payment_problem", "ix_payment_request"}


@pytest.fixture
def before(databases: Databases, tmp_path: Path) -> Iterator[Flask]:
    """A mall as 0002 left it, with orders in it."""
    app = create_app(settings_for(databases.empty(), tmp_path))
    with app.app_context():
        upgrade(revision="0002")
        fill(200)
        yield app
        db.session.remove()
        db.engine.dispose()


def indexes() -> set[str]:
    found = sa.inspect(db.engine)
    return {
        str(one["name"]) for table in ("orders", "order_line", "payment") for one in found.get_indexes(table)
    }


def contents() -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables but the migrations' own."""
    metadata = sa.MetaData()
    metadata.reflect(db.engine)
    tables = [table for table in metadata.sorted_tables if table.name != "alembic_version"]
    with db.engine.connect() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(sa.select(table))), key=repr)
            for table in tables
        }


def test_a_database_with_orders_gets_its_indexes_and_keeps_its_rows(before: Flask) -> None:
    rows, old = contents(), indexes()
    assert len(rows["payment"]) == 200
    assert not old & ADDED
    upgrade()
    assert indexes() == old | ADDED
    assert contents() == rows
    downgrade(revision="0002")
    assert indexes() == old
    assert contents() == rows
    upgrade()
    assert indexes() == old | ADDED


def test_the_migrations_make_what_the_models_say(fresh_app: Flask) -> None:
    def ours(_item: object, name: str | None, kind: str, reflected: bool, _other: object) -> bool:
        return not (kind == "table" and reflected and (name or "").startswith("search_"))

    with fresh_app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": ours, "compare_type": True})
        assert not compare_metadata(context, Base.metadata)

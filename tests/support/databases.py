"""Databases made by the migrations: one for the savepoint tests, and fresh copies for tests with real connections."""

import os
import shutil
from itertools import count
from pathlib import Path

import psycopg
from flask import Flask
from flask_migrate import upgrade

from mall.app import create_app
from mall.config import Settings

_fresh = count(1)


def settings_for(url: str, var: Path, **changes: object) -> Settings:
    """Settings of a test application on that database."""
    env = {
        "MALL_ENV": "test",
        "MALL_DATABASE_URL": url,
        "MALL_VAR_DIR": str(var),
        "MALL_SECRET_KEY": "t" * 40,
        # Nobody is there: a test that pays says where its Stripe is (tests.support.stripe).
        "STRIPE_API_BASE": "http://127.0.0.1:9",
    }
    return Settings.from_env({**env, **{key: str(value) for key, value in changes.items()}})


class Databases:
    """Makes databases on the kind that this run tests ("sqlite" or "postgresql")."""

    def __init__(self, kind: str, folder: Path, server: str = "") -> None:
        self.kind, self.folder, self.server = kind, folder, server
        self.worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
        self.template = self._create("template")
        app = create_app(settings_for(self.template, folder))
        with app.app_context():
            upgrade()
            self._forget(app)
        self._copy("pristine", of="template")

    def fresh(self) -> str:
        """The address of a new, migrated, empty database: a copy of one that no test is ever connected to."""
        return self._copy(f"fresh{next(_fresh)}", of="pristine")

    def empty(self) -> str:
        """The address of a new database without a single table."""
        return self._create(f"fresh{next(_fresh)}")

    def copy(self, url: str) -> str:
        """The address of a new database with all that is in this one, to which nobody may be connected."""
        name = url.rsplit("/", 1)[1].removesuffix(".sqlite").removeprefix(f"mall_{self.worker}_")
        return self._copy(f"fresh{next(_fresh)}", of=name)

    def drop(self, url: str) -> None:
        """Remove a database to which nobody is connected any more."""
        if self.kind == "sqlite":
            path = url.removeprefix("sqlite:///")
            for ending in ("", "-wal", "-shm"):
                Path(path + ending).unlink(missing_ok=True)
            return
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{url.rsplit("/", 1)[1]}"')

    def _copy(self, name: str, *, of: str) -> str:
        if self.kind == "sqlite":
            target = self.folder / f"{name}.sqlite"
            shutil.copy(self.folder / f"{of}.sqlite", target)
            return f"sqlite:///{target}"
        return self._create(name, template=f"mall_{self.worker}_{of}")

    def _create(self, name: str, template: str = "template0") -> str:
        if self.kind == "sqlite":
            return f"sqlite:///{self.folder / name}.sqlite"
        database = f"mall_{self.worker}_{name}"
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')
        return self.server.rsplit("/", 1)[0] + "/" + database

    @staticmethod
    def _forget(app: Flask) -> None:
        """Close the connections: PostgreSQL copies a template only while nobody is connected to it."""
        from mall.core.db import db

        db.session.remove()
        db.engine.dispose()

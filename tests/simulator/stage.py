"""Where histories are played: one application, and for each history a database of its own with the scenery in it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

from mall.app import create_app
from mall.core.db import db, engine_options, prepare_engine
from tests.simulator import scenery
from tests.simulator.scenery import Scenery
from tests.support.databases import Databases, settings_for


def _in_a_hurry(connection: Any, _record: Any) -> None:
    """Processes die here, machines do not: nothing has to be on the disk at once."""
    connection.execute("PRAGMA synchronous=OFF")


class Stage:
    """An application whose database is exchanged between histories."""

    def __init__(self, databases: Databases, folder: Path) -> None:
        self.kind = databases.kind
        self._databases = databases
        self._furnished = databases.fresh()
        self.app: Flask = create_app(settings_for(self._furnished, folder))
        self._seals = folder / "seals"
        #: Statements compiled once for all histories.
        self._compiled: dict[Any, Any] = {}
        with self._on(self._furnished):
            self.scenery: Scenery = self._furnish()

    def _furnish(self) -> Scenery:
        with self.app.app_context():
            return scenery.build()

    @contextmanager
    def set(self) -> Iterator[None]:
        """A history's own database, gone afterwards."""
        url = self._databases.copy(self._furnished)
        shutil.rmtree(self._seals, ignore_errors=True)
        try:
            with self._on(url):
                yield
        finally:
            self._databases.drop(url)

    @contextmanager
    def _on(self, url: str) -> Iterator[None]:
        url = url.replace("postgresql://", "postgresql+psycopg://")
        options = engine_options(url) | {"execution_options": {"compiled_cache": self._compiled}}
        engine = sa.create_engine(url, **options)
        prepare_engine(engine)
        if self.kind == "sqlite":
            sa.event.listen(engine, "connect", _in_a_hurry)
        with self.app.app_context():
            before = db.engines[None]
            before.dispose()
            db.engines[None] = engine
        try:
            yield
        finally:
            with self.app.app_context():
                db.engines[None] = before
            engine.dispose()

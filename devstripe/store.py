"""Everything the stand-in remembers, in one SQLite database: a file that survives kill -9, or memory."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

#: A Stripe object. Keys that start with "_" are ours and never leave.
Thing = dict[str, Any]

_TABLES = """
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS thing (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, intent TEXT, due INTEGER,
  body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS thing_kind ON thing (kind, seq);
CREATE INDEX IF NOT EXISTS thing_intent ON thing (intent, kind, seq);
CREATE INDEX IF NOT EXISTS thing_due ON thing (due) WHERE due IS NOT NULL;
CREATE TABLE IF NOT EXISTS answered (
  key TEXT PRIMARY KEY, path TEXT NOT NULL, params TEXT NOT NULL, request TEXT NOT NULL, at INTEGER NOT NULL,
  status INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS request (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, at INTEGER NOT NULL, method TEXT NOT NULL,
  path TEXT NOT NULL, params TEXT NOT NULL, headers TEXT NOT NULL, status INTEGER, replayed INTEGER NOT NULL,
  fault TEXT);
CREATE TABLE IF NOT EXISTS fault (seq INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS delivery (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL, state TEXT NOT NULL, due REAL NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0, twist TEXT NOT NULL DEFAULT '{}', answer TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS delivery_due ON delivery (state, due);
"""
_CONTENTS = ("setting", "thing", "answered", "request", "fault", "delivery")


class Store:
    """The database, used by one thread at a time."""

    def __init__(self, path: str | None) -> None:
        self._lock = threading.RLock()
        self._depth = 0
        self._db = sqlite3.connect(path or ":memory:", check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.executescript(_TABLES)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; one inside another is part of it."""
        with self._lock:
            outermost = self._depth == 0
            if outermost:
                self._db.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                if outermost:
                    self._db.execute("ROLLBACK")
                raise
            else:
                if outermost:
                    self._db.execute("COMMIT")
            finally:
                self._depth -= 1

    def rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        """What a statement returns."""
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def run(self, sql: str, *values: object) -> int:
        """Run a statement that writes; how many rows it touched."""
        with self._lock:
            return self._db.execute(sql, values).rowcount

    def put(self, thing: Thing) -> None:
        """Keep an object as it is now. `_due` is the instant at which something happens to it by itself."""
        self.run(
            "INSERT INTO thing (id, kind, intent, due, body) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE "
            "SET intent = excluded.intent, due = excluded.due, body = excluded.body",
            thing["id"],
            thing["object"],
            thing.get("payment_intent"),
            thing.get("_due"),
            json.dumps(thing, ensure_ascii=False),
        )

    def get(self, kind: str, id: str) -> Thing | None:
        """An object by its id."""
        found = self.rows("SELECT body FROM thing WHERE id = ? AND kind = ?", id, kind)
        return _thing(found[0]) if found else None

    def newest(self, kind: str, intent: str | None = None) -> list[Thing]:
        """Objects of a kind (of one payment), newest first."""
        if intent is None:
            return [
                _thing(r) for r in self.rows("SELECT body FROM thing WHERE kind = ? ORDER BY seq DESC", kind)
            ]
        sql = "SELECT body FROM thing WHERE intent = ? AND kind = ? ORDER BY seq DESC"
        return [_thing(r) for r in self.rows(sql, intent, kind)]

    def due(self, now: int) -> list[Thing]:
        """Objects to which something is due to happen, in order of time."""
        return [_thing(r) for r in self.rows("SELECT body FROM thing WHERE due <= ? ORDER BY due, seq", now)]

    def setting(self, name: str) -> str | None:
        """A remembered setting."""
        found = self.rows("SELECT value FROM setting WHERE name = ?", name)
        return str(found[0]["value"]) if found else None

    def remember(self, name: str, value: str) -> None:
        """Keep a setting."""
        self.run(
            "INSERT INTO setting VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            name,
            value,
        )

    def clear(self) -> None:
        """Forget everything."""
        with self.transaction():
            for table in _CONTENTS:
                self.run(f"DELETE FROM {table}")  # noqa: S608 (our own names)

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._db.close()


def _thing(row: sqlite3.Row) -> Thing:
    found: Thing = json.loads(row["body"])
    return found


def shown(thing: Thing) -> Thing:
    """An object as Stripe gives it, without what is ours."""
    return {key: value for key, value in thing.items() if not key.startswith("_")}

"""The CDNOW sample through the import, against the same statements said again by the bare driver."""

import sqlite3
import time
from importlib.metadata import files
from pathlib import Path
from typing import Any

import psycopg

from bench.stage import AT, Row, Tape, recording, replay
from mall.core.actor import SYSTEM
from mall.core.db import db, transaction
from mall.domain.earning import service as earning
from mall.domain.earning.reading import PurchaseRow, read_cdnow
from mall.domain.ledger import service as ledger
from mall.domain.members import service as members

CHUNK = 5000


def purchases() -> list[PurchaseRow]:
    """The sample's rows, their members created: what is measured is the purchases."""
    data = next(f for f in files("lifetimes") or [] if f.name == "CDNOW_sample.txt").locate().read_bytes()  # type: ignore[attr-defined]
    known = [
        row
        for row in read_cdnow(data, "sample", currency="CNY", zone="Asia/Shanghai")
        if isinstance(row, PurchaseRow)
    ]
    with transaction():
        created = members.create_many(
            [members.NewMember(external_id=name) for name in sorted({row.member for row in known})], at=AT
        )
        ledger.open_accounts(list(created.values()), at=AT)
    return known


def row(known: list[PurchaseRow], kind: str, again: Any) -> Row:
    """Rows a second, members known already. `again()` opens a bare connection to a copy from before the import."""
    policy = earning.Policy(source="bench", currency="CNY", zone="Asia/Shanghai", life_months=None)
    connection = again()
    tapes: list[Tape] = []
    start = time.perf_counter()
    for first in range(0, len(known), CHUNK):
        with recording(db.engine) as tape, transaction():
            earning.record_purchases(known[first : first + CHUNK], policy, actor=SYSTEM, at=AT)
        tapes.append(tape)
    ours = len(known) / (time.perf_counter() - start)
    start = time.perf_counter()
    for tape in tapes:
        if kind == "SQLite" and not any(said[0].startswith("BEGIN") for said in tape.said):
            connection.execute("BEGIN IMMEDIATE")
        replay(connection, tape)
        connection.commit()
    theirs = len(known) / (time.perf_counter() - start)
    connection.close()
    detail = f"{ours:,.0f} rows/s; bare driver {theirs:,.0f}"
    return Row(
        f"purchases import, {kind}, members known: × the bare driver",
        0.3,
        "higher",
        [ours / theirs],
        detail,
    )


def open_sqlite(path: Path) -> sqlite3.Connection:
    """A bare connection set as the mall sets its own."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def open_postgres(url: str) -> "psycopg.Connection[Any]":
    """A bare connection."""
    return psycopg.connect(url)

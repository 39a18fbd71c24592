"""Placing orders against the very same statements without us: by pgbench, and by the bare SQLite driver."""

import re
import shutil
import sqlite3
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import psycopg
import sqlalchemy as sa
from flask import Flask

from bench.stage import AT, Row, Tape, copy_sqlite, recording, replay
from mall.core.actor import as_member
from mall.core.db import db, transaction
from mall.core.ids import MemberId, VariantId
from mall.domain.orders import quoting, service
from mall.domain.orders.service import Delivery

THREADS, ROUNDS, ORDERS = 8, 5, 200
TERMS = "bench"
_CURRENT = "currval(pg_get_serial_sequence('orders', 'id'))"
ADDRESS = {"recipient": "B", "phone": "+8613812345678", "country": "CN", "region": "r", "city": "c", "line1": "1", "line2": "", "postcode": "200031"}  # fmt: skip


def quotes(
    members: Sequence[MemberId], variants: Sequence[int], count: int, offset: int
) -> list[tuple[MemberId, str]]:
    """Quotes for single items, members and items in turn; made before the clock starts."""
    made = []
    with transaction():
        for n in range(offset, offset + count):
            member, variant = members[n % len(members)], variants[(n * 7) % len(variants)]
            quote = quoting.make_quote(member=member, at=AT, lines=[quoting.Ask(VariantId(variant), 1)])
            made.append((member, quote.id))
    return made


class _Undo(Exception):
    """Takes a recorded order back, so that pgbench can say it again."""


def place(member: MemberId, quote: str) -> None:
    """One order, in its own transaction, as the route does it."""
    with transaction():
        place_in(member, quote)


def place_in(member: MemberId, quote: str) -> None:
    """One order, in the transaction at hand."""
    service.place(
        quote, member=member, key=quote, actor=as_member(member), at=AT, zone="Asia/Shanghai",
        delivery=Delivery("standard", ADDRESS), terms_version=TERMS,
    )  # fmt: skip


def _in_threads(app: Flask, work: list[tuple[MemberId, str]]) -> float:
    """Orders a second, by THREADS threads with a connection each."""
    todo, lock = iter(work), threading.Lock()

    def run() -> None:
        with app.app_context():
            while True:
                with lock:
                    job = next(todo, None)
                if job is None:
                    return
                place(*job)

    threads = [threading.Thread(target=run) for _ in range(THREADS)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(work) / (time.perf_counter() - start)


def postgres(
    app: Flask, members: Sequence[MemberId], variants: Sequence[int], server: str, binaries: Path
) -> list[Row]:
    """Spread over 1,000 items and on one hot item, against pgbench; its transactions roll back, so that they can repeat."""
    spread, hot = variants[:1000], variants[:1]
    # pgbench's transactions are of members who order nothing else: a journal that moved on would refuse them.
    scripts = _scripts(members[:64], spread)
    members = members[64:]
    place_rounds, hot_rounds, ours, theirs, warm = [], [], 0.0, 0.0, 0.0
    offset = 10_000
    for _ in range(ROUNDS):
        work = quotes(members, spread, ORDERS, offset)
        ours = _in_threads(app, work)
        theirs = _pgbench(scripts, server, binaries)
        warm = _in_threads(app, quotes(members, hot, ORDERS, offset + ORDERS))
        place_rounds.append(ours / theirs)
        hot_rounds.append(warm / ours)
        offset += 2 * ORDERS
    shutil.rmtree(scripts)
    detail = f"{ours:.0f} orders/s; pgbench with the same statements {theirs:.0f}/s"
    return [
        Row(
            "orders.place, PostgreSQL, 8 connections, 1,000 items: × pgbench",
            0.4,
            "higher",
            place_rounds,
            detail,
            theirs,
        ),
        Row(
            "orders.place, PostgreSQL, one hot item: × the spread case",
            0.5,
            "higher",
            hot_rounds,
            f"{warm:.0f} orders/s",
        ),
    ]


def _scripts(members: Sequence[MemberId], variants: Sequence[int]) -> Path:
    """64 real transactions, as psycopg would have sent them, as pgbench scripts."""
    folder = Path(tempfile.mkdtemp(prefix="mall-bench-"))
    with transaction():
        db.session.execute(sa.text("SELECT setval(pg_get_serial_sequence('orders', 'id'), 7000000)"))
    raw = db.engine.raw_connection()
    cursor = psycopg.ClientCursor(raw.driver_connection)  # type: ignore[arg-type]
    for n, job in enumerate(quotes(members, variants, 64, 0)):
        with recording(db.engine) as tape, suppress(_Undo), transaction():
            place_in(*job)
            raise _Undo
        # The order's number in the sequence is another each time; 7,000,000 and up occurs nowhere else as a number.
        lines = [re.sub(r'(?<!": )\b70000\d\d\b', _CURRENT, _literal(cursor, *said)) for said in tape.said]
        (folder / f"{n:02d}.sql").write_text(
            "BEGIN;\n" + ";\n".join(lines) + ";\nROLLBACK;\n", encoding="utf-8"
        )
    raw.close()
    folder.chmod(0o755)
    return folder


def _literal(cursor: "psycopg.ClientCursor[object]", statement: str, parameters: object, many: bool) -> str:
    texts = (
        [cursor.mogrify(statement, p) for p in parameters]
        if many
        else [cursor.mogrify(statement, parameters)]
    )  # type: ignore[attr-defined, arg-type]
    # pgbench reads ":name" as its variable; a cast is written CAST-free in what SQLAlchemy sends, but times hold colons.
    return ";\n".join(re.sub(r"\s+", " ", text).replace(";", ",") for text in texts)


def _pgbench(scripts: Path, server: str, binaries: Path) -> float:
    files = [part for path in sorted(scripts.glob("*.sql")) for part in ("-f", str(path))]
    command = [str(binaries / "pgbench"), "-n", "-c", str(THREADS), "-j", "2", "-T", "2", *files, server]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"tps = ([0-9.]+)", done.stdout)
    if not found or "ERROR" in done.stderr:
        raise RuntimeError(f"pgbench: {done.stderr[-2000:]}{done.stdout[-500:]}")
    return float(found[1])


def sqlite(app: Flask, members: Sequence[MemberId], variants: Sequence[int], database: Path) -> list[Row]:
    """Eight threads against the bare driver saying the same statements on a copy of the same database, committing each."""
    rounds, ours, theirs = [], 0.0, 0.0
    count, offset = 150, 0
    for n in range(ROUNDS):
        jobs = quotes(members, variants[:1000], count, offset)
        more = quotes(members, variants[:1000], count, offset + count)
        offset += 2 * count
        db.session.remove()
        copy = database.with_name(f"copy{n}.sqlite")
        copy_sqlite(database, copy)
        tapes = []
        for job in jobs:
            with recording(db.engine) as tape:
                place(*job)
            tapes.append(tape)
        theirs = _bare(copy, tapes)
        ours = _in_threads(app, more)
        rounds.append(ours / theirs)
    detail = f"{ours:.0f} orders/s; bare driver {theirs:.0f}/s"
    name = "orders.place, SQLite (WAL, FULL), 8 threads: × the bare driver"
    return [Row(name, 0.25, "higher", rounds, detail, theirs)]


def _bare(database: Path, tapes: list[Tape]) -> float:
    connection = sqlite3.connect(database, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    start = time.perf_counter()
    for tape in tapes:
        if not any(said[0].startswith("BEGIN") for said in tape.said):
            connection.execute("BEGIN IMMEDIATE")
        replay(connection, tape)
        connection.execute("COMMIT")
    spent = time.perf_counter() - start
    connection.close()
    return len(tapes) / spent

"""`make bench`: every row in turn, a table, and the same as JSON beside the last committed figures."""

import json
import sqlite3
import sys
import tempfile
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask

from bench import cash, imports, orders, pages, weights
from bench.stage import Row, application, copy_sqlite, fill, people, postgres_cpu, say
from mall.core.db import db
from tests.support.postgres import Cluster, NoPostgres

RESULTS = Path(__file__).with_name("results.json")
ITEMS = 10_000


def on_sqlite(folder: Path) -> list[Row]:
    """All rows that SQLite has."""
    database = folder / "mall.sqlite"
    app = application(f"sqlite:///{database}", folder)
    with app.app_context():
        variants, members = _filled(app)
        say("SQLite: pages")
        found = pages.rows(app, "SQLite", members[0], lambda: 0.0) + weights.rows(app)
        say("SQLite: orders")
        placing = orders.sqlite(app, members, variants, database)
        say("SQLite: orders with cash, and through the door")
        offered = cash.price_in_both(variants[1000:1050])

        found += [
            *placing,
            cash.row(
                "SQLite",
                members[100:],
                offered,
                lambda n: _copy(database, folder / f"cash{n}.sqlite"),
                "BEGIN IMMEDIATE",
            ),
            cash.door(app, members, variants[2000:], placing[0].theirs, "SQLite: × the bare driver's orders"),
        ]
        say("SQLite: import")
        known = imports.purchases()
        db.session.remove()
        db.engine.dispose()
        copy_sqlite(database, folder / "import.sqlite")
        found.append(imports.row(known, "SQLite", lambda: imports.open_sqlite(folder / "import.sqlite")))
        db.session.remove()
        db.engine.dispose()
    return found


def on_postgres(folder: Path, cluster: Cluster) -> list[Row]:
    """All rows that PostgreSQL has."""
    _create(cluster, "bench")
    app = application(cluster.url("bench"), folder / "pg")
    postmaster = int((cluster.home / "data" / "postmaster.pid").read_text().splitlines()[0])
    with app.app_context():
        variants, members = _filled(app)
        say("PostgreSQL: pages")
        found = pages.rows(app, "PostgreSQL", members[0], postgres_cpu(postmaster))
        say("PostgreSQL: orders")
        placing = orders.postgres(app, members, variants, cluster.url("bench"), cluster.bin)
        say("PostgreSQL: orders with cash, and through the door")
        offered = cash.price_in_both(variants[1000:1050])
        found += [
            *placing,
            cash.row("PostgreSQL", members[100:], offered, lambda n: _twin(cluster, n), ""),
            cash.door(
                app, members[64:], variants[2000:], placing[0].theirs, "PostgreSQL: × pgbench's orders"
            ),
        ]
        say("PostgreSQL: import")
        known = imports.purchases()
        db.session.remove()
        db.engine.dispose()
        _create(cluster, "copy", "bench")
        found.append(imports.row(known, "PostgreSQL", lambda: imports.open_postgres(cluster.url("copy"))))
        db.session.remove()
        db.engine.dispose()
    return found


def _copy(database: Path, to: Path) -> sqlite3.Connection:
    copy_sqlite(database, to)
    return imports.open_sqlite(to)


def _twin(cluster: Cluster, n: int) -> "psycopg.Connection[Any]":
    """A copy of the bench's database: nobody may be connected to it meanwhile."""
    db.session.remove()
    db.engine.dispose()
    _create(cluster, f"cash{n}", "bench")
    return imports.open_postgres(cluster.url(f"cash{n}"))


def _with_cluster(folder: Path) -> list[Row]:
    try:
        cluster = Cluster()
    except NoPostgres as missing:
        say(f"PostgreSQL rows are left out: {missing}")
        return []
    try:
        return on_postgres(folder, cluster)
    finally:
        cluster.stop()


def _filled(app: Flask) -> tuple[list[int], list[int]]:
    app.add_url_rule("/from-memory/<name>", "from_memory", pages.from_memory)
    say(f"{app.config['SETTINGS'].database_url.split(':')[0]}: {ITEMS:,} items")
    return fill(ITEMS), people(200)


def _create(cluster: Cluster, name: str, template: str = "template0") -> None:
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


def main() -> None:
    asked = sys.argv[1:] or ["sqlite", "postgresql"]
    found: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="mall-bench-") as scratch:
        if "sqlite" in asked:
            found += on_sqlite(Path(scratch) / "sqlite")
        if "postgresql" in asked:
            found += _with_cluster(Path(scratch) / "postgres")
    last = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    print(f"{'budget':<86}{'measured':>10}{'budget':>9}  {'last':>7}  verdict")
    for row in found:
        sign = "≤" if row.better == "lower" else "≥"
        before = f"{last[row.name]['measured']:.2f}" if row.name in last else "–"
        verdict = "met" if row.met else "NOT MET"
        print(
            f"{row.name:<86}{row.measured:>10.2f}{sign:>4}{row.budget:>5.2f}  {before:>7}  {verdict}   {row.detail}"
        )
    figures = {
        r.name: {"measured": round(r.measured, 3), "budget": r.budget, "met": r.met, "detail": r.detail}
        for r in found
    }
    (Path("build") / "bench.json").parent.mkdir(exist_ok=True)
    (Path("build") / "bench.json").write_text(
        json.dumps(figures, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    print("As JSON: build/bench.json (copy it to bench/results.json to make it the one to compare with).")


main()

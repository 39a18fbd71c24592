"""What the benchmarks stand on: a mall with 10,000 items, members with points, and a way to say the same SQL again."""

import shutil
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

from mall.account.joining import join
from mall.app import create_app
from mall.config import Settings
from mall.core.actor import SYSTEM
from mall.core.db import Base, db, transaction
from mall.core.ids import MemberId
from mall.domain.items import listing, search, service
from mall.domain.items.models import Variant
from mall.domain.items.rules import Text
from mall.domain.ledger import service as ledger
from mall.domain.ledger.rules import Key, Ref

AT = datetime(2026, 11, 22, 4, tzinfo=UTC)
POINTS = 1_000_000


@dataclass(slots=True)
class Row:
    """One line of the table; `measured` and `budget` are ratios, and `better` says on which side of the budget to be."""

    name: str
    budget: float
    better: str
    rounds: list[float]
    detail: str = ""
    #: The last round's ceiling, a second, for rows that are measured against it too.
    theirs: float = 0.0

    @property
    def measured(self) -> float:
        """The median of the rounds."""
        return statistics.median(self.rounds)

    @property
    def met(self) -> bool:
        """Whether the budget is met."""
        return self.measured <= self.budget if self.better == "lower" else self.measured >= self.budget


@dataclass(slots=True)
class Tape:
    """Statements as the driver was given them: (SQL, parameters, many?)."""

    said: list[tuple[str, Any, bool]] = field(default_factory=list)


@contextmanager
def recording(engine: sa.Engine) -> Iterator[Tape]:
    """Write down every statement that is sent while inside."""
    tape = Tape()

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        tape.said.append((statement, parameters, many))

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield tape
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


def replay(connection: Any, tape: Tape) -> None:
    """Say the same again through the bare driver: execute, fetch what there is."""
    cursor = connection.cursor()
    for statement, parameters, many in tape.said:
        if many and isinstance(parameters, list):
            cursor.executemany(statement, parameters)
        else:
            cursor.execute(statement, parameters)
            if cursor.description:
                cursor.fetchall()
    cursor.close()


def application(url: str, folder: Path) -> Flask:
    """The mall on a new, migrated database."""
    folder.mkdir(parents=True, exist_ok=True)
    env = {
        "MALL_ENV": "test",
        "MALL_DATABASE_URL": url,
        "MALL_VAR_DIR": str(folder),
        "MALL_SECRET_KEY": "b" * 40,
    }
    app = create_app(Settings.from_env(env))
    app.config["RATELIMIT_ENABLED"] = False
    with app.app_context():
        upgrade()
    return app


#: Items made through the service; the rest are copies of their rows, which is what makes 10,000 affordable.
MADE = 250


def fill(count: int) -> list[int]:
    """`count` items with a name in two languages, a price and stock; the ids of their variants."""
    with transaction():
        shelf = service.create_category(
            "bench", names={"en": "Bench", "zh-Hans": "测试", "zh-Hant": "測試"}, position=1, colour="#4466aa"
        )
        db.session.flush()
        for n in range(MADE):
            texts = {
                "en": Text(f"Stoneware cup {n}", "A cup", ""),
                "zh-Hans": Text(f"粗陶杯 {n} 号", "杯子", ""),
            }
            born = AT - timedelta(days=30, minutes=n)
            item = service.create_item(
                f"cup-{n}", kind="goods", category_id=shelf.id, texts=texts, value=1900,
                points=100 + n * 3, actor=SYSTEM, at=born,
            )  # fmt: skip
            service.add_variant(item.id, sku=f"CUP-{n:05d}", stock_count=100_000, actor=SYSTEM, at=born)
            service.publish(item.id, at=born)
    with transaction():
        for k in range(1, count // MADE):
            _copy(k)
        listing.relist_all(at=AT)
        search.reindex()
    if db.engine.dialect.name == "postgresql":
        with transaction():
            for table in ("item", "variant", "offer", "offer_price", "stock_move"):
                db.session.execute(
                    sa.text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), 1000000)")
                )
        db.session.execute(sa.text("ANALYZE"))
    return list(db.session.scalars(sa.select(Variant.id).order_by(Variant.id)))


def _copy(k: int) -> None:
    """The rows of the made items once more, every key moved on by k thousand."""
    moved = k * 1000
    keys = {"item": "id", "item_text": "", "variant": "id", "variant_text": "", "offer": "id", "offer_price": "id", "stock": "", "stock_move": "id"}  # fmt: skip
    for name, key in keys.items():
        table = Base.metadata.tables[name]
        columns: list[Any] = []
        for column in table.columns:
            if column.name in (key, "item_id", "variant_id", "offer_id"):
                columns.append(column + moved)
            elif column.name in ("slug", "sku"):
                columns.append(column + f"-{k}")
            else:
                columns.append(column)
        owner = table.c[next(c for c in (key, "item_id", "variant_id", "offer_id") if c and c in table.c)]
        rows = sa.select(*columns).where(owner <= MADE * 2)
        db.session.execute(sa.insert(table).from_select([c.name for c in table.columns], rows))


def people(count: int) -> list[MemberId]:
    """Members with a million points each."""
    ids = []
    with transaction():
        for n in range(count):
            member = join(
                email=f"bench{n}@example.com", name=f"Bench {n}", language="en", confirmed=True, at=AT
            )
            ledger.earn(
                member.id, POINTS, ref=Ref("bench", str(n)), key=Key("bench", str(n)), actor=SYSTEM, at=AT
            )
            ids.append(MemberId(member.id))
    return ids


def cpu(work: Callable[[], None], servers: Callable[[], float] = lambda: 0.0) -> float:
    """CPU seconds (user + system) of this process, and of the database's if it is another."""
    theirs, before = servers(), time.process_time()
    work()
    ours = time.process_time() - before
    return ours + servers() - theirs


def postgres_cpu(postmaster: int) -> Callable[[], float]:
    """A clock of the CPU seconds that a PostgreSQL cluster's processes have used."""

    def read() -> float:
        """The scheduler's own count in nanoseconds: the ticks in `stat` are a tenth of a millisecond a request."""
        total = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                parent = int(stat.read_text().rsplit(") ", 1)[1].split()[1])
                if postmaster in (parent, int(stat.parent.name)):
                    total += int((stat.parent / "schedstat").read_text().split()[0])
            except (OSError, IndexError):
                continue
        return total / 1e9

    return read


def say(text: str) -> None:
    """Progress, on stderr."""
    print(text, file=sys.stderr, flush=True)


def copy_sqlite(source: Path, target: Path) -> None:
    """A copy of an idle SQLite database with its log."""
    for end in ("", "-wal", "-shm"):
        if Path(f"{source}{end}").exists():
            shutil.copy(f"{source}{end}", f"{target}{end}")

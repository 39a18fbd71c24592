"""Many at once, on real connections. Each race has its control: with the guard taken away it really goes wrong."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from mall.core.actor import SYSTEM
from mall.core.db import db, transaction, write_connection
from mall.core.ids import MemberId
from mall.domain.ledger import queries, saving
from mall.domain.ledger import service as ledger
from mall.domain.ledger.book import Book
from mall.domain.ledger.rules import Cause
from tests.support.ledger_factory import a_key, give, purchase, returned, spend, use
from tests.support.members_factory import a_member
from tests.support.patience import PATIENCE
from tests.support.racing import connections, race

pytestmark = pytest.mark.races
CROWD = 20


def at_once(app: Flask, work: Callable[[int], Any], crowd: int = CROWD) -> list[Any]:
    """Run `work(n)` in that many threads, released together; what each returned or raised."""
    with connections(app, crowd):
        return race(app, [lambda n=n: work(n) for n in range(crowd)], threads=crowd)


def names(outcomes: list[Any]) -> Counter[str]:
    return Counter(type(outcome).__name__ for outcome in outcomes)


@pytest.fixture
def member(fresh_app: Flask, at: datetime) -> MemberId:
    """Someone with 100 points in ten lots."""
    with fresh_app.app_context():
        someone = MemberId(a_member().id)
        for n in range(10):
            give(someone, 10, at=at, days=10 + n)
        return someone


def test_of_twenty_spends_of_the_whole_balance_one_succeeds(
    fresh_app: Flask, member: MemberId, at: datetime
) -> None:
    outcomes = at_once(fresh_app, lambda n: spend(member, 100, f"R-{n}", at=at))
    assert names(outcomes) == {"Posted": 1, "NotEnoughPoints": 19}
    with fresh_app.app_context():
        assert queries.balance(member, at).available == 0


def test_twenty_small_spends_all_succeed_and_none_is_lost(
    fresh_app: Flask, member: MemberId, at: datetime
) -> None:
    outcomes = at_once(fresh_app, lambda n: spend(member, 5, f"R-{n}", at=at))
    assert names(outcomes) == {"Posted": 20}
    assert sorted(outcome.balance for outcome in outcomes) == list(range(0, 100, 5))


@pytest.mark.tampers
def test_without_the_lock_spenders_trip_over_each_other(
    fresh_app: Flask, member: MemberId, at: datetime
) -> None:
    """The control of the lock: all believe that the points are theirs. The entry's number still lets one write."""
    together = threading.Barrier(8)

    def unlocked(n: int) -> Any:
        with db.engine.connect() as connection:
            book = Book.open(member, connection, locked=False)
            moves = book.spend(100, "spent")
            together.wait(PATIENCE)
            book.post("redeem", moves, Cause(ref=use(f"R-{n}"), actor=SYSTEM, at=at))
            saving.save(connection, [book])
            return book

    assert names(at_once(fresh_app, unlocked, 8)) == {"Book": 1, "IntegrityError": 7}


@pytest.mark.tampers
def test_without_lock_and_guard_the_balance_is_spent_twenty_times(
    fresh_app: Flask, member: MemberId, at: datetime
) -> None:
    """The control of the race itself: read, decide, write lets everybody spend the same points."""
    together, one_writes = threading.Barrier(CROWD), threading.Lock()
    outcomes = at_once(fresh_app, lambda _: read_decide_write(member, together, one_writes))
    assert outcomes == [100] * CROWD


def read_decide_write(member: MemberId, together: threading.Barrier, one_writes: threading.Lock) -> int:
    """How not to spend: the whole balance, as it was read a moment ago. The points that were handed out."""
    url = db.engine.url
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        read = connection.execute(
            sa.text("SELECT available FROM account WHERE member_id = :m"), {"m": member}
        ).scalar_one()
        together.wait(PATIENCE)
        if read < 100:
            return 0
        with one_writes:
            connection.execute(
                sa.text("UPDATE account SET available = :left WHERE member_id = :m"),
                {"left": read - 100, "m": member},
            )
    return 100


def test_the_same_request_twenty_times_at_once_is_one_entry_and_one_answer(
    fresh_app: Flask, member: MemberId, at: datetime
) -> None:
    key = a_key()
    outcomes = at_once(fresh_app, lambda _: spend(member, 7, "R-1", at=at, key=key))
    assert names(outcomes) == {"Posted": 20}
    assert len({(o.seq, o.points, o.balance, o.lots) for o in outcomes}) == 1
    assert sum(not o.again for o in outcomes) == 1
    with fresh_app.app_context():
        assert queries.balance(member, at).available == 93


def test_one_key_for_two_requests_at_once_serves_one_and_refuses_the_other(
    fresh_app: Flask, member: MemberId, at: datetime
) -> None:
    key = a_key()
    outcomes = at_once(fresh_app, lambda n: spend(member, 7 + n % 2, "R-1", at=at, key=key))
    assert names(outcomes) == {"Posted": 10, "KeyReused": 10}


def test_one_key_for_two_members_at_once_serves_one(fresh_app: Flask, member: MemberId, at: datetime) -> None:
    with fresh_app.app_context():
        other = MemberId(a_member().id)
        give(other, 100, at=at)
    key = a_key()
    outcomes = at_once(fresh_app, lambda n: spend((member, other)[n % 2], 7, "R-1", at=at, key=key))
    assert names(outcomes) == {"Posted": 10, "KeyReused": 10}


def test_looked_up_before_the_lock_a_key_is_found_by_nobody(
    fresh_app: Flask, member: MemberId, at: datetime
) -> None:
    """The control: the same request is then refused to seven of eight, who should have had the answer."""
    key, together = a_key(), threading.Barrier(8)

    def too_early(_: int) -> Any:
        assert saving.stored(db.session.connection(), key, b"x" * 32) is None
        db.session.remove()
        together.wait(PATIENCE)
        with transaction():
            connection = write_connection()
            book = Book.open(member, connection)
            moves = book.spend(1, "spent")
            book.post("redeem", moves, Cause(ref=use("R"), actor=SYSTEM, at=at, key=key, request=b"x" * 32))
            saving.save(connection, [book])
            return book

    assert names(at_once(fresh_app, too_early, 8)) == {"Book": 1, "KeyReused": 7}


def test_expiry_in_parallel_is_once_per_lot(fresh_app: Flask, member: MemberId, at: datetime) -> None:
    def sweep(_: int) -> int:
        with transaction():
            return ledger.expire(at + timedelta(days=15))

    assert names(at_once(fresh_app, sweep)) == {"int": 20}
    with fresh_app.app_context():
        rows = queries.history(member)
        assert [row.kind for row in rows].count("expire") == 1
        assert queries.balance(member, at + timedelta(days=15)).available == 40


def test_spending_races_expiry_races_returning(fresh_app: Flask, member: MemberId, at: datetime) -> None:
    late = at + timedelta(days=10)
    with fresh_app.app_context():
        give(member, 50, at=at, ref=purchase("P-1"))

    def something(n: int) -> Any:
        if n % 3 == 0:
            with transaction():
                return ledger.expire(late)
        if n % 3 == 1:
            return spend(member, 30, f"R-{n}", at=late)
        return returned(member, 5, purchase("P-1"), at=late)

    outcomes = at_once(fresh_app, something)
    assert set(names(outcomes)) <= {"int", "Posted", "NotEnoughPoints"}
    # Of 150 points 10 are over and 6 × 5 are taken back: 3 or 4 spends of 30 find theirs.
    assert names(outcomes)["Posted"] in (3 + 6, 4 + 6)


def test_captures_and_releases_never_resolve_more_than_was_held(
    fresh_app: Flask, member: MemberId, at: datetime
) -> None:
    with fresh_app.app_context(), transaction():
        hold = ledger.hold(member, 60, ref=use("R-1"), key=a_key(), actor=SYSTEM, at=at)

    def resolve(n: int) -> Any:
        verb = ledger.capture if n % 2 else ledger.release
        with transaction():
            return verb(hold.id, 7, key=a_key(), actor=SYSTEM, at=at)

    assert names(at_once(fresh_app, resolve)) == {"Posted": 8, "HoldTooSmall": 12}


def test_two_imports_with_members_in_opposite_order_do_not_deadlock(fresh_app: Flask, at: datetime) -> None:
    with fresh_app.app_context():
        members = [MemberId(a_member().id) for _ in range(10)]

    def load(n: int) -> Any:
        ordered = members if n % 2 else members[::-1]
        rows = [ledger.Earning(member, 3, purchase(f"{n}-{member}"), a_key()) for member in ordered]
        with transaction():
            return ledger.earn_many(rows, actor=SYSTEM, at=at)

    assert names(at_once(fresh_app, load, 8)) == {"list": 8}
    with fresh_app.app_context():
        assert {queries.balance(member, at).available for member in members} == {24}

"""The journal only grows, and who changes it behind our back is found, by name."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from mall.core.actor import SYSTEM
from mall.core.db import db, transaction
from mall.core.ids import MemberId
from mall.domain.ledger import seal as seals
from mall.domain.ledger import service as ledger
from mall.domain.ledger.rules import Ref
from mall.domain.ledger.verify import verify
from mall.domain.members.models import Member
from tests.support.ledger_factory import a_key, back, give, purchase, returned, spend, use
from tests.support.members_factory import a_member

COLUMNS = "member_id, seq, kind, available, held, pending, debt, balance, ref_kind, ref_id, actor_kind, at, previous, hash"


@pytest.fixture
def story(mei: Member, at: datetime) -> Member:
    """Mei, to whom everything has happened once."""
    give(mei.id, 100, at=at, ref=purchase("P-1"), days=20, note="welcome")
    give(mei.id, 30, at=at, activates_at=at + timedelta(days=3))
    spend(mei.id, 50, "R-1", at=at)
    back(mei.id, 20, "R-1", at=at + timedelta(days=25))
    with transaction():
        hold = ledger.hold(mei.id, 10, ref=use("R-2"), key=a_key(), actor=SYSTEM, at=at + timedelta(days=26))
        ledger.capture(hold.id, 4, key=a_key(), actor=SYSTEM, at=at + timedelta(days=26))
    returned(mei.id, None, purchase("P-1"), at=at + timedelta(days=27))
    with transaction():
        seals.seal((at + timedelta(days=27)).date(), at=at + timedelta(days=28))
    assert not verify().violations
    return mei


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET ref_id = 'R-9' WHERE seq = 1",
        "UPDATE entry SET available = available",
        "DELETE FROM entry WHERE seq = 1",
        "DELETE FROM entry",
        "UPDATE allocation SET n = n + 1",
        "DELETE FROM allocation WHERE line = 1",
        "UPDATE entry_note SET text = 'other'",
        "UPDATE lot SET expires_at = NULL",
        "UPDATE lot SET granted = 1",
        "DELETE FROM lot",
        "DELETE FROM hold",
        "DELETE FROM seal_node",
        "DELETE FROM seal_head",
        "UPDATE seal_head SET seq = 1",
        "UPDATE seal_node SET number = 7",
        "UPDATE seal SET size = 9",
    ],
)
def test_raw_changes_of_the_journal_are_refused(story: Member, statement: str) -> None:
    with pytest.raises(sa.exc.IntegrityError), transaction():
        db.session.execute(sa.text(statement))


def test_a_resolved_hold_cannot_be_changed_by_hand(mei: Member, at: datetime) -> None:
    give(mei.id, 5, at=at)
    with transaction():
        hold = ledger.hold(mei.id, 5, ref=use("R-2"), key=a_key(), actor=SYSTEM, at=at)
        ledger.capture(hold.id, key=a_key(), actor=SYSTEM, at=at)
    with pytest.raises(sa.exc.IntegrityError), transaction():
        db.session.execute(sa.text("UPDATE hold SET captured = 4, released = 1"))


@pytest.mark.parametrize("table", ["entry", "allocation", "entry_note", "lot", "account"])
def test_truncate_is_refused(story: Member, table: str) -> None:
    if db.engine.dialect.name == "sqlite":
        # SQLite has no TRUNCATE: its own form of it, DELETE without WHERE, is refused above.
        with pytest.raises(sa.exc.OperationalError), transaction():
            db.session.execute(sa.text(f"TRUNCATE {table}"))
        return
    with pytest.raises(sa.exc.IntegrityError), transaction():
        db.session.execute(sa.text(f"TRUNCATE {table} CASCADE"))


@pytest.mark.parametrize("same", ["place", "key"])
def test_writing_an_entry_over_another_is_refused(story: Member, same: str) -> None:
    postgresql = db.engine.dialect.name == "postgresql"
    verb = "INSERT INTO" if postgresql else "INSERT OR REPLACE INTO"
    seq = "seq" if same == "place" else "99"
    columns = COLUMNS + (", key_scope, key_value, request" if same == "key" else "")
    values = columns.replace("seq", seq, 1)
    copy = f"{verb} entry ({columns}) SELECT {values} FROM entry WHERE seq = 2"
    with pytest.raises(sa.exc.IntegrityError), transaction():
        db.session.execute(sa.text(copy))
    with pytest.raises(sa.exc.IntegrityError), transaction():
        db.session.execute(sa.text(f"{verb} allocation SELECT * FROM allocation WHERE seq = 1"))


@pytest.mark.parametrize("table", ["lot", "hold", "seal", "seal_head", "seal_node"])
def test_writing_a_row_over_another_is_refused(story: Member, table: str) -> None:
    verb = "INSERT INTO" if db.engine.dialect.name == "postgresql" else "INSERT OR REPLACE INTO"
    with pytest.raises(sa.exc.IntegrityError), transaction():
        db.session.execute(sa.text(f"{verb} {table} SELECT * FROM {table}"))


def test_a_seal_cannot_be_removed(mei: Member, at: datetime) -> None:
    """One without heads, which no foreign key protects."""
    with transaction():
        seals.seal(at.date(), at=at)
    with pytest.raises(sa.exc.IntegrityError, match="never changed"), transaction():
        db.session.execute(sa.text("DELETE FROM seal"))


@contextmanager
def unguarded() -> Iterator[None]:
    """As somebody who owns the database and switches the triggers off. Only ever in a savepoint."""
    with transaction():
        if db.engine.dialect.name == "postgresql":
            db.session.execute(sa.text("SET LOCAL session_replication_role = replica"))
        else:
            names = db.session.scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all()
            for name in names:
                db.session.execute(sa.text(f"DROP TRIGGER {name}"))
        yield
        if db.engine.dialect.name == "postgresql":
            db.session.execute(sa.text("SET LOCAL session_replication_role = origin"))


TAMPERING = [
    ("UPDATE entry SET ref_id = 'P-7' WHERE seq = 1", "entry 1 of member", 9),
    ("UPDATE entry SET actor_kind = 'staff' WHERE seq = 2", "entry 2 of member", 9),
    ("UPDATE entry SET available = available + 1 WHERE seq = 3", "entry 3 of member", 4),
    ("UPDATE entry SET balance = balance + 1 WHERE seq = 3", "entry 3 of member", 9),
    ("UPDATE entry SET debt = 1 WHERE seq = 3", "entry 3 of member", 4),
    ("UPDATE entry SET key_value = 'other' WHERE seq = 3", "entry 3 of member", 9),
    ("UPDATE allocation SET n = n + 1 WHERE seq = 3 AND line = 1", "lot 1 of member", 2),
    ("UPDATE allocation SET dst = 'expired' WHERE seq = 3", "allocation 1 of entry 3 of member", 4),
    ("UPDATE lot SET expires_at = NULL, grace_until = NULL, grace_seq = NULL", "entry 1 of member", 9),
    ("UPDATE lot SET activates_at = '2026-12-01 00:00:00.000000' WHERE number = 2", "entry 2 of member", 9),
    ("UPDATE lot SET grace_until = '2030-01-01 00:00:00.000000' WHERE number = 1", "entry ", 9),
    ("UPDATE lot SET spent = spent - 1, reversed = reversed + 1 WHERE number = 1", "lot 1 of member", 2),
    (
        "UPDATE lot SET remaining = remaining + 1, granted = granted + 1 WHERE number = 2",
        "account of member",
        1,
    ),
    ("UPDATE account SET debt = debt + 1", "account of member", 1),
    ("UPDATE account SET due_at = NULL", "account of member", 8),
    ("UPDATE entry_note SET text = 'farewell'", "entry 1 of member", 9),
    ("DELETE FROM entry_note", "", 0),  # erasing is allowed
]


@pytest.mark.tampers
@pytest.mark.parametrize(("statement", "row", "invariant"), TAMPERING, ids=[t[0][:60] for t in TAMPERING])
def test_verify_names_the_row_that_was_changed(
    story: Member, statement: str, row: str, invariant: int
) -> None:
    if "due_at" in statement:
        give(story.id, 500, at=datetime.fromisoformat("2027-01-01T00:00:00+00:00"), days=3)
    with unguarded():
        db.session.execute(sa.text(statement))
    found = verify().violations
    if not row:
        assert not found
        return
    named = [v for v in found if v.row.startswith(row) and v.invariant == invariant]
    assert named, list(map(str, found))
    assert f"member {story.id}" in str(named[0])


@pytest.mark.tampers
def test_a_removed_last_entry_is_missed(mei: Member, at: datetime) -> None:
    give(mei.id, 100, at=at)
    spend(mei.id, 50, "R-1", at=at)
    with unguarded():
        db.session.execute(sa.text("DELETE FROM allocation WHERE seq = 2"))
        db.session.execute(sa.text("DELETE FROM entry WHERE seq = 2"))
        db.session.execute(sa.text("UPDATE lot SET remaining = 100, spent = 0"))
        db.session.execute(sa.text("UPDATE account SET available = 100"))
    found = verify().violations
    assert {v.row for v in found} == {f"account of member {mei.id}"}
    assert {v.invariant for v in found} == {2, 9}


@pytest.mark.tampers
def test_more_refunded_than_spent_is_found(mei: Member, at: datetime) -> None:
    give(mei.id, 100, at=at)
    spend(mei.id, 50, "R-1", at=at)
    back(mei.id, 50, "R-1", at=at)
    with unguarded():
        db.session.execute(sa.text("UPDATE entry SET of_id = 'R-2' WHERE kind = 'refund'"))
    assert (5, f"use R-2 of member {mei.id}") in {(v.invariant, v.row) for v in verify().violations}


@pytest.mark.tampers
def test_points_that_outlived_a_sweep_are_found(mei: Member, at: datetime) -> None:
    give(mei.id, 100, at=at, days=5)
    swept = verify(swept_at=at + timedelta(days=6)).violations
    assert [(v.invariant, v.row) for v in swept] == [(8, f"lot 1 of member {mei.id}")]


@pytest.mark.tampers
def test_one_byte_changed_on_the_disk_is_found(fresh_app: Flask, at: datetime) -> None:
    """SQLite: in the file itself, while nobody looks. (PostgreSQL's pages have checksums of their own for that.)"""
    with fresh_app.app_context():
        member = MemberId(a_member().id)
        give(member, 100, at=at, ref=Ref("purchase", "P-ONE-OF-A-KIND"))
        give(member, 100, at=at)
        url = db.engine.url
        if db.engine.dialect.name != "sqlite":
            with unguarded():
                db.session.execute(sa.text("UPDATE entry SET ref_id = 'P-ONE-OF-A-KINE' WHERE seq = 1"))
        else:
            db.session.remove()
            db.engine.dispose()
            assert url.database
            with sqlite3.connect(url.database) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.close()
            with open(url.database, "r+b") as file:
                content = file.read()
                # The first is in the row, the second in the index beside it.
                place = content.index(b"P-ONE-OF-A-KIND") + len(b"P-ONE-OF-A-KIN")
                file.seek(place)
                file.write(b"E")
                file.flush()
                os.fsync(file.fileno())
        found = verify().violations
        assert f"entry 1 of member {member}" in {v.row for v in found if v.invariant == 9}


def test_notes_can_be_erased_and_the_chain_stays_whole(story: Member, at: datetime) -> None:
    with transaction():
        assert ledger.erase_notes(story.id) == 1
    assert not verify().violations

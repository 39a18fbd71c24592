"""`mall ledger …` and `mall points expire`, as an operator runs them."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from beancount import loader
from click.testing import Result
from flask import Flask

from mall.cli.ledger import ledger
from mall.cli.points import points
from mall.core import clock
from mall.core.db import db
from mall.core.ids import MemberId
from mall.domain.ledger import queries
from tests.ledger.test_journal import unguarded
from tests.support.ledger_factory import give, spend
from tests.support.members_factory import a_member

Run = Callable[..., Result]


@pytest.fixture
def run(fresh_app: Flask) -> Run:
    """Run a command on a database of its own."""

    def invoke(command: object, *arguments: str) -> Result:
        return fresh_app.test_cli_runner().invoke(command, arguments)  # type: ignore[arg-type]

    return invoke


@pytest.fixture
def member(fresh_app: Flask, at: datetime) -> MemberId:
    """Somebody with 60 points that live a month, and 10 pending ones."""
    with fresh_app.app_context():
        someone = MemberId(a_member().id)
        give(someone, 100, at=at, days=30)
        give(someone, 10, at=at, activates_at=datetime.fromisoformat("2026-12-01T00:00:00+08:00"))
        spend(someone, 40, "R-1", at=at)
        return someone


def test_verify_says_zero_violations_and_the_totals(run: Run, member: MemberId) -> None:
    done = run(ledger, "verify")
    assert done.exit_code == 0
    assert done.output.startswith(
        "0 violations. 1 members, 3 entries: 60 points available, 0 held, 10 pending"
    )
    assert json.loads(run(ledger, "verify", "--json").output) == {
        "violations": [],
        "members": 1,
        "entries": 3,
        "available": 60,
        "held": 0,
        "pending": 10,
        "debt": 0,
        "outstanding": 70,
    }


@pytest.mark.tampers
def test_verify_names_the_row_and_exits_with_one(run: Run, fresh_app: Flask, member: MemberId) -> None:
    with fresh_app.app_context(), unguarded():
        db.session.execute(sa.text("UPDATE entry SET ref_id = 'R-2' WHERE seq = 3"))
    done = run(ledger, "verify")
    assert done.exit_code == 1
    assert f"invariant 9: entry 3 of member {member}" in done.output
    as_json = run(ledger, "verify", "--json")
    assert as_json.exit_code == 1
    assert len(json.loads(as_json.stdout)["violations"]) == 1


def test_export_is_a_file_that_beancount_accepts(run: Run, member: MemberId, tmp_path: Path) -> None:
    path = tmp_path / "books.beancount"
    assert run(ledger, "export", "--format", "beancount", "--output", str(path)).exit_code == 0
    _, errors, _ = loader.load_file(str(path))
    assert errors == []
    assert run(ledger, "export", "--format", "beancount").stdout == path.read_text(encoding="utf-8")


def test_seal_prints_and_publishes_the_days_root_once(run: Run, member: MemberId, tmp_path: Path) -> None:
    first = run(ledger, "seal", "--folder", str(tmp_path))
    assert first.exit_code == 0
    sealed = json.loads(first.stdout)
    assert sealed["members"] == 1
    assert len(sealed["root"]) == 64
    today = clock.local_day(clock.now(), "Asia/Shanghai")
    assert sealed["day"] == str(today - timedelta(days=1)), "a day that runs is not sealed: the worker will"
    assert (tmp_path / f"{sealed['day']}.json").read_text() == first.stdout
    assert run(ledger, "seal", "--folder", str(tmp_path)).stdout == first.stdout
    assert json.loads(run(ledger, "verify", "--since-seal", "--json").stdout)["violations"] == []


@pytest.mark.parametrize(
    ("as_of", "available", "pending"),
    [
        ("2026-11-30T23:59", 60, 10),
        ("2026-12-01", 70, 0),
        ("2026-12-22T04:00:00+00:00", 10, 0),
    ],
)
def test_points_expire_does_what_is_due_by_then_and_again_nothing(
    run: Run, fresh_app: Flask, member: MemberId, as_of: str, available: int, pending: int
) -> None:
    """An instant without a zone is the programme's local time (Shanghai)."""
    done = run(points, "expire", "--as-of", as_of)
    assert done.exit_code == 0, done.output
    with fresh_app.app_context():
        row = db.session.execute(sa.text("SELECT available, pending FROM account")).one()
        entries = len(queries.history(member))
        assert tuple(row) == (available, pending)
        assert json.loads(run(points, "expire", "--as-of", as_of).output)["members"] == 0
        assert len(queries.history(member)) == entries


def test_an_instant_that_is_none_is_refused(run: Run) -> None:
    done = run(points, "expire", "--as-of", "tomorrow")
    assert done.exit_code == 2
    assert "is not an instant" in done.output

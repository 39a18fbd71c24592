"""`mall members import` and `mall purchases import`, as a merchant's engineer runs them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from mall.core.db import db
from mall.domain.earning.models import Purchase
from mall.domain.ledger import queries as ledger
from mall.domain.ledger.models import Account, Entry
from mall.domain.members.models import Member
from tests.earning.test_reading import cdnow

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask, tmp_path: Path) -> Run:
    """Run a command on a file with these contents."""
    runner = app.test_cli_runner()

    def go(*command: str, data: bytes, name: str = "file.csv") -> Result:
        file = tmp_path / name
        file.write_bytes(data)
        from mall.cli import main

        return runner.invoke(main, [*command, str(file)])

    return go


def summary(result: Result) -> dict[str, int]:
    told: dict[str, int] = json.loads(result.stdout.strip().splitlines()[-1])
    return told


def test_the_cdnow_sample_comes_in_whole_and_a_second_run_changes_nothing(run: Run) -> None:
    command = ("purchases", "import", "--format", "cdnow", "--create-members", "--no-expiry")
    first = run(*command, data=cdnow("CDNOW_sample.txt"))
    assert first.exit_code == 0, first.stderr
    points = db.session.scalar(sa.select(sa.func.sum(Purchase.points)))
    assert summary(first) == {
        "read": 6919, "imported": 6919, "duplicates": 0, "refused": 0, "members_created": 2357, "points": points,
    }  # fmt: skip
    assert db.session.scalar(sa.select(sa.func.sum(Account.available))) == points
    zero = sa.select(sa.func.count()).select_from(Purchase).where(Purchase.points == 0)
    entries = db.session.scalar(sa.select(sa.func.count()).select_from(Entry))
    assert entries == 6919 - (db.session.scalar(zero) or 0)

    again = run(*command, data=cdnow("CDNOW_sample.txt"))
    assert summary(again) == {
        "read": 6919, "imported": 0, "duplicates": 6919, "refused": 0, "members_created": 0, "points": 0,
    }  # fmt: skip
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Entry)) == entries


def test_a_purchase_of_nothing_is_kept_without_an_entry(run: Run) -> None:
    result = run(
        "purchases", "import", "--format", "cdnow", "--create-members", data=b"00007 19970101 1 0.00\n"
    )
    assert summary(result)["imported"] == 1
    assert summary(result)["points"] == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Entry)) == 0


def test_old_points_expire_at_once_unless_told_otherwise(run: Run, at: object) -> None:
    data = b"00007 19970101 1 50.00\n"
    run("purchases", "import", "--format", "cdnow", "--create-members", data=data)
    assert db.session.scalar(sa.select(Account.available)) == 0
    run("purchases", "import", "--format", "cdnow", "--no-expiry", "--source", "again", data=data)
    assert db.session.scalar(sa.select(Account.available)) == 50


def test_good_rows_are_kept_and_refused_rows_are_named(run: Run) -> None:
    data = (
        b"external_id,member,at,amount\n"
        b"A,m1,2026-11-01,10.00\nB,m1,2026-11-01,abc\nA,m1,2026-11-01,10.00\nA,m1,2026-11-01,11.00\n"
    )
    result = run("purchases", "import", "--create-members", data=data)
    assert result.exit_code == 1
    assert summary(result) == {
        "read": 4, "imported": 1, "duplicates": 1, "refused": 2, "members_created": 1, "points": 10,
    }  # fmt: skip
    assert "line 3: amount is 'abc'" in result.stderr
    assert "line 5: purchase 'A' is known with another member, time or amount" in result.stderr


def test_unknown_members_are_refused_unless_they_are_to_be_created(run: Run) -> None:
    data = b"external_id,member,at,amount\nA,m1,2026-11-01,10.00\n"
    result = run("purchases", "import", data=data)
    assert result.exit_code == 1
    assert "'m1' is not known" in result.stderr
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Purchase)) == 0


def test_a_purchase_explains_its_points(run: Run) -> None:
    run(
        "purchases",
        "import",
        "--create-members",
        "--no-expiry",
        data=b"external_id,member,at,amount\nA,m1,2026-11-01,11.77\n",
    )
    purchase = db.session.execute(sa.select(Purchase)).scalar_one()
    assert (purchase.points, purchase.breakdown["rounded_down"]) == (11, 77)
    (entry,) = ledger.history(purchase.member_id)
    assert entry.available == 11


def test_members_come_in_and_are_brought_up_to_date(run: Run) -> None:
    first = (
        "external_id,email,name,phone,language,birthday\n"
        "m1,Mia@Example.com,米娅,13812345678,zh-Hans,1990-05-17\nm2,,Max,,,\n"
    ).encode("gbk")
    assert summary(run("members", "import", data=first))["members_created"] == 2
    mia = db.session.execute(sa.select(Member).where(Member.external_id == "m1")).scalar_one()
    assert (mia.email, mia.phone, mia.language) == ("mia@example.com", "+8613812345678", "zh-Hans")
    assert db.session.get(Account, mia.id) is not None

    again = run("members", "import", data=b"external_id,email,name\nm2,max@example.com,Max M.\n")
    assert summary(again) == {
        "read": 1, "imported": 0, "duplicates": 1, "refused": 0, "members_created": 0, "points": 0,
    }  # fmt: skip


def test_members_that_cannot_be_taken_are_named(run: Run) -> None:
    data = (
        b"external_id,email,phone,birthday\nm1,a@example.com,,\nm1,b@example.com,,\nm3,a@example.com,,\n"
        b"m4,nonsense,,\nm5,,12,\nm6,,,31.12.1990\n,x@example.com,,\n"
    )
    result = run("members", "import", data=data)
    assert result.exit_code == 1
    assert summary(result)["members_created"] == 1
    assert [line.split(":")[0] for line in result.stderr.splitlines() if line.startswith("line ")] == [
        f"line {n}" for n in (3, 4, 5, 6, 7, 8)
    ]


def test_a_file_that_is_no_table_is_refused_with_words(run: Run) -> None:
    result = run("members", "import", data=b"\x00\x01\x02")
    assert result.exit_code == 1
    assert "cannot be read" in result.stderr

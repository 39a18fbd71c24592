"""`mall purchases rate`: what a purchase gives, in versions that each have their start."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from mall.cli.imports import purchases
from mall.core.db import db, transaction
from mall.domain.earning.models import Purchase

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    return lambda *words: app.test_cli_runner().invoke(purchases, words)


def rate(run: Run, points: str, per: str, start: str) -> Result:
    return run("rate", "--points", points, "--per", per, "--from", start)


def test_a_version_counts_from_its_start_on_in_the_programmes_time(run: Run, tmp_path: Path) -> None:
    assert rate(run, "3", "2.50", "2026-03-01").exit_code == 0
    assert rate(run, "0", "1.00", "2026-04-01").exit_code == 0
    file = tmp_path / "purchases.csv"
    file.write_text(
        "external_id,member,at,amount\n"
        "before,m,2026-02-28T23:59:59,10.00\n"
        "first,m,2026-03-01T00:00:00,10.00\n"
        "last,m,2026-03-31T23:59:59,10.00\n"
        "none,m,2026-04-01T00:00:00,10.00\n"
    )
    assert run("import", "--create-members", str(file)).exit_code == 0
    rows = db.session.execute(sa.select(Purchase.external_id, Purchase.points))
    assert {row.external_id: row.points for row in rows} == {"before": 10, "first": 12, "last": 12, "none": 0}


def test_a_start_has_one_version(run: Run) -> None:
    assert rate(run, "1", "1", "2026-03-01").exit_code == 0
    again = rate(run, "2", "1", "2026-03-01")
    assert again.exit_code == 1
    assert "has its version already" in again.output


@pytest.mark.parametrize(
    ("points", "per", "start"),
    [("-1", "1", "2026-03-01"), ("1", "0", "2026-03-01"), ("1", "0.001", "2026-03-01"), ("1", "1", "soon")],
)
def test_what_is_no_rate_is_refused(run: Run, points: str, per: str, start: str) -> None:
    assert rate(run, points, per, start).exit_code == 2


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE earning_rule SET points = 2",
        "DELETE FROM earning_rule",
        "INSERT INTO earning_rule SELECT * FROM earning_rule",
    ],
)
def test_a_version_is_never_changed(run: Run, statement: str) -> None:
    assert rate(run, "1", "1", "2026-03-01").exit_code == 0
    if db.engine.dialect.name == "sqlite":
        statement = statement.replace("INSERT INTO", "INSERT OR REPLACE INTO")
    with pytest.raises(sa.exc.IntegrityError), transaction():
        db.session.execute(sa.text(statement))

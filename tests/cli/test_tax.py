"""`mall tax set`: rates come in as data, and are never changed."""

from datetime import date

import pytest
from flask import Flask

from mall.cli.tax import tax
from mall.domain.orders.documents import reading


def test_a_rate_counts_from_its_day_and_stands(app: Flask) -> None:
    run = app.test_cli_runner()
    done = run.invoke(tax, ["set", "goods", "6.5", "--from", "2026-03-01"])
    assert done.exit_code == 0, done.output
    assert reading.rates(date(2026, 2, 28)) == {}
    assert reading.rates(date(2026, 3, 1))["goods"].rate == 650
    assert run.invoke(tax, ["set", "goods", "13", "--from", "2026-03-01"]).exit_code == 1


@pytest.mark.parametrize("percent", ["x", "-1", "100", "1.234", "NaN"])
def test_what_is_no_percentage_is_refused(app: Flask, percent: str) -> None:
    asked = ["set", "--from", "2026-03-01", "--", "goods", percent]
    assert app.test_cli_runner().invoke(tax, asked).exit_code == 2

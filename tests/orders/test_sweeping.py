"""Clearing away, and the checks that would see what is wrong."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from mall.cli.orders import orders as command
from mall.core.db import db, transaction
from mall.core.ids import VariantId
from mall.domain.items.service import Limits
from mall.domain.members.models import Member
from mall.domain.orders import basket, checks, quoting, sweeping
from mall.domain.orders.models import Basket, LimitCounter, Order, OrderLine, Quote
from tests.support.items_factory import make_item
from tests.support.orders_factory import give_points, place_order

NOTHING = {"closed": 0, "resumed": 0, "reconciled": 0, "quotes": 0, "baskets": 0}


def count(model: type) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


@pytest.fixture
def variant(app: Flask) -> VariantId:
    with transaction():
        return VariantId(make_item("Cup", points=100).variant_id)


def test_only_what_nobody_will_use_is_swept(mei: Member, variant: VariantId, at: datetime) -> None:
    with transaction():
        give_points(mei.id, 1_000, at=at)
        basket.add(basket.Owner(member=mei.id), variant, 1, at=at - timedelta(days=99))
        basket.add(basket.Owner(token="old"), variant, 1, at=at - timedelta(days=31))
        basket.add(basket.Owner(token="new"), variant, 1, at=at - timedelta(days=29))
        quoting.make_quote(member=mei.id, lines=[quoting.Ask(variant, 1)], at=at - timedelta(days=2))
        quoting.make_quote(member=mei.id, lines=[quoting.Ask(variant, 1)], at=at - timedelta(hours=2))
    order = place_order(mei.id, (variant, 1), at=at - timedelta(days=2))
    with transaction():
        assert sweeping.sweep(at) == sweeping.Swept(quotes=2, baskets=1)
    with transaction():
        assert sweeping.sweep(at) == sweeping.Swept(quotes=0, baskets=0)
    assert (count(Quote), count(Basket)) == (1, 2)
    assert db.session.get_one(Order, order.id).points == 100


def test_the_command_prints_one_line_of_json(fresh_app: Flask) -> None:
    answer = fresh_app.test_cli_runner().invoke(command, ["sweep", "--as-of", "2030-01-01"])
    assert json.loads(answer.output) == NOTHING
    shown = fresh_app.test_cli_runner().invoke(command, ["states"]).output
    assert shown.startswith("### Order\n\n```mermaid\nstateDiagram-v2")


@pytest.mark.parametrize(
    ("as_of", "baskets"),
    [("2026-12-22T11:30", 0), ("2026-12-22T12:30", 1), ("2026-12-22T04:30+00:00", 1)],
)
def test_an_instant_without_a_zone_is_the_programmes_local_time(
    fresh_app: Flask, as_of: str, baskets: int
) -> None:
    """A guest's basket of 04:00 UTC, which is noon in Shanghai, is abandoned thirty days later."""
    with fresh_app.app_context(), transaction():
        cup = VariantId(make_item("Cup").variant_id)
        basket.add(basket.Owner(token="guest"), cup, 1, at=datetime(2026, 11, 22, 4, tzinfo=UTC))
    answer = fresh_app.test_cli_runner().invoke(command, ["sweep", "--as-of", as_of])
    assert json.loads(answer.output) == {**NOTHING, "baskets": baskets}


@pytest.mark.tampers
@pytest.mark.parametrize(
    ("change", "told"),
    [
        (sa.update(Order).values(points=Order.points + 1), "the order says 201 paid"),
        (sa.update(Order).values(points_back=1), "the order says 200 paid and 1 back"),
        (sa.update(OrderLine).values(points=2), "lines add up to 2"),
        (sa.update(Order).values(state="completed"), "completed, with 1 lines open"),
        (sa.update(Order).values(state="cancelled"), "cancelled, with 1 lines open"),
        (sa.update(OrderLine).values(sent=1), "1 sent, 0 in parcels"),
        (sa.update(LimitCounter).values(used=1), "1 counted, 2 in orders"),
        (sa.update(Order).values(number="R-0000-0000-0000"), "but it does not exist"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_verify_names_the_row_that_does_not_add_up(
    mei: Member, at: datetime, change: sa.Update, told: str
) -> None:
    with transaction():
        give_points(mei.id, 1_000, at=at)
        cup = make_item("Cup", points=100, limits=Limits(ever=5))
    place_order(mei.id, (cup.variant_id, 2), at=at)
    assert list(checks.violations()) == []
    with transaction():
        db.session.execute(change)
    found = [str(violation) for violation in checks.violations()]
    assert any(told in line for line in found), found
    assert all(line.startswith("invariant 5: ") for line in found)

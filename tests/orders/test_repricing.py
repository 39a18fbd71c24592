"""A look at the checkout writes what it changes of a quote, and nothing where it changes nothing."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from mall.core.db import transaction
from mall.domain.items import offers
from mall.domain.items import service as items
from mall.domain.members.models import Member
from mall.domain.orders import checkout_queries, fees, quoting, renewing
from mall.domain.orders.quoting import Ask
from tests.support.items_factory import add_way, make_item
from tests.support.orders_factory import ADDRESS, give_points

#: 60.00 or its worth in points, from 500 points on.
KETTLE, MUG = 2, 3
HOUR = timedelta(hours=1)


@pytest.fixture
def rich(app: Flask, ben: Member, at: datetime) -> Member:
    with transaction():
        give_points(ben.id, 50_000, at=at)
    return ben


@pytest.fixture
def quote(rich: Member, at: datetime) -> str:
    """Two lines whose mix can be chosen, and one of points alone."""
    with transaction():
        asks = []
        for name, n in (("Kettle", KETTLE), ("Mug", MUG)):
            made = make_item(name, points=9_000, stock=9)
            way = add_way(
                made.item_id,
                "range",
                points=2_000,
                cash=6_000,
                min_points=500,
                position=1,
                tier_discount="none",
            )
            asks.append(Ask(made.variant_id, n, way, 700))
        asks.append(Ask(make_item("Cup", points=300, stock=9).variant_id, 1))
        quote = quoting.make_quote(member=rich.id, at=at, lines=asks).id
        quoting.choose(quote, at_home(), member=rich.id, at=at)
    return quote


def at_home(**chosen: object) -> quoting.Chosen:
    return quoting.Chosen(fees.Way("standard", ADDRESS), **chosen)  # type: ignore[arg-type]


def look(quote: str, chosen: quoting.Chosen, member: Member, at: datetime, seen: list[str]) -> list[str]:
    """Choose; the tables that were written, statement by statement."""
    seen.clear()
    with transaction():
        quoting.choose(quote, chosen, member=member.id, at=at)
    return [said.split()[1] for said in seen if said.startswith("UPDATE")]


def test_the_same_choices_again_write_nothing(
    quote: str, rich: Member, at: datetime, count_queries: list[str]
) -> None:
    assert look(quote, at_home(), rich, at, count_queries) == []
    assert look(quote, at_home(points_each={1: 700, 2: 700}), rich, at, count_queries) == []


def test_lines_that_change_are_written_at_once_and_the_others_not(
    quote: str, rich: Member, at: datetime, count_queries: list[str]
) -> None:
    each = {1: 900, 2: 1_000, 3: 5}
    assert look(quote, at_home(points_each=each), rich, at, count_queries) == ["quote_line", "quote"]
    view = checkout_queries.quote_view(quote, member=rich.id, locale="en")
    assert [(line.points_each, line.cash_each) for line in view.lines] == [
        (900, 3_300),
        (1_000, 3_000),
        (300, 0),
    ]
    assert (view.points, view.cash) == (2 * 900 + 3 * 1_000 + 300, 2 * 3_300 + 3 * 3_000)


def test_another_delivery_leaves_the_lines_alone(
    quote: str, rich: Member, at: datetime, count_queries: list[str]
) -> None:
    assert look(quote, quoting.Chosen(fees.Way("pickup")), rich, at, count_queries) == ["quote"]
    view = checkout_queries.quote_view(quote, member=rich.id, locale="en")
    assert view.delivery_method == "pickup"


def test_a_quote_made_anew_is_written_once(
    quote: str, rich: Member, at: datetime, count_queries: list[str]
) -> None:
    count_queries.clear()
    with transaction():
        _, made = renewing.renew(quote, at_home(points_each={1: 900}), member=rich.id, at=at + HOUR)
    written = [said.split()[2] for said in count_queries if said.startswith("INSERT")]
    assert written == ["quote", "quote_line"]
    assert not [said for said in count_queries if said.startswith("UPDATE")]
    assert (made.points, made.cash) == (2 * 900 + 3 * 700 + 300, 2 * 3_300 + 3 * 3_900)


def test_a_line_whose_points_can_be_chosen_only_now_is_paid_by_the_choice_of_now(
    rich: Member, at: datetime
) -> None:
    with transaction():
        lamp = make_item("Lamp", points=2_000, stock=9)
        quote = quoting.make_quote(member=rich.id, at=at, lines=[Ask(lamp.variant_id, 1)]).id
        add_way(lamp.item_id, "range", points=2_000, cash=6_000, position=1, tier_discount="none")
        offers.edit_offer(items.offers(lamp.item_id)[0].id, active=False, at=at)
    with transaction():
        _, made = renewing.renew(quote, at_home(points_each={1: 500}), member=rich.id, at=at + HOUR)
    assert (made.points, made.cash) == (500, 4_500)

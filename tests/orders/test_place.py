"""Placing an order: points, stock and the order in one transaction, once."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from mall.core.actor import SYSTEM
from mall.core.db import db, transaction
from mall.core.errors import KeyReused
from mall.core.money import Amount
from mall.domain.items import offers
from mall.domain.items import service as items
from mall.domain.items.errors import OutOfStock, SoldOut
from mall.domain.items.stock_models import Stock
from mall.domain.ledger import queries as points
from mall.domain.ledger.errors import NotEnoughPoints
from mall.domain.members.models import Member
from mall.domain.orders import basket, basket_queries, checks, queries, quoting
from mall.domain.orders.errors import (
    AddressNeeded,
    AlreadyPlaced,
    BadDelivery,
    BasketEmpty,
    BasketNotReady,
    LimitReached,
    NotOffered,
    PriceChanged,
    QuoteGone,
)
from mall.domain.orders.models import Order, OrderLine
from mall.domain.orders.service import Delivery
from mall.domain.outbox.models import OutboxMessage
from tests.support.items_factory import Made, add_way, make_item
from tests.support.orders_factory import NONE, STANDARD, fill_basket, give_points, place, place_order


@pytest.fixture
def cup(app: Flask) -> Made:
    with transaction():
        return make_item("Cup", points=300, stock=5)


@pytest.fixture
def rich(mei: Member, at: datetime) -> Member:
    with transaction():
        give_points(mei.id, 1_000, at=at)
    return mei


def quote_of(member: Member, *lines: tuple[int, int], at: datetime) -> str:
    with transaction():
        return quoting.make_quote(member=member.id, at=at, lines=[quoting.Ask(*line) for line in lines]).id


def stock_of(variant: int) -> Stock:
    db.session.expire_all()
    return db.session.get_one(Stock, variant)


def balance(member: Member, at: datetime) -> int:
    return points.balance(member.id, at).available


def test_an_order_takes_the_points_sells_the_stock_and_is_paid_at_once(
    rich: Member, cup: Made, at: datetime
) -> None:
    order = place_order(rich.id, (cup.variant_id, 2), at=at)
    assert (order.state, order.points) == ("paid", 600)
    assert balance(rich, at) == 400
    stock = stock_of(cup.variant_id)
    assert (stock.available, stock.sold) == (3, 2)
    shown = queries.order(order.number, member=rich.id, locale="en")
    assert [(line.name, line.quantity, line.points_each, line.state) for line in shown.lines] == [
        ("Cup", 2, 300, "open")
    ]
    assert [event.kind for event in shown.events] == ["placed", "paid"]
    assert shown.events[1].data["lots"] == [[600, "2027-11-30T16:00:00+00:00"]]
    told = db.session.scalars(sa.select(OutboxMessage).where(OutboxMessage.kind == "order.placed")).all()
    assert [message.payload["order_id"] for message in told] == [order.id]
    assert list(checks.violations()) == []


def test_the_same_request_again_gives_the_same_order_and_writes_nothing(
    rich: Member, cup: Made, at: datetime
) -> None:
    quote = quote_of(rich, (cup.variant_id, 1), at=at)
    with transaction():
        first = place(quote, member=rich.id, at=at, key="k" * 20)
    with transaction():
        second = place(quote, member=rich.id, at=at + timedelta(days=3), key="k" * 20)
    assert (second.id, second.number, second.again) == (first.id, first.number, True)
    assert balance(rich, at) == 700
    assert stock_of(cup.variant_id).sold == 1


def test_a_key_with_another_request_is_refused(rich: Member, cup: Made, at: datetime) -> None:
    quote, other = (quote_of(rich, (cup.variant_id, 1), at=at) for _ in range(2))
    with transaction():
        place(quote, member=rich.id, at=at, key="k" * 20)
    with pytest.raises(KeyReused), transaction():
        place(other, member=rich.id, at=at, key="k" * 20)
    with pytest.raises(KeyReused), transaction():
        place(quote, member=rich.id, at=at, key="k" * 20, delivery=Delivery("pickup"))
    assert stock_of(cup.variant_id).sold == 1


def test_a_quote_becomes_one_order_whatever_the_key(rich: Member, cup: Made, at: datetime) -> None:
    quote = quote_of(rich, (cup.variant_id, 1), at=at)
    with transaction():
        first = place(quote, member=rich.id, at=at)
    with pytest.raises(AlreadyPlaced) as refused, transaction():
        place(quote, member=rich.id, at=at)
    assert refused.value.params["number"] == first.number


def test_another_members_quote_does_not_exist(rich: Member, zoe: Member, cup: Made, at: datetime) -> None:
    quote = quote_of(rich, (cup.variant_id, 1), at=at)
    with transaction():
        give_points(zoe.id, 1_000, at=at)
    with pytest.raises(QuoteGone), transaction():
        place(quote, member=zoe.id, at=at)


def test_too_few_points_leave_everything_as_it_was(rich: Member, cup: Made, at: datetime) -> None:
    with pytest.raises(NotEnoughPoints) as refused:
        place_order(rich.id, (cup.variant_id, 4), at=at)
    assert refused.value.params["missing"] == 200
    assert (balance(rich, at), stock_of(cup.variant_id).available) == (1_000, 5)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Order)) == 0


def test_what_is_sold_out_meanwhile_takes_no_points(
    rich: Member, zoe: Member, cup: Made, at: datetime
) -> None:
    with transaction():
        give_points(zoe.id, 10_000, at=at)
    quote = quote_of(rich, (cup.variant_id, 2), at=at)
    place_order(zoe.id, (cup.variant_id, 4), at=at)
    with pytest.raises(OutOfStock) as refused, transaction():
        place(quote, member=rich.id, at=at)
    assert refused.value.params["left"] == 1
    place_order(zoe.id, (cup.variant_id, 1), at=at)
    with pytest.raises(SoldOut), transaction():
        place(quote, member=rich.id, at=at)
    assert balance(rich, at) == 1_000


def test_a_valid_quote_holds_its_price_though_it_rises(rich: Member, cup: Made, at: datetime) -> None:
    quote = quote_of(rich, (cup.variant_id, 1), at=at)
    raise_price(cup, 500, at=at + timedelta(minutes=1))
    with transaction():
        assert place(quote, member=rich.id, at=at + timedelta(minutes=10)).points == 300


def test_a_lapsed_quote_that_is_dearer_now_is_refused_and_nothing_taken(
    rich: Member, cup: Made, at: datetime
) -> None:
    quote = quote_of(rich, (cup.variant_id, 1), at=at)
    raise_price(cup, 500, at=at + timedelta(minutes=1))
    with pytest.raises(PriceChanged) as refused, transaction():
        place(quote, member=rich.id, at=at + timedelta(minutes=10, microseconds=1))
    assert refused.value.params == {
        "was": Amount(300, 0, "CNY"),
        "now": Amount(500, 0, "CNY"),
        "why": "price",
    }
    assert balance(rich, at) == 1_000
    with transaction():
        again = quoting.requote(quote, member=rich.id, at=at + timedelta(minutes=11))
    assert again.points == 500
    with transaction():
        assert place(again.id, member=rich.id, at=at + timedelta(minutes=12)).points == 500


@pytest.mark.parametrize("now", [300, 250])
def test_a_lapsed_quote_is_honoured_at_todays_price_if_that_is_no_higher(
    rich: Member, cup: Made, at: datetime, now: int
) -> None:
    quote = quote_of(rich, (cup.variant_id, 2), at=at)
    raise_price(cup, now, at=at + timedelta(minutes=1))
    with transaction():
        order = place(quote, member=rich.id, at=at + timedelta(hours=1))
    assert order.points == 2 * now
    assert db.session.scalar(sa.select(OrderLine.points_each)) == now
    assert list(checks.violations()) == []


def test_an_item_retired_meanwhile_is_not_sold(rich: Member, cup: Made, at: datetime) -> None:
    quote = quote_of(rich, (cup.variant_id, 1), at=at)
    with transaction():
        items.retire(cup.item_id, at=at)
    with pytest.raises(NotOffered), transaction():
        place(quote, member=rich.id, at=at)


def test_what_has_come_to_cost_cash_too_is_asked_again(rich: Member, cup: Made, at: datetime) -> None:
    held = quote_of(rich, (cup.variant_id, 1), at=at)
    ask_cash(cup, at=at + timedelta(minutes=1))
    later = at + timedelta(hours=1)
    with pytest.raises(PriceChanged), transaction():
        place(held, member=rich.id, at=later)
    assert balance(rich, at) == 1_000


def test_a_line_that_costs_cash_now_says_so_in_the_basket(rich: Member, cup: Made, at: datetime) -> None:
    with transaction():
        fill_basket(rich.id, (cup.variant_id, 1), at=at)
    ask_cash(cup, at=at + timedelta(minutes=1))
    view = basket_queries.basket_view(basket.Owner(member=rich.id), locale="en", at=at + timedelta(hours=1))
    assert [line.problem and (line.problem.kind, line.problem.was) for line in view.lines] == [
        ("rose", (300, 0))
    ]
    assert (view.points, view.cash, view.ready) == (300, 500, True)


@pytest.mark.parametrize(("locale", "name"), [("zh-Hans", "杯子"), ("zh-Hant", "Cup"), ("en", "Cup")])
def test_a_refusal_names_the_item_in_the_members_language(
    rich: Member, at: datetime, locale: str, name: str
) -> None:
    with transaction():
        few = items.Limits(per_day=1)
        cup = make_item("Cup", points=100, texts={"zh-Hans": items.Text("杯子")}, limits=few)
    first, second, third = (quote_of(rich, (cup.variant_id, 1), at=at) for _ in range(3))
    with transaction():
        place(first, member=rich.id, at=at, locale=locale)
    with pytest.raises(LimitReached) as limited, transaction():
        place(second, member=rich.id, at=at, locale=locale)
    with transaction():
        items.retire(cup.item_id, at=at)
    with pytest.raises(NotOffered) as withdrawn, transaction():
        place(second, member=rich.id, at=at, locale=locale)
    with pytest.raises(NotOffered) as lapsed, transaction():
        place(third, member=rich.id, at=at + timedelta(hours=1), locale=locale)
    assert [refused.value.params["name"] for refused in (limited, withdrawn, lapsed)] == [name] * 3


def test_goods_need_a_method_and_an_address(rich: Member, cup: Made, at: datetime) -> None:
    quote = quote_of(rich, (cup.variant_id, 1), at=at)
    for delivery, refusal in (
        (NONE, BadDelivery),
        (Delivery("drone", STANDARD.address), BadDelivery),
        (Delivery("standard"), AddressNeeded),
    ):
        with pytest.raises(refusal), transaction():
            place(quote, member=rich.id, at=at, delivery=delivery)
    with transaction():
        place(quote, member=rich.id, at=at, delivery=Delivery("pickup"))


def test_a_service_needs_no_address(rich: Member, at: datetime) -> None:
    with transaction():
        course = make_item("Course", points=100, stock=None, kind="service")
    order = place_order(rich.id, (course.variant_id, 1), at=at, delivery=NONE)
    shown = queries.order(order.number, member=rich.id, locale="en")
    assert (shown.address, shown.delivery_kind) == (None, "none")
    with pytest.raises(BadDelivery):
        place_order(rich.id, (course.variant_id, 1), at=at)


def test_the_ordered_things_leave_the_basket_and_the_others_stay(
    rich: Member, cup: Made, at: datetime
) -> None:
    with transaction():
        lamp = make_item("Lamp", points=100)
        fill_basket(rich.id, (cup.variant_id, 1), at=at)
        quote = quoting.make_quote(member=rich.id, at=at)
        fill_basket(rich.id, (lamp.variant_id, 1), at=at)
    with transaction():
        place(quote.id, member=rich.id, at=at)
    view = basket_queries.basket_view(basket.Owner(member=rich.id), locale="en", at=at)
    assert [line.name for line in view.lines] == ["Lamp"]


def test_an_empty_basket_and_one_with_a_problem_make_no_quote(rich: Member, cup: Made, at: datetime) -> None:
    with pytest.raises(BasketEmpty), transaction():
        quoting.make_quote(member=rich.id, at=at)
    with pytest.raises(BasketNotReady), transaction():
        quoting.make_quote(member=rich.id, at=at, lines=[quoting.Ask(cup.variant_id, 6)])


def ask_cash(made: Made, *, at: datetime) -> None:
    """From then on the item costs 300 points and cash, and no longer points alone."""
    with transaction():
        offers.edit_offer(made.offer_id, active=False, at=at)
        add_way(made.item_id, "combo", points=300, cash=500, tier_discount="none", at=at)


def raise_price(made: Made, to: int, *, at: datetime) -> None:
    with transaction():
        offers.set_price(made.offer_id, points=to, starts_at=at, actor=SYSTEM, at=at)

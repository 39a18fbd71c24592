"""Baskets and quotes with several ways to pay: tiers, windows, points off, delivery; what was agreed and what changed."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from mall.core.actor import SYSTEM
from mall.core.db import db, transaction
from mall.core.money import Amount
from mall.domain.items import offers
from mall.domain.items import service as items
from mall.domain.members.models import Member
from mall.domain.orders import basket, basket_queries, checkout_queries, delivery_rates, fees, quoting
from mall.domain.orders.delivery_rates import NewRate
from mall.domain.orders.errors import NotOffered, PriceChanged, QuoteGone
from mall.domain.orders.models import Order, OrderLine
from mall.domain.orders.quoting import Ask, Quote
from mall.domain.orders.service import Delivery
from mall.domain.tiers import service as ladder
from mall.domain.tiers.models import Tier
from tests.support.items_factory import Made, add_way, make_item
from tests.support.orders_factory import ADDRESS, NONE, PAYING, STANDARD, give_points, place

MINUTE = timedelta(minutes=1)


@pytest.fixture
def rich(mei: Member, at: datetime) -> Member:
    """Mei, of the gold tier, with 10,000 points."""
    with transaction():
        give_points(mei.id, 10_000, at=at)
        ladder.grant(mei.id, "gold", actor=SYSTEM, reason="", at=at)
    return mei


@pytest.fixture
def lamp(rich: Member) -> Made:
    """4,000 points; or 2,000 points + 30.00; or 1,000 to 3,000 of 6,000 points worth 60.00; or 50.00 with points off."""
    with transaction():
        made = make_item("Lamp", points=4_000, stock=9)
        add_way(made.item_id, "combo", points=2_000, cash=3_000, position=1)
        add_way(
            made.item_id, "range", points=6_000, cash=6_000, min_points=1_000, max_points=3_000, position=2
        )
        add_way(made.item_id, "cash", cash=5_000, max_share=5_000, position=3)
    return made


def by(made: Made, kind: str) -> int:
    return next(offer.id for offer in items.offers(made.item_id) if offer.kind == kind)


def quoted(member: Member, at: datetime, *asks: Ask, off: int = 0) -> Quote:
    with transaction():
        return quoting.make_quote(member=member.id, at=at, lines=asks, points_off=off)


def view(quote: Quote, member: Member) -> checkout_queries.QuoteView:
    return checkout_queries.quote_view(quote.id, member=member.id, locale="en")


def test_each_line_is_paid_the_way_that_was_chosen(rich: Member, lamp: Made, at: datetime) -> None:
    asks = (
        Ask(lamp.variant_id, 1, by(lamp, "combo")),
        Ask(lamp.variant_id, 2, by(lamp, "range"), 2_500),
        Ask(lamp.variant_id, 1, by(lamp, "cash")),
        Ask(lamp.variant_id, 1),
    )
    quote = quoted(rich, at, *asks, off=1_000)
    shown = view(quote, rich)
    assert [(line.kind, line.points, line.cash) for line in shown.lines] == [
        ("combo", 2_000, 2_550), ("range", 5_000, 5_950), ("cash", 1_000, 3_250), ("points", 4_000, 0),
    ]  # fmt: skip
    assert (quote.points, quote.cash) == (12_000, 11_750)
    assert (shown.tier, shown.currency, shown.points_off, shown.worth_off) == ("gold", "CNY", 1_000, 1_000)
    assert shown.steps[-1].values == {"points": 12_000, "cash": 11_750}
    assert {step.kind for step in shown.steps} == {"offer", "tier", "mix", "units", "points_off", "due"}


def test_a_basket_keeps_what_was_chosen_and_the_quote_takes_it_over(
    rich: Member, lamp: Made, at: datetime
) -> None:
    owner = basket.Owner(member=rich.id)
    with transaction():
        basket.add(owner, lamp.variant_id, 1, choice=basket.Choice(by(lamp, "range"), 1_700), at=at)
        basket.add(owner, lamp.variant_id, 1, at=at)
    shown = basket_queries.basket_view(owner, locale="en", at=at)
    assert [(line.quantity, line.points, line.cash, line.problem) for line in shown.lines] == [
        (2, 3_400, 7_310, None)
    ]
    assert shown.lines[0].runs == ((1_000, 3_000),)
    with transaction():
        basket.change(owner, shown.lines[0].id, choice=basket.Choice(by(lamp, "cash")), at=at)
        basket.use_points(owner, 99_999, at=at)
        made = quoting.make_quote(member=rich.id, at=at)
    assert (made.points, made.cash) == (4_250, 4_250)
    best = basket_queries.suggestion(basket_queries.basket_view(owner, locale="en", at=at), expiring=700)
    assert (best.points_off, best.points, best.cash) == (700, 700, 7_800)


def test_points_that_cannot_be_chosen_become_the_nearest_that_can(
    rich: Member, lamp: Made, at: datetime
) -> None:
    for asked, given in ((0, 1_000), (1_234, 1_233), (9_999, 3_000), (None, 3_000)):
        assert quoted(rich, at, Ask(lamp.variant_id, 1, by(lamp, "range"), asked)).points == given


def test_an_offer_of_another_tier_is_not_to_be_had(ben: Member, lamp: Made, at: datetime) -> None:
    with transaction():
        gold = add_way(lamp.item_id, "points", points=100, tiers=["gold"], position=9)
    with pytest.raises(NotOffered), transaction():
        basket.add(basket.Owner(member=ben.id), lamp.variant_id, 1, choice=basket.Choice(gold), at=at)
    assert quoted(ben, at, Ask(lamp.variant_id, 1, gold)).points == 4_000


def test_who_falls_a_tier_before_ordering_is_asked_again(rich: Member, lamp: Made, at: datetime) -> None:
    quote = quoted(rich, at, Ask(lamp.variant_id, 1, by(lamp, "combo")))
    with transaction():
        ladder.grant(rich.id, "basic", actor=SYSTEM, reason="", at=at)
    with pytest.raises(PriceChanged) as refused, transaction():
        place(quote.id, member=rich.id, at=at + MINUTE, paying=PAYING)
    assert refused.value.params == {
        "was": Amount(2_000, 2_550, "CNY"), "now": Amount(2_000, 2_850, "CNY"), "why": "tier",
    }  # fmt: skip


def test_who_climbs_a_tier_pays_what_was_agreed(rich: Member, lamp: Made, at: datetime) -> None:
    quote = quoted(rich, at, Ask(lamp.variant_id, 1, by(lamp, "combo")))
    with transaction():
        ladder.grant(rich.id, "diamond", actor=SYSTEM, reason="", at=at)
        placed = place(quote.id, member=rich.id, at=at + MINUTE, paying=PAYING)
    assert (placed.points, placed.cash) == (2_000, 2_550)
    assert quoted(rich, at, Ask(lamp.variant_id, 1, by(lamp, "combo"))).cash < placed.cash


def test_an_offer_that_ends_in_the_middle_is_asked_again(rich: Member, lamp: Made, at: datetime) -> None:
    with transaction():
        flash = add_way(lamp.item_id, "points", points=900, ends_at=at + MINUTE, position=9)
    quote = quoted(rich, at, Ask(lamp.variant_id, 1, flash))
    with pytest.raises(PriceChanged) as refused, transaction():
        place(quote.id, member=rich.id, at=at + MINUTE)
    assert (refused.value.params["why"], refused.value.params["now"]) == ("offer", Amount(4_000, 0, "CNY"))
    again = quoted(rich, at, Ask(lamp.variant_id, 1, flash))
    with transaction():
        assert place(again.id, member=rich.id, at=at).points == 900


def test_a_price_that_rises_while_a_quote_holds_is_not_asked(rich: Member, lamp: Made, at: datetime) -> None:
    quote = quoted(rich, at, Ask(lamp.variant_id, 1, by(lamp, "combo")))
    with transaction():
        offers.set_price(
            by(lamp, "combo"), points=2_000, cash=9_900, starts_at=at + MINUTE, actor=SYSTEM, at=at
        )
        placed = place(quote.id, member=rich.id, at=at + 2 * MINUTE, paying=PAYING)
    order, line = db.session.get_one(Order, placed.id), db.session.scalar(sa.select(OrderLine))
    assert line is not None
    assert (order.cash, order.tier, line.points, line.cash) == (2_550, "gold", 2_000, 2_550)


def test_delivery_is_in_the_quote_and_another_that_costs_more_is_asked_again(
    rich: Member, lamp: Made, at: datetime
) -> None:
    with transaction():
        for method, fee in (("standard", 0), ("pickup", 0), ("priority", 1_500)):
            delivery_rates.add(NewRate(method, "All", (), fee), actor=SYSTEM, at=at)
        ladder.grant(rich.id, "basic", actor=SYSTEM, reason="", at=at)
    quote = quoted(rich, at, Ask(lamp.variant_id, 1))
    assert (quote.points, quote.cash) == (4_000, 0)
    with transaction():
        dearer = quoting.choose(
            quote.id, quoting.Chosen(fees.Way("priority", ADDRESS)), member=rich.id, at=at
        )
    assert (dearer.cash, view(quote, rich).delivery_fee) == (1_500, 1_500)
    assert [dict(step.values) for step in view(quote, rich).steps if step.kind == "delivery"] == [
        {"cash": 1_500, "why": "rate"}
    ]
    with transaction():
        placed = place(quote.id, member=rich.id, at=at + MINUTE, delivery=STANDARD)
    assert (placed.cash, placed.state) == (0, "paid")
    with pytest.raises(QuoteGone), transaction():
        quoting.choose(quote.id, quoting.Chosen(points_off=0), member=rich.id, at=at)


def test_gold_members_have_priority_delivery_free(rich: Member, lamp: Made, at: datetime) -> None:
    with transaction():
        for method in ("standard", "priority"):
            delivery_rates.add(NewRate(method, "All", (), 1_500), actor=SYSTEM, at=at)
    quote = quoted(rich, at, Ask(lamp.variant_id, 1))
    with transaction():
        assert (
            quoting.choose(
                quote.id, quoting.Chosen(fees.Way("standard", ADDRESS)), member=rich.id, at=at
            ).cash
            == 1_500
        )
        assert (
            quoting.choose(
                quote.id, quoting.Chosen(fees.Way("priority", ADDRESS)), member=rich.id, at=at
            ).cash
            == 0
        )


def test_who_loses_free_delivery_with_the_tier_is_asked_again(rich: Member, lamp: Made, at: datetime) -> None:
    with transaction():
        db.session.execute(sa.update(Tier).values(cash_discount=0))
        delivery_rates.add(NewRate("priority", "All", (), 1_500), actor=SYSTEM, at=at)
    quote = quoted(rich, at, Ask(lamp.variant_id, 1))
    way = Delivery("priority", ADDRESS)
    with transaction():
        free = quoting.choose(quote.id, quoting.Chosen(fees.Way("priority", ADDRESS)), member=rich.id, at=at)
        ladder.grant(rich.id, "basic", actor=SYSTEM, reason="", at=at)
    assert free.cash == 0
    with pytest.raises(PriceChanged) as refused, transaction():
        place(quote.id, member=rich.id, at=at + MINUTE, delivery=way, paying=PAYING)
    assert refused.value.params == {
        "was": Amount(4_000, 0, "CNY"), "now": Amount(4_000, 1_500, "CNY"), "why": "tier",
    }  # fmt: skip


def test_what_needs_no_delivery_has_no_fee(rich: Member, at: datetime) -> None:
    with transaction():
        course = make_item("Course", points=100, stock=None, kind="service")
    quote = quoted(rich, at, Ask(course.variant_id, 1))
    assert view(quote, rich).delivery_method is None
    with transaction():
        assert place(quote.id, member=rich.id, at=at, delivery=NONE).cash == 0

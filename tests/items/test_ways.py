"""Ways to pay for one unit: mixes, sliders, tiers; figures worked out by hand and properties of all of them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mall.domain.items.ways import Limits, Mix, Offer, Price, Standing, Version, Way, nearest, unsound, ways
from tests.support import prices

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)


def way(kind: str, price: Price, discount: int = 0, *, on_points: bool = False) -> Way:
    return Way(1, 1, kind, price, discount, on_points)


@pytest.mark.parametrize(
    ("offer", "points", "mix"),
    [
        (way("points", Price(1_800)), None, Mix(1_800, 0)),
        (way("points", Price(1_800), 1_500), None, Mix(1_800, 0)),
        (way("points", Price(1_801), 1_500, on_points=True), None, Mix(1_531, 0)),
        (way("combo", Price(2_000, 3_000)), None, Mix(2_000, 3_000, 3_000)),
        (way("combo", Price(2_000, 3_000), 1_500), None, Mix(2_000, 2_550, 3_000)),
        (way("combo", Price(2_000, 3_333), 500), None, Mix(2_000, 3_167, 3_333)),
        (way("combo", Price(2_000, 3_000), 1_000, on_points=True), None, Mix(1_800, 2_700, 3_000)),
        (way("cash", Price(0, 8_800), 2_000), None, Mix(0, 7_040, 8_800)),
        (way("cash", Price(0, 450), 2_000), None, Mix(0, 400, 450)),
        (way("range", Price(6_000, 6_000, 2_000)), 3_500, Mix(3_500, 2_500, 2_500)),
        (way("range", Price(6_000, 6_000, 2_000)), None, Mix(6_000, 0)),
        (way("range", Price(6_000, 6_000, 2_000)), 0, Mix(2_000, 4_000, 4_000)),
        (way("range", Price(6_000, 6_000, 2_000)), 5_900, Mix(5_600, 400, 400)),
        (way("range", Price(6_000, 6_000, 2_000, 5_000)), None, Mix(5_000, 1_000, 1_000)),
        (way("range", Price(6_000, 6_000, 2_000), 1_000), 3_500, Mix(3_500, 2_250, 2_500)),
        (way("range", Price(6_000, 6_000, 2_000), 1_000, on_points=True), None, Mix(5_400, 0, 600)),
        (way("range", Price(3_000, 600, 0)), 1_004, Mix(1_000, 400, 400)),
    ],
)
def test_what_one_unit_costs(offer: Way, points: int | None, mix: Mix) -> None:
    assert offer.mix(points, least=400) == mix


@given(st.data(), prices.rates)
def test_every_position_of_a_slider_is_a_price_that_can_be_charged(
    data: st.DataObject, rates: prices.Rates
) -> None:
    least = rates.min_cash
    offer = data.draw(prices.ways(least=least))
    runs = offer.runs(least)
    assert list(runs) == sorted(runs)
    first, last = data.draw(st.sampled_from(runs))
    points = data.draw(st.integers(first, last))
    mix = offer.mix(points, least=least)
    assert 0 <= mix.points <= max(points, mix.points if offer.kind != "range" else 0)
    assert mix.cash == 0 or mix.cash >= least
    assert offer.mix(mix.points, least=least) == mix
    assert any(a <= mix.points <= b for a, b in runs)
    assert mix.cash <= mix.full_cash or not mix.full_cash


@given(st.data(), prices.rates, st.integers(0, prices.MOST), st.integers(0, prices.MOST))
def test_more_points_never_cost_more_cash(
    data: st.DataObject, rates: prices.Rates, one: int, other: int
) -> None:
    offer = data.draw(prices.ways(least=rates.min_cash, kinds=("range",)))
    fewer, more = (offer.mix(n, least=rates.min_cash) for n in sorted((one, other)))
    assert fewer.points <= more.points
    assert fewer.cash >= more.cash
    assert fewer == more or fewer.cash > more.cash


@given(st.data(), prices.rates)
def test_the_slider_leaves_out_nothing_that_could_be_charged(
    data: st.DataObject, rates: prices.Rates
) -> None:
    least = rates.min_cash
    offer = data.draw(prices.ways(least=least, kinds=("range",)))
    price = offer.price
    points = data.draw(
        st.integers(price.min_points, price.points if price.max_points is None else price.max_points)
    )
    cut = 0 if offer.on_points else offer.discount
    whole = -(-price.points * (10_000 - offer.discount) // 10_000) if offer.on_points else price.points
    cash = -(-max(whole - points, 0) * price.cash * (10_000 - cut) // (price.points * 10_000))
    if points <= whole and (cash == 0 or cash >= max(least, 1)):
        assert offer.mix(points, least=least).cash == cash


@given(st.data(), prices.rates, prices.discounts, prices.discounts)
def test_a_higher_tier_never_pays_more(
    data: st.DataObject, rates: prices.Rates, one: int, other: int
) -> None:
    kind = data.draw(st.sampled_from(["points", "combo", "cash"]))
    price = data.draw(prices.prices(kind, least=rates.min_cash))
    on_points = data.draw(st.booleans())
    low, high = (
        way(kind, price, d, on_points=on_points).mix(None, least=rates.min_cash) for d in sorted((one, other))
    )
    assert high.points <= low.points
    assert high.cash <= low.cash
    assert high.full_cash == low.full_cash


def offer(number: int, *, variant: int | None = None, points: int = 100, **changes: object) -> Offer:
    versions = (
        Version(number * 10, NOON - HOUR, Price(points)),
        Version(number * 10 + 1, NOON + HOUR, Price(points + 1)),
    )
    return Offer(**{"offer_id": number, "variant_id": variant, "position": 0, "kind": "points",
                    "versions": versions, **changes})  # type: ignore[arg-type]  # fmt: skip


BASIC, GOLD = Standing("basic", 500), Standing("gold", 1_500)


def open_to(standing: Standing, *offers: Offer, at: datetime = NOON, variant: int = 7) -> list[int]:
    return [found.price_id for found in ways(variant, offers, standing, at)]


def test_offers_stand_side_by_side_in_the_merchandisers_order() -> None:
    assert open_to(BASIC, offer(1, position=2), offer(2, position=1), offer(3, position=1)) == [20, 30, 10]


def test_a_variants_own_offers_stand_in_place_of_the_items() -> None:
    offers = offer(1), offer(2, variant=7), offer(3, variant=8)
    assert open_to(BASIC, *offers) == [20]
    assert open_to(BASIC, *offers, variant=9) == [10]


def test_an_own_offer_that_is_closed_to_a_tier_leaves_it_the_items() -> None:
    offers = offer(1), offer(2, variant=7, tiers=frozenset({"gold"}))
    assert open_to(BASIC, *offers) == [10]
    assert open_to(GOLD, *offers) == [20]


def test_a_window_holds_from_its_first_instant_until_before_its_last() -> None:
    flash = offer(2, starts_at=NOON, ends_at=NOON + HOUR)
    tick = timedelta(microseconds=1)
    assert open_to(BASIC, flash, at=NOON - tick) == []
    assert open_to(BASIC, flash, at=NOON) == [20]
    assert open_to(BASIC, flash, at=NOON + HOUR - tick) == [20]
    assert open_to(BASIC, flash, at=NOON + HOUR) == []


def test_the_version_in_force_is_the_last_that_started() -> None:
    assert open_to(BASIC, offer(1), at=NOON - HOUR - HOUR) == []
    assert open_to(BASIC, offer(1), at=NOON + HOUR) == [11]


def test_the_discount_is_the_tiers_unless_the_offer_leaves_it_out() -> None:
    combo = Version(1, NOON, Price(2_000, 3_000))
    for how, mix in (
        ("cash", Mix(2_000, 2_550, 3_000)),
        ("none", Mix(2_000, 3_000, 3_000)),
        ("all", Mix(1_700, 2_550, 3_000)),
    ):
        found = ways(7, [offer(1, kind="combo", tier_discount=how, versions=(combo,))], GOLD, NOON)
        assert found[0].mix(None, least=400) == mix
        assert found[0].limits == Limits()


@pytest.mark.parametrize(
    ("kind", "price", "wrong"),
    [
        ("points", Price(0), "points"),
        ("points", Price(10, 500), "cash"),
        ("points", Price(10, min_points=1), "min_points"),
        ("combo", Price(10, 399), "cash"),
        ("combo", Price(0, 400), "points"),
        ("range", Price(10, 400, 11), "min_points"),
        ("range", Price(10, 400, 2, 1), "max_points"),
        ("range", Price(10, 400, 0, 11), "max_points"),
        ("cash", Price(10, 400), "points"),
        ("cash", Price(0, 400, max_share=10_001), "max_share"),
        ("cash", Price(0, 10**10 + 1), "cash"),
        ("range", Price(10, 400, max_share=1), "max_share"),
        ("cash", Price(0, 400, 100, max_share=5_000), None),
        ("range", Price(10, 400, 2, 10), None),
        ("combo", Price(10, 400), None),
    ],
)
def test_prices_that_cannot_be_paid_are_named(kind: str, price: Price, wrong: str | None) -> None:
    assert unsound(kind, price, least=400, most=10**10) == wrong


def test_the_nearest_position_takes_no_more_than_was_said() -> None:
    assert [nearest([(10, 20), (30, 30)], n) for n in (5, 15, 25, 30, 99)] == [10, 15, 20, 30, 30]

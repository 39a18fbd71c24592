"""What an order costs: figures worked out by hand, and what holds of every price."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mall.core.money import Rates
from mall.domain.items.ways import Price, Way
from mall.domain.orders import fees
from mall.domain.orders.delivery import Method, Rate
from mall.domain.orders.pricing import Line, Priced, Step, as_json, from_json, price, shares
from mall.domain.orders.suggesting import best_use
from tests.support import prices

CNY = Rates("CNY", 100, 400)
POINTS = Way(1, 1, "points", Price(1_800))
COMBO = Way(2, 2, "combo", Price(2_000, 3_000), 1_500)
CASH = Way(3, 3, "cash", Price(0, 8_800, max_share=5_000))
ALL_OFF = Way(4, 4, "cash", Price(0, 1_000))


def due(priced: Priced) -> tuple[int, int]:
    return priced.points, priced.cash


@pytest.mark.parametrize(
    ("lines", "off", "fee", "points", "cash"),
    [
        ([Line(POINTS, 2)], 0, 0, 3_600, 0),
        ([Line(COMBO, 3)], 0, 0, 6_000, 7_650),
        ([Line(POINTS, 1), Line(COMBO, 1)], 0, 1_200, 3_800, 3_750),
        ([Line(CASH, 1)], 1_000, 0, 1_000, 7_800),
        ([Line(CASH, 1)], 99_999, 0, 4_400, 4_400),
        ([Line(ALL_OFF, 1)], 99_999, 0, 1_000, 0),
        ([Line(ALL_OFF, 1)], 999, 0, 600, 400),
        ([Line(ALL_OFF, 1)], 99_999, 500, 1_000, 500),
        ([Line(ALL_OFF, 1)], 99_999, 300, 900, 400),
        ([Line(POINTS, 1)], 500, 0, 1_800, 0),
        ([Line(POINTS, 1)], 0, 300, 1_800, 0),
        ([Line(POINTS, 1)], 0, 400, 1_800, 400),
    ],
)
def test_what_an_order_costs(lines: list[Line], off: int, fee: int, points: int, cash: int) -> None:
    assert due(price(lines, rates=CNY, points_off=off, fee=fee)) == (points, cash)


@pytest.mark.parametrize(
    ("line", "off", "fee", "charged"),
    [
        (POINTS, 0, 399, 0),  # less than the smallest charge, and nothing else is paid by card
        (POINTS, 0, 400, 400),
        (CASH, 0, 399, 399),
        (ALL_OFF, 1_000, 399, 399),  # the points off leave some of the goods to be paid then
    ],
)
def test_the_fee_shown_beside_a_method_is_the_one_that_is_charged(
    line: Way, off: int, fee: int, charged: int
) -> None:
    goods = price([Line(line, 1)], rates=CNY, points_off=off)
    terms = fees.Terms((Rate(1, "standard", (), fee),))
    shown = fees.would_be(
        Method("standard", "standard"), {"country": "CN", "region": ""}, goods, terms=terms, rates=CNY
    )
    assert shown is not None
    assert shown.amount == price([Line(line, 1)], rates=CNY, points_off=off, fee=fee).fee == charged


def test_points_off_are_shared_by_what_the_lines_can_give() -> None:
    priced = price([Line(CASH, 1), Line(POINTS, 1), Line(ALL_OFF, 2)], rates=CNY, points_off=1_001)
    assert [(line.points_off, line.worth_off) for line in priced.lines] == [(688, 688), (0, 0), (313, 313)]
    assert [line.cash for line in priced.lines] == [8_112, 0, 1_687]
    assert priced.worth_off == 1_001


def test_an_offer_takes_points_off_only_from_its_minimum_on() -> None:
    strict = replace(CASH, price=Price(0, 8_800, min_points=500))
    runs = price([Line(strict, 1)], rates=CNY).off_runs
    assert runs == ((0, 0), (500, 8_400), (8_800, 8_800))
    assert price([Line(strict, 1)], rates=CNY, points_off=499).points_off == 0
    mixed = price([Line(strict, 1), Line(CASH, 1)], rates=CNY, points_off=499)
    assert [line.points_off for line in mixed.lines] == [0, 499]


@given(prices.orders(), st.integers(0, prices.MOST), st.sampled_from([0, 1, 350, 1_200]))
def test_every_price_can_be_charged_and_its_parts_add_up(
    order: tuple[Rates, list[Line]], off: int, fee: int
) -> None:
    rates, lines = order
    priced = price(lines, rates=rates, points_off=off, fee=fee)
    assert all(
        n >= 0 for line in priced.lines for n in (line.points, line.cash, line.points_off, line.worth_off)
    )
    assert priced.cash == 0 or priced.cash >= rates.min_cash
    assert sum(line.points for line in priced.lines) == priced.points
    assert sum(line.cash for line in priced.lines) + priced.fee == priced.cash
    assert sum(line.points_off for line in priced.lines) == priced.points_off <= off
    assert sum(line.worth_off for line in priced.lines) == priced.worth_off
    assert priced.worth_off <= rates.worth(priced.points_off)
    for line in priced.lines:
        assert line.cash == line.each.cash * line.quantity - line.worth_off
        assert line.points == line.each.points * line.quantity + line.points_off


@given(prices.orders(), st.data())
def test_every_position_of_the_points_off_is_taken_as_it_is(
    order: tuple[Rates, list[Line]], data: st.DataObject
) -> None:
    rates, lines = order
    first, last = data.draw(st.sampled_from(price(lines, rates=rates).off_runs))
    off = data.draw(st.integers(first, last))
    priced = price(lines, rates=rates, points_off=off)
    assert priced.points_off == rates.trimmed(off)
    assert first <= priced.points_off
    assert price(lines, rates=rates, points_off=priced.points_off) == priced


@given(prices.orders(), st.integers(0, prices.MOST), st.integers(0, prices.MOST))
def test_more_points_off_never_cost_more_cash(order: tuple[Rates, list[Line]], one: int, other: int) -> None:
    rates, lines = order
    fewer, more = (price(lines, rates=rates, points_off=n) for n in sorted((one, other)))
    assert more.cash <= fewer.cash
    assert more.points >= fewer.points
    assert more.points == fewer.points or more.cash < fewer.cash


@given(prices.orders(), st.data())
def test_splitting_an_order_never_gains(order: tuple[Rates, list[Line]], data: st.DataObject) -> None:
    """Two orders of the same things cost no less than one: what they save in cash, they pay for in points.

    (A point worth more than what is left of a line is taken where it ends that order, and not where it would not.)
    """
    rates, lines = order
    halves: list[list[Line]] = [[], []]
    for line in lines:
        n = data.draw(st.integers(0, line.quantity))
        for half, quantity in zip(halves, (n, line.quantity - n), strict=True):
            if quantity:
                half.append(replace(line, quantity=quantity))
    assume(all(halves))
    apart = [price(half, rates=rates, points_off=data.draw(st.integers(0, prices.MOST))) for half in halves]
    together = price(lines, rates=rates, points_off=sum(half.points_off for half in apart))
    more = sum(half.points for half in apart) - together.points
    assert more >= 0
    assert together.cash <= sum(half.cash for half in apart) + rates.worth(more)


@given(prices.orders(), st.integers(0, prices.MOST))
def test_the_steps_end_at_what_is_due_and_survive_json(order: tuple[Rates, list[Line]], off: int) -> None:
    rates, lines = order
    priced = price(lines, rates=rates, points_off=off, fee=900, why_fee="rate", tier="gold")
    assert priced.steps[-1] == Step("due", {"points": priced.points, "cash": priced.cash})
    assert from_json(as_json(priced.steps)) == priced.steps
    assert {step.line for step in priced.steps if step.kind == "offer"} == set(range(len(lines)))


def test_the_steps_tell_how_a_price_came_about() -> None:
    priced = price([Line(COMBO, 2)], rates=CNY, fee=1_200, why_fee="rate", tier="gold")
    told = [(step.kind, dict(step.values)) for step in priced.steps]
    assert told == [
        ("offer", {"offer": "combo", "points": 2_000, "cash": 3_000}),
        ("tier", {"tier": "gold", "share": 1_500, "cash_before": 3_000, "cash": 2_550,
                  "points_before": 2_000, "points": 2_000}),
        ("units", {"n": 2, "points": 4_000, "cash": 5_100}),
        ("delivery", {"cash": 1_200, "why": "rate"}),
        ("due", {"points": 4_000, "cash": 6_300}),
    ]  # fmt: skip


@pytest.mark.parametrize("bad", [{"points_off": -1}, {"fee": -1}])
def test_what_no_form_sends_has_no_price(bad: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="cannot price"):
        price([Line(POINTS, 1)], rates=CNY, **bad)
    with pytest.raises(ValueError, match="cannot price"):
        price([Line(POINTS, 100)], rates=CNY)


@given(st.integers(0, 10**12), st.lists(st.integers(0, 10**6), max_size=8))
def test_shares_add_up_and_are_fair_to_one(total: int, weights: list[int]) -> None:
    found = shares(total, weights)
    whole = sum(weights)
    assert sum(found) == (total if whole else 0)
    for share, weight in zip(found, weights, strict=True):
        assert share >= 0
        assert not whole or abs(share * whole - total * weight) < whole


@given(prices.orders(), st.integers(0, prices.MOST), st.sampled_from([0, 1_200]))
def test_the_best_use_takes_expiring_points_and_no_others(
    order: tuple[Rates, list[Line]], expiring: int, fee: int
) -> None:
    rates, lines = order
    best = best_use(lines, expiring=expiring, rates=rates, fee=fee)
    chosen = [replace(line, points_each=n) for line, n in zip(lines, best.points_each, strict=True)]
    priced = price(chosen, rates=rates, points_off=best.points_off, fee=fee)
    assert due(priced) == (best.points, best.cash)
    lowest = [replace(line, points_each=0) for line in lines]
    must = price(lowest, rates=rates, fee=fee)
    assert best.points <= max(expiring, must.points)
    assert best.cash <= must.cash
    assert best.used == min(best.points, expiring)


def test_expiring_points_go_first_where_they_save_most() -> None:
    dear = Line(Way(5, 5, "range", Price(1_000, 2_000)), 1)
    best = best_use([Line(ALL_OFF, 1), dear], expiring=700, rates=CNY)
    assert best.points_each == (None, 700)
    assert (best.points_off, best.points, best.cash) == (0, 700, 1_600)
    best = best_use([Line(ALL_OFF, 1), dear], expiring=1_500, rates=CNY)
    assert (best.points_each, best.points_off) == ((None, 1_000), 500)

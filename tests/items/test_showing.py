"""What lists show of an item to each tier, now and later: against the rule of prices at every instant."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from mall.core.money import Rates
from mall.domain.items.rules import NEVER, NO_RATE
from mall.domain.items.showing import Span, headline, spans
from mall.domain.items.ways import Offer, Price, Standing, Version, ways
from tests.support import prices

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
TICK = timedelta(microseconds=1)
LADDER = [Standing("basic", 500), Standing("silver", 1_000), Standing("gold", 1_500)]
CNY = Rates("CNY", 100, 400)
moments = st.integers(-30, 30).map(lambda n: NOON + n * TICK)


@st.composite
def offers(draw: st.DrawFn) -> list[Offer]:
    """Up to four offers of an item with two variants: kinds, windows, tiers and versions as they come."""
    found = []
    for number in range(draw(st.integers(0, 4))):
        kind = draw(st.sampled_from(["points", "points", "combo", "range", "cash"]))
        starts = draw(st.lists(moments, unique=True, max_size=3))
        window = sorted(draw(st.lists(moments, unique=True, min_size=2, max_size=2)))
        found.append(
            Offer(
                number, draw(st.sampled_from([None, None, 1, 2])), draw(st.integers(0, 2)), kind,
                draw(st.sampled_from(["cash", "none", "all"])),
                draw(st.sampled_from([None, window[0]])), draw(st.sampled_from([None, window[1]])),
                draw(st.sampled_from([frozenset(), frozenset({"gold"}), frozenset({"basic", "gold"})])),
                versions=tuple(
                    Version(10 * number + i, start, draw(prices.prices(kind, least=CNY.min_cash)))
                    for i, start in enumerate(starts)
                ),
            )
        )  # fmt: skip
    return found


@given(offers(), moments, st.lists(moments, min_size=1, max_size=5))
def test_the_spans_say_what_the_rule_of_prices_says_at_every_instant(
    made: list[Offer], at: datetime, later: list[datetime]
) -> None:
    found = spans({1: None, 2: 500}, made, LADDER, at, rates=CNY)
    for moment in [at, *(m for m in later if m >= at)]:
        open_to = {
            standing.tier: [
                head
                for variant in (1, 2)
                if (head := headline(ways(variant, made, standing, moment), least=CNY.min_cash))
            ]
            for standing in LADDER
        }
        for standing in LADDER:
            holding = [s for s in found if s.tier == standing.tier and s.since <= moment < s.until]
            assert len(holding) == (1 if any(open_to.values()) else 0)
            if holding:
                span, heads = holding[0], open_to[standing.tier]
                lowest = next(tier for tier in open_to if open_to[tier])
                assert span.gate == (None if heads else lowest)
                keys = [
                    (mix.points or CNY.points_for(mix.cash), mix.cash) for _, mix in heads or open_to[lowest]
                ]
                assert (span.points, span.cash) == min(keys)
                assert span.points_most == max(key[0] for key in keys)


@given(offers(), moments)
def test_spans_never_overlap_and_no_two_neighbours_are_alike(made: list[Offer], at: datetime) -> None:
    for tier in ("basic", "gold"):
        found = [s for s in spans({1: 300}, made, LADDER, at, rates=CNY) if s.tier == tier]
        for before, after in pairwise(found):
            assert before.since < before.until <= after.since
            same = replace(after, since=before.since, until=before.until) == before
            assert before.until < after.since or not same
    assert all(span.until <= NEVER for span in found)


def one(*offers: Offer, tier: str = "basic", value: int | None = None) -> Span:
    return next(s for s in spans({1: value}, offers, LADDER, NOON, rates=CNY) if s.tier == tier)


def offer(number: int, kind: str, price: Price, *, tiers: frozenset[str] = frozenset()) -> Offer:
    return Offer(number, None, number, kind, tiers=tiers, versions=(Version(number, NOON, price),))


def test_a_price_in_points_alone_stands_before_mixed_ones() -> None:
    span = one(offer(1, "combo", Price(800, 3_000)), offer(2, "points", Price(3_800)), value=10_000)
    assert (span.way, span.points, span.cash) == ("points", 3_800, 0)
    assert (span.least, span.least_cash) == (800, 2_850)


def test_an_item_without_a_price_in_points_shows_the_merchandisers_first_way() -> None:
    combo, cash = offer(1, "combo", Price(800, 3_000)), offer(2, "cash", Price(0, 5_000))
    span = one(combo, cash, tier="gold", value=10_000)
    assert (span.way, span.points, span.cash, span.full_cash) == ("combo", 800, 2_550, 3_000)
    assert span.rate == 800 * 10_000 // (10_000 - 2_550)


def test_a_price_in_cash_alone_sorts_by_its_worth_and_takes_no_points() -> None:
    span = one(offer(1, "cash", Price(0, 5_000)))
    assert (span.way, span.points, span.cash, span.least, span.rate) == (
        "cash",
        4_750,
        4_750,
        NO_RATE,
        NO_RATE,
    )


def test_who_cannot_have_it_sees_who_can() -> None:
    only = offer(1, "points", Price(800), tiers=frozenset({"gold"}))
    assert [one(only, tier=tier).gate for tier in ("basic", "silver", "gold")] == ["gold", "gold", None]
    assert one(only, tier="basic").points == 800

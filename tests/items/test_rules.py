"""The pure rules: prices in force, spans, names that may stand."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mall.domain.items.rules import (
    NEVER,
    NO_RATE,
    Schedule,
    in_force,
    pick,
    price_of,
    rate,
    sound_sku,
    sound_slug,
    spans,
)

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
TICK = timedelta(microseconds=1)
moments = st.integers(-50, 50).map(lambda n: NOON + n * TICK)
versions = st.dictionaries(moments, st.integers(1, 5), max_size=6).map(lambda d: tuple(d.items()))
offers = st.lists(
    st.tuples(st.sampled_from([None, 1, 2]), st.integers(0, 2), versions), max_size=5
).map(lambda rows: [Schedule(i, *row) for i, row in enumerate(rows, 1)])  # fmt: skip


def test_a_price_holds_from_its_first_microsecond_until_the_next_begins() -> None:
    schedule = [(NOON, 100), (NOON + 10 * TICK, 80)]
    assert in_force(schedule, NOON - TICK) is None
    assert in_force(schedule, NOON) == (NOON, 100)
    assert in_force(schedule, NOON + 9 * TICK) == (NOON, 100)
    assert in_force(schedule, NOON + 10 * TICK) == (NOON + 10 * TICK, 80)


def test_a_variants_own_offer_comes_before_the_items_once_it_has_started() -> None:
    general = Schedule(1, None, 0, ((NOON, 100),))
    own = Schedule(2, 7, 5, ((NOON + TICK, 60),))
    assert price_of(7, [general, own], NOON) == (general, 100)
    assert price_of(7, [general, own], NOON + TICK) == (own, 60)
    assert price_of(8, [general, own], NOON + TICK) == (general, 100)


@given(offers, moments, st.lists(moments, min_size=1, max_size=5))
def test_the_spans_say_what_the_price_rule_says_at_every_instant(
    schedules: list[Schedule], at: datetime, later: list[datetime]
) -> None:
    found = spans({1: None, 2: 500}, schedules, at)
    for moment in [at, *(m for m in later if m >= at)]:
        prices = [p[1] for v in (1, 2) if (p := price_of(v, schedules, moment))]
        holding = [span for span in found if span.since <= moment < span.until]
        assert len(holding) == (1 if prices else 0)
        if prices:
            assert (holding[0].points, holding[0].points_most) == (min(prices), max(prices))


@given(offers, moments)
def test_spans_never_overlap_and_no_two_neighbours_are_alike(schedules: list[Schedule], at: datetime) -> None:
    found = spans({1: 300}, schedules, at)
    for before, after in pairwise(found):
        assert before.since < before.until <= after.since
        assert before.until < after.since or (before.points, before.rate) != (after.points, after.rate)
    assert not found or found[-1].until == NEVER


def test_an_item_without_a_retail_value_is_worth_least() -> None:
    assert rate(100, 5_000) == 200
    assert rate(100, None) == NO_RATE > rate(10**10, 1)


@pytest.mark.parametrize("slug", ["tea-cup", "a1", "x" * 80])
def test_sound_slugs(slug: str) -> None:
    assert sound_slug(slug)


@pytest.mark.parametrize(
    "slug", ["", "a", "Tea", "tea--cup", "-tea", "tea-", "tea cup", "茶", "x" * 81, "a\n", "á1"]
)
def test_slugs_that_would_make_a_bad_address(slug: str) -> None:
    assert not sound_slug(slug)


@pytest.mark.parametrize("sku", ["", "=cmd()", "-1", "A B", "A\n", "x" * 65, "耳机", "+A", "@A"])
def test_skus_that_a_label_or_spreadsheet_would_garble(sku: str) -> None:
    assert not sound_sku(sku)


def test_words_fall_back_on_english_then_on_any() -> None:
    assert pick({"en": "cup", "zh-Hans": "杯"}, "zh-Hans") == "杯"
    assert pick({"en": "cup"}, "zh-Hant") == "cup"
    assert pick({"zh-Hans": "杯", "en": ""}, "zh-Hant") == "杯"
    assert pick({}, "en") == ""

"""The pure rules: prices in force, names that may stand."""

from datetime import UTC, datetime, timedelta

import pytest

from mall.domain.items.rules import (
    NO_RATE,
    pick,
    rate,
    sound_sku,
    sound_slug,
)
from mall.domain.items.ways import Offer, Price, Version

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
TICK = timedelta(microseconds=1)


def test_a_price_holds_from_its_first_microsecond_until_the_next_begins() -> None:
    dear, cheap = Version(1, NOON, Price(100)), Version(2, NOON + 10 * TICK, Price(80))
    offer = Offer(1, None, 0, "points", versions=(cheap, dear))
    assert offer.in_force(NOON - TICK) is None
    assert offer.in_force(NOON) == dear
    assert offer.in_force(NOON + 9 * TICK) == dear
    assert offer.in_force(NOON + 10 * TICK) == cheap


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

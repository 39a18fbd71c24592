"""The catalogue's address: read gently, written the same way each time."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from mall.catalog.forms import LAST_PAGE, LONGEST_QUERY, Asked, read, words
from mall.domain.items.rules import KINDS, MAX_PRICE, SORTS


def asked(address: str) -> Asked:
    return read(MultiDict(parse_qsl(urlsplit(address).query, keep_blank_values=True)))


def test_an_empty_address_asks_for_everything() -> None:
    assert asked("/catalog") == Asked()
    assert Asked().url() == "/catalog"


def test_every_filter_is_read() -> None:
    found = asked(
        "/catalog?q=cup&category=kitchen&kind=goods&affordable=1&min=100&max=900&tier=gold&sort=points&page=3"
    )
    assert found == Asked("cup", "kitchen", "goods", True, 100, 900, "gold", "points", 3)


@pytest.mark.parametrize(
    ("typed", "number"),
    [("1,000", 1000), ("１０００", 1000), (" 50 ", 50), ("1 000", 1000), ("0", None), ("", None)],
)
def test_numbers_are_read_as_people_write_them(typed: str, number: int | None) -> None:
    assert read(MultiDict({"min": typed})).min == number


@pytest.mark.parametrize(
    ("field", "value"),
    [("min", "abc"), ("max", "-1"), ("max", "1.5"), ("min", "9" * 30), ("page", "0"), ("page", "x"), ("kind", "dream"),
     ("sort", "random"), ("tier", "lead"), ("affordable", "perhaps"), ("category", "../etc")],
)  # fmt: skip
def test_what_makes_no_sense_is_left_out_and_told(field: str, value: str) -> None:
    found = read(MultiDict({field: value}))
    assert found.but() == Asked()
    assert found.bad == ((field, value),)


def test_a_band_that_is_upside_down_is_turned() -> None:
    found = read(MultiDict({"min": "900", "max": "100"}))
    assert (found.min, found.max) == (100, 900)


def test_changing_a_filter_leads_to_the_first_page() -> None:
    assert Asked(category="books", page=4).url(kind="goods") == "/catalog?category=books&kind=goods"
    assert Asked(category="books", page=4).url(page=5) == "/catalog?category=books&page=5"


def test_newest_first_is_said_only_where_it_is_not_the_rule() -> None:
    assert asked("/catalog?sort=newest").url() == "/catalog"
    assert asked("/catalog?q=cup&sort=newest").url() == "/catalog?q=cup&sort=newest"


def test_a_category_that_there_is_not_is_told() -> None:
    found = Asked(category="dreams", kind="goods").within(["books"])
    assert found.category == ""
    assert found.kind == "goods"
    assert found.bad == (("category", "dreams"),)


def test_search_words_lose_what_nobody_types() -> None:
    assert words("  two\x00\twords\u200b ") == "two words"
    assert len(words("x" * 500)) == LONGEST_QUERY


asks = st.builds(
    Asked,
    q=st.text(max_size=90).map(words),
    category=st.sampled_from(["", "books", "tea-food"]),
    kind=st.sampled_from(["", *KINDS]),
    affordable=st.booleans(),
    min=st.none() | st.integers(1, 1000),
    max=st.none() | st.integers(1000, MAX_PRICE),
    tier=st.sampled_from(["", "gold"]),
    sort=st.sampled_from([s for s in SORTS if s != "newest"]),
    page=st.integers(1, LAST_PAGE),
)


@given(asks)
def test_an_address_brings_back_what_was_asked(one: Asked) -> None:
    assert asked(one.url()) == one


@given(st.dictionaries(st.sampled_from(["q", "category", "kind", "affordable", "min", "max", "tier", "sort", "page", "x"]), st.text(max_size=60)))  # fmt: skip
def test_any_address_is_read_and_written_without_end(typed: dict[str, str]) -> None:
    found = read(MultiDict(typed))
    again = asked(found.url())
    assert again.but(page=again.page) == found.but(page=found.page)
    assert not again.bad

"""Search: Chinese in both scripts, English words, SKUs, typing errors, and any bytes at all."""

from datetime import datetime

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from mall.core.actor import SYSTEM
from mall.core.db import transaction
from mall.domain.items import queries, search, service, tokens
from mall.domain.items.queries import CatalogFilter, StaffFilter
from mall.domain.items.service import Text
from tests.support.exploring import examples
from tests.support.items_factory import Made, make_item


@pytest.fixture
def shop(app: Flask) -> dict[str, Made]:
    """A few items in three languages."""
    with transaction():
        return {
            "headphones": make_item(
                "Stillwater over-ear headphones",
                sku="AUD-0101-INK",
                texts={"zh-Hans": Text("静水头戴式降噪耳机"), "zh-Hant": Text("靜水耳罩式降噪耳機")},
            ),
            "stand": make_item(
                "Oak stand",
                sku="AUD-0901",
                texts={
                    "en": Text("Oak stand", "For headphones of every size"),
                    "zh-Hans": Text("橡木支架", "放耳机的架子"),
                },
            ),
            "cup": make_item("Café cup", sku="KIT-77", texts={"zh-Hans": Text("茶杯")}),
        }


def names(q: str, at: datetime, **more: object) -> list[str]:
    found = queries.cards(CatalogFilter(q=q, **more), locale="en", at=at)  # type: ignore[arg-type]
    return [card.name for card in found.cards]


BOTH = ["Stillwater over-ear headphones", "Oak stand"]


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("耳机", BOTH),
        ("headphones", BOTH),
        ("headphone", BOTH),
        ("HEADPHONES", BOTH),
        ("耳機", BOTH[:1]),
        ("降噪耳机", BOTH[:1]),
        ("耳", BOTH),
        ("over-ear", BOTH[:1]),
        ("stillwater 耳机", BOTH[:1]),
        ("AUD-0101-INK", BOTH[:1]),
        ("aud 0101 ink", BOTH[:1]),
        ("aud0101", BOTH[:1]),
        ("AUD-09", BOTH[1:]),
        ("cafe", ["Café cup"]),
        ("ｃｕｐ", ["Café cup"]),
        ("机耳", []),
        ("拖鞋", []),
    ],
)
def test_what_is_found(shop: dict[str, Made], at: datetime, q: str, found: list[str]) -> None:
    assert names(q, at) == found


@pytest.mark.parametrize(
    "q", ["headphonse", "hedphones", "headphoness", "haedphones", "eadphones", "heedphones"]
)
def test_a_typing_error_is_put_right_and_said(shop: dict[str, Made], at: datetime, q: str) -> None:
    page = queries.cards(CatalogFilter(q=q), locale="en", at=at)
    assert page.cards[0].name == BOTH[0]
    assert (page.relaxed, page.corrected) == (True, "headphones")


@pytest.fixture
def accessories(app: Flask) -> None:
    """Things for headphones and tea, more popular (newer) than headphones and tea themselves."""
    with transaction():
        for en, zh in (
            ("Whiskers headphones for children", "喵喵儿童耳机（红）"),
            ("Red kite breakfast tea", "红鸢早餐红茶"),
            ("Perch headphone stand", "栖枝耳机支架"),
            ("Two tea cups", "一对茶杯"),
        ):
            make_item(en, texts={"zh-Hans": Text(zh)})


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("headphones", ["Whiskers headphones for children", "Perch headphone stand"]),
        ("headphone", ["Whiskers headphones for children", "Perch headphone stand"]),
        ("耳机", ["Whiskers headphones for children", "Perch headphone stand"]),
        ("tea", ["Red kite breakfast tea", "Two tea cups"]),
        ("茶", ["Red kite breakfast tea", "Two tea cups"]),
        ("headphone stand", ["Perch headphone stand"]),
        ("耳机支架", ["Perch headphone stand"]),
    ],
)
def test_what_is_named_so_stands_before_what_goes_with_it(
    accessories: None, at: datetime, q: str, found: list[str]
) -> None:
    assert names(q, at) == found


@pytest.mark.parametrize(
    ("title", "heads"),
    [
        ("Stillwater over-ear headphones", {"headphon"}),
        ("Headphones for children", {"headphon"}),
        ("The Starfarers, four volumes in a box", {"starfar"}),
        ("Reserve power bank 10,000", {"bank"}),
        ("静水头戴式降噪耳机", {"耳机", "机"}),
        ("咖啡豆 500 克", {"啡豆", "豆"}),
        ("", set()),
        ("500", set()),
    ],
)
def test_a_title_is_about_its_last_word_before_what_says_more(title: str, heads: set[str]) -> None:
    assert tokens.head_tokens([title]) == {tokens.HEAD + head for head in heads}


def test_nobody_can_type_the_mark_of_a_title_s_word() -> None:
    assert not [t for term in tokens.parse("Ωheadphon ΩΩ Ω").terms for t in term.tokens if tokens.HEAD in t]


def test_what_matches_as_typed_is_not_corrected(shop: dict[str, Made], at: datetime) -> None:
    page = queries.cards(CatalogFilter(q="headphones"), locale="en", at=at)
    assert (page.relaxed, page.corrected, page.total) == (False, None, 2)


def test_the_beginning_of_a_word_is_enough_where_nothing_else_matches(
    shop: dict[str, Made], at: datetime
) -> None:
    assert names("headph", at) == BOTH


def test_words_of_a_longer_chinese_query_may_stand_elsewhere(shop: dict[str, Made], at: datetime) -> None:
    assert names("蓝牙降噪耳机", at)[0] == BOTH[0]


def test_a_search_that_finds_nothing_costs_one_more_statement(
    shop: dict[str, Made], at: datetime, count_queries: list[str]
) -> None:
    for q, statements in (("headphones", 1), ("zzzzqqq", 2), ("headphonse cupp", 2), ("", 1), ("!!!", 0)):
        count_queries.clear()
        queries.cards(CatalogFilter(q=q), locale="en", at=at)
        assert len(count_queries) == statements, q


def test_filters_and_sorting_hold_for_searches_too(shop: dict[str, Made], at: datetime) -> None:
    with transaction():
        service.set_price(shop["stand"].offer_id, points=10, starts_at=at, actor=SYSTEM, at=at)
    assert names("耳机", at, sort="points") == BOTH[::-1]
    assert names("耳机", at, max=10) == BOTH[1:]
    assert names("耳机", at, category="audio") == BOTH
    assert names("耳机", at, category="tea") == []


def test_a_renamed_item_is_found_by_its_new_name_alone(shop: dict[str, Made], at: datetime) -> None:
    with transaction():
        service.edit_item(shop["cup"].item_id, texts={"zh-Hans": Text("花瓶")}, at=at)
    assert names("茶杯", at) == []
    assert names("花瓶", at) == ["Café cup"]


def test_drafts_and_retired_items_are_found_by_staff_alone(shop: dict[str, Made], at: datetime) -> None:
    with transaction():
        service.retire(shop["headphones"].item_id, at=at)
    assert names("降噪", at) == []
    staff = queries.staff_items(StaffFilter(q="降噪"), locale="en", at=at)
    assert [row.status for row in staff.rows] == ["retired"]


def found_by_staff(q: str, at: datetime, **more: object) -> list[str]:
    found = queries.staff_items(StaffFilter(q=q, **more), locale="en", at=at)  # type: ignore[arg-type]
    return [row.slug for row in found.rows]


def test_staff_find_what_is_called_so_before_what_begins_so_and_that_before_what_only_mentions_it(
    app: Flask, at: datetime
) -> None:
    with transaction():
        for slug, name, sku in [
            ("mug", "Kettle holder", "A-1"),  # by its address
            ("big", "Mug", "A-2"),  # by its title
            ("third", "Cup", "mu.g"),  # by its SKU
            ("mug-rack", "Rack", "A-4"),
            ("tree", "Mug tree", "A-5"),
            ("fifth", "Hook", "MUG-77"),
            ("travel", "Travel mug", "A-6"),
            ("board", "Board", "A-7"),
        ]:
            about = "Goes well with a mug" if slug == "board" else "Plain"
            make_item(name, slug=slug, sku=sku, texts={"en": Text(name, about)}, at=at)
    found = found_by_staff("Mug", at)
    assert [set(found[:3]), set(found[3:6]), *found[6:]] == [
        {"mug", "big", "third"}, {"mug-rack", "tree", "fifth"}, "travel", "board",
    ]  # fmt: skip
    assert found_by_staff("mug t", at) == ["tree"]  # the beginning of a title, in the middle of a word
    assert found_by_staff("m_g", at) == []
    assert found_by_staff("Mug", at, sort="name")[0] == "board"


def test_building_the_index_anew_finds_the_same(shop: dict[str, Made], at: datetime) -> None:
    with transaction():
        assert search.reindex() == 3
    assert names("耳机", at) == BOTH
    assert names("headphonse", at)[0] == BOTH[0]


@settings(max_examples=examples(80))
@given(st.one_of(st.text(max_size=90), st.binary(max_size=60).map(lambda b: b.decode("latin-1"))))
def test_no_input_breaks_a_search(app: Flask, at: datetime, q: str) -> None:
    queries.cards(CatalogFilter(q=q, category=q, sort=q), locale="en", at=at)
    queries.cards(CatalogFilter(q=q), locale="en", at=at)
    queries.cards(CatalogFilter(kind=q), locale="en", at=at)
    queries.staff_items(StaffFilter(q=q, sort=q), locale="en", at=at)
    queries.item_page(q, locale="en", at=at)


@pytest.mark.parametrize(
    "q",
    [
        '"',
        "'",
        "*",
        "a AND",
        "NEAR(",
        "title:x",
        "a:*B",
        "!a",
        "耳机'--",
        "\\",
        "\0",
        "\ud800",
        "{title} : x",
        "a" * 10_000,
        "耳" * 5_000,
    ],
)
def test_expressions_of_the_databases_mean_nothing(app: Flask, at: datetime, q: str) -> None:
    assert names(q, at) == []


@given(st.text())
def test_tokens_hold_letters_and_digits_alone(text: str) -> None:
    for token in tokens.index_tokens([text]) | {tokens.sku_token(text)}:
        assert not token or token.isalnum() or not token.isascii(), token
        assert not set(token) & set("\"'*():&|! \0{}")


@given(st.from_regex(r"[a-z]{4,12}", fullmatch=True), st.data())
def test_one_error_in_a_word_shares_a_typo_with_it(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from("abcxyz"))
    swapped = word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :]
    for wrong in (
        word[:at] + word[at + 1 :],
        word[:at] + letter + word[at:],
        word[:at] + letter + word[at + 1 :],
        swapped,
    ):
        assert tokens.typos(word) & tokens.typos(wrong)

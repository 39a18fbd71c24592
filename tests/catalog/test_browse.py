"""The list: filters alone and together, in every language, with htmx and without a script."""

import re
from itertools import pairwise

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from mall.core.db import transaction
from mall.domain.members.models import Member
from mall.web.limits import limiter
from tests.catalog.conftest import Give
from tests.support.exploring import examples
from tests.support.items_factory import Made, make_category, make_item
from tests.support.pages import Page, PageClient

HTMX = {"HX-Request": "true"}
Shop = dict[str, Made]


def names(page: Page) -> list[str]:
    """The names on the cards, in their order."""
    return [
        "".join(card.itertext()).strip()
        for card in page.root.iter("h2")
        if "item-name" in card.get("class", "")
    ]


def found(page: Page) -> str:
    """The number found, as it is read out."""
    return next("".join(e.itertext()).strip() for e in page.root.iter("p") if e.get("id") == "found")


def chips(page: Page) -> dict[str, str]:
    """The filters that are on: their id and the address without them."""
    return {
        e.get("id", ""): e.get("href", "") for e in page.root.iter("a") if "chip-out" in e.get("class", "")
    }


def notes(page: Page) -> str:
    return " ".join("".join(e.itertext()) for e in page.root.iter("ul") if e.get("id") == "notes")


@pytest.mark.parametrize(
    ("tag", "title"), [("en", "Quiet headphones"), ("zh-Hans", "静音耳机"), ("zh-Hant", "靜音耳機")]
)
def test_the_list_is_sound_in_every_language(pages: PageClient, shop: Shop, tag: str, title: str) -> None:
    page = pages.get("/catalog", headers={"Accept-Language": tag})
    assert page.root.get("lang") == tag
    assert title in names(page)
    assert "1,200" in page.text


def test_everything_live_is_there_newest_first(pages: PageClient, shop: Shop) -> None:
    page = pages.get("/catalog")
    assert names(page) == [
        "Cinema voucher",
        "Baking course",
        "Stoneware mug",
        "Table speaker",
        "Quiet headphones",
    ]
    assert found(page) == "5 items"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("category=audio", {"Quiet headphones", "Table speaker"}),
        ("kind=service", {"Baking course"}),
        ("kind=digital&category=codes", {"Cinema voucher"}),
        ("kind=digital&category=audio", set()),
        ("min=1000", {"Quiet headphones", "Table speaker", "Cinema voucher"}),
        ("min=1000&max=5000", {"Quiet headphones", "Table speaker"}),
        ("max=800&category=kitchen", {"Stoneware mug", "Baking course"}),
        ("q=headphone", {"Quiet headphones"}),
        ("q=耳机", {"Quiet headphones"}),
        ("q=aud-01", {"Quiet headphones"}),
        ("q=speaker&max=100", set()),
        ("tier=gold&kind=goods", {"Quiet headphones", "Table speaker", "Stoneware mug"}),
    ],
)
def test_filters_narrow_the_list_together(
    pages: PageClient, shop: Shop, address: str, shown: set[str]
) -> None:
    assert set(names(pages.get(f"/catalog?{address}"))) == shown


@pytest.mark.parametrize(
    ("sort", "first", "last"),
    [("points", "Stoneware mug", "Cinema voucher"), ("-points", "Cinema voucher", "Stoneware mug"), ("newest", "Cinema voucher", "Quiet headphones")],
)  # fmt: skip
def test_the_order_can_be_chosen(pages: PageClient, shop: Shop, sort: str, first: str, last: str) -> None:
    page = pages.get(f"/catalog?sort={sort}")
    assert (names(page)[0], names(page)[-1]) == (first, last)
    assert re.search(rf'<option value="{sort}" selected', page.html)


def test_a_member_sees_what_is_within_reach_and_how_far_the_rest_is(
    pages: PageClient, shop: Shop, ben: Member, give: Give
) -> None:
    give(ben, 1_000)
    pages.sign_in(ben.email)
    page = pages.get("/catalog?sort=points")
    cards = ["".join(e.itertext()) for e in page.root.iter("article")]
    assert "sold out" in cards[0]
    assert "you can redeem this" in cards[1]
    assert "200 points to go" in cards[2]
    assert "2 left" in cards[3]
    assert "4,000 points to go" in cards[3]
    bar = next(e for e in page.root.iter("progress"))
    assert (bar.get("value"), bar.get("max")) == ("1000", "1200")


def test_one_point_is_one_point(pages: PageClient, shop: Shop, ben: Member, give: Give) -> None:
    give(ben, 1_199)
    pages.sign_in(ben.email)
    assert "1 point to go" in pages.get("/catalog?q=headphones").text


def test_what_i_can_redeem_now_is_within_my_points_and_left(
    pages: PageClient, shop: Shop, ben: Member, give: Give
) -> None:
    give(ben, 1_200)
    pages.sign_in(ben.email)
    page = pages.get("/catalog?affordable=1")
    assert names(page) == ["Baking course", "Quiet headphones"]
    assert found(page) == "2 items"


def test_a_guest_is_told_why_that_filter_cannot_help_yet(pages: PageClient, shop: Shop) -> None:
    page = pages.get("/catalog?affordable=1")
    assert len(names(page)) == 5
    assert "once you sign in" in notes(page)
    assert "/account/sign-in?next=/catalog?affordable%3D1" in page.html


def test_few_left_and_none_left_are_said_to_guests_too(pages: PageClient, shop: Shop) -> None:
    page = pages.get("/catalog")
    assert "2 left" in page.text
    assert "sold out" in page.text


def test_each_filter_is_taken_away_by_its_own_chip(pages: PageClient, shop: Shop) -> None:
    address = "/catalog?q=headphones&category=audio&kind=goods&max=2000"
    page = pages.get(address)
    assert set(chips(page)) == {"chip-q", "chip-category", "chip-kind", "chip-points"}
    assert chips(page)["chip-kind"] == "/catalog?q=headphones&category=audio&max=2000"
    for url in chips(page).values():
        assert "Quiet headphones" in names(pages.get(url))
    assert "/catalog" in page.links()


def test_a_plain_form_ends_at_an_address_worth_sharing(pages: PageClient, shop: Shop) -> None:
    answer = pages.client.get("/catalog?q=&kind=goods&min=&max=2%2C000&sort=newest")
    assert (answer.status_code, answer.location) == (302, "/catalog?kind=goods&max=2000")


def test_the_form_works_without_a_script(pages: PageClient, shop: Shop) -> None:
    page = pages.get("/catalog?category=audio&q=headphones")
    form = next(e for e in page.root.iter("form") if e.get("id") == "filter-form")
    assert (form.get("method"), form.get("action")) == ("get", "/catalog")
    kept = {e.get("name"): e.get("value") for e in form.iter("input") if e.get("type") == "hidden"}
    assert kept == {"q": "headphones", "category": "audio"}
    assert any(e.get("type") == "submit" for e in form.iter("button"))


def test_htmx_gets_the_part_that_changes_and_the_address_to_show(pages: PageClient, shop: Shop) -> None:
    answer = pages.client.get("/catalog?kind=goods&min=&max=&q=", headers=HTMX)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert answer.headers["HX-Push-Url"] == "/catalog?kind=goods"
    assert "HX-Request" in answer.headers["Vary"]
    assert html.lstrip().startswith("<title>Catalogue · ")
    assert "<html" not in html
    assert 'role="status"' in html


def test_the_number_found_takes_the_focus_when_a_chip_goes(pages: PageClient, shop: Shop) -> None:
    chip = pages.client.get("/catalog", headers={**HTMX, "HX-Source": "a#chip-kind"}).get_data(as_text=True)
    other = pages.client.get("/catalog", headers={**HTMX, "HX-Source": "input#kind-1"}).get_data(as_text=True)
    assert "autofocus" in chip
    assert "autofocus" not in other


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("min=abc", "“abc” is not a number of points"),
        ("page=0", "There is no page “0”"),
        ("category=dreams", "There is no category “dreams”"),
        ("kind=dream", "We do not know the filter “dream”"),
        ("sort=random", "We do not know the filter “random”"),
    ],
)
def test_a_bad_value_gets_a_gentle_word_and_a_usable_page(
    pages: PageClient, shop: Shop, address: str, told: str
) -> None:
    page = pages.get(f"/catalog?{address}")
    assert told in notes(page)
    assert len(names(page)) == 5


def test_a_page_after_the_last_leads_back(pages: PageClient, shop: Shop) -> None:
    page = pages.get("/catalog?kind=goods&page=7")
    assert "The list ends before this page" in page.text
    assert "/catalog?kind=goods" in page.links()


def test_a_typing_error_is_put_right_and_said(pages: PageClient, shop: Shop) -> None:
    page = pages.get("/catalog?q=hedphones")
    assert "Quiet headphones" in names(page)
    assert "Showing results for “headphones”" in notes(page)
    assert "close" in found(page)


def test_where_nothing_is_found_there_are_ways_on(pages: PageClient, shop: Shop) -> None:
    page = pages.get("/catalog?q=qqqzzz&category=audio")
    assert "Nothing found for “qqqzzz”" in page.text
    assert {"/catalog?q=qqqzzz", "/catalog?category=audio", "/catalog"} <= set(page.links())


def test_where_no_item_fits_the_nearest_are_shown(pages: PageClient, shop: Shop, ben: Member) -> None:
    pages.sign_in(ben.email)
    pages.client.get("/catalog")
    page = pages.get("/catalog?category=audio&max=10")
    assert "Nothing fits all of these filters" in page.text
    assert "Quiet headphones" in page.text
    assert "/catalog?category=audio" in page.links()


@pytest.fixture
def many(app: Flask) -> None:
    with transaction():
        make_category("audio")
        for n in range(60):
            make_item(f"Thing {n:02}", slug=f"thing-{n:02}", points=100 + n)


def test_long_lists_have_pages_with_their_neighbours(pages: PageClient, many: None) -> None:
    seen: list[str] = []
    for number in (1, 2, 3):
        page = pages.get(f"/catalog?sort=points&page={number}" if number > 1 else "/catalog?sort=points")
        seen += names(page)
        heads = {e.get("rel"): e.get("href") for e in page.root.iter("link")}
        assert heads.get("next") == (f"/catalog?sort=points&page={number + 1}" if number < 3 else None)
        assert ("prev" in heads) == (number > 1)
        assert found(page) == "60 items"
    assert seen == sorted(seen)
    assert len(seen) == 60
    assert all(a != b for a, b in pairwise(seen))


def test_the_queries_do_not_grow_with_the_list(pages: PageClient, many: None, ben: Member) -> None:
    pages.sign_in(ben.email)
    assert len(names(pages.get("/catalog", queries=4))) == 24


def test_searches_are_counted_and_looking_around_is_not(pages: PageClient, shop: Shop) -> None:
    answers = {pages.client.get(f"/catalog?q=a{n}").status_code for n in range(62)}
    assert answers == {200, 429}
    assert pages.client.get("/catalog").status_code == 200


def test_what_is_searched_for_is_shown_as_text(pages: PageClient, shop: Shop) -> None:
    attack = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    page = pages.get("/catalog", query_string={"q": attack, "min": attack, "kind": attack})
    assert "<script>alert" not in page.html
    assert "<img src=x" not in page.html
    assert "<script>alert(1)</script>" in page.text


def test_what_an_item_is_called_is_shown_as_text(pages: PageClient, app: Flask) -> None:
    with transaction():
        make_item('<b onclick="x()">Bold</b> {{ 7 * 7 }} %(n)s {0}', slug="bold")
    page = pages.get("/catalog")
    assert names(page) == ['<b onclick="x()">Bold</b> {{ 7 * 7 }} %(n)s {0}']


values = st.text(max_size=40) | st.sampled_from(
    ["0", "1", "-1", "9" * 25, "NaN", "1e9", "%00", "'; DROP TABLE item; --", '"*', "((", "é", "耳机"]
)


@settings(max_examples=examples(60))
@given(
    query=st.dictionaries(
        st.sampled_from(
            ["q", "category", "kind", "affordable", "min", "max", "tier", "sort", "page", "other"]
        ),
        values,
    )
)
def test_no_address_breaks_the_list(pages: PageClient, shop: Shop, query: dict[str, str]) -> None:
    limiter.reset()
    assert pages.client.get("/catalog", query_string=query).status_code in (200, 302)


def test_the_number_on_the_filter_button_counts_filters_and_not_the_search(
    pages: PageClient, shop: Shop
) -> None:
    def number(url: str) -> str:
        button = next(e for e in pages.get(url).root.iter("button") if "filter-open" in e.get("class", ""))
        return "".join(button.itertext()).strip().removeprefix("Filters").strip()

    assert number("/catalog?q=headphones") == ""
    assert number("/catalog?q=headphones&kind=goods") == "1"
    assert number("/catalog?kind=goods&category=audio") == "2"

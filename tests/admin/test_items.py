"""The list of items: what staff find in it, in which order, and what they take away."""

import csv
import io

import pytest
from flask import Flask

from mall.core.db import db, transaction
from mall.domain.audit import queries as audit
from mall.domain.items.models import Item
from mall.domain.members.models import Member
from tests.support.items_factory import add_way, make_category, make_item
from tests.support.pages import PageClient


def rows(html_text: str, *names: str) -> list[str]:
    """The names in the order in which they stand on the page."""
    return sorted((name for name in names if name in html_text), key=html_text.index)


def test_the_list_shows_items_of_every_status(desk: PageClient) -> None:
    with transaction():
        make_item("Travel mug", points=1_800, stock=7)
        make_item("Desk lamp", live=False)
    text = desk.get("/admin/items").text
    assert "Travel mug" in text
    assert "1,800" in text
    assert "Desk lamp" in text
    assert "Draft" in text


def test_the_list_is_narrowed_by_words_status_category_kind_and_what_runs_out(desk: PageClient) -> None:
    with transaction():
        make_item("Travel mug", stock=3, category="cups", sku="MUG-7")
        make_item("Desk lamp", stock=90, category="rooms", live=False)
        make_item("Spa visit", stock=None, category="rooms", kind="service")
    for query, names in {
        "q=mug": ["Travel mug"],
        "q=MUG-7": ["Travel mug"],
        "status=draft": ["Desk lamp"],
        "category=cups": ["Travel mug"],
        "kind=service": ["Spa visit"],
        "low=1": ["Travel mug"],
        "status=nonsense": ["Desk lamp", "Spa visit", "Travel mug"],
    }.items():
        text = desk.get(f"/admin/items?{query}").text
        assert sorted(rows(text, "Travel mug", "Desk lamp", "Spa visit")) == names, query
    assert "No item fits" in desk.get("/admin/items?q=umbrella").text


@pytest.mark.parametrize(
    "query", ["q=%00", "category=../..", "page=99999999999999", "sort=drop", "q=%22%27%28"]
)
def test_odd_words_in_the_address_do_no_harm(desk: PageClient, query: str) -> None:
    desk.get(f"/admin/items?{query}")


def test_column_heads_sort_both_ways(desk: PageClient) -> None:
    with transaction():
        make_item("Cheap", points=10, stock=30)
        make_item("Dear", points=9_000, stock=2)
    for sort, first in {"points": "Cheap", "-points": "Dear", "stock": "Dear", "-stock": "Cheap"}.items():
        assert rows(desk.get(f"/admin/items?sort={sort}").text, "Cheap", "Dear")[0] == first
    assert "/admin/items?sort=-points" in desk.get("/admin/items?sort=points").links()


def test_a_long_list_comes_page_by_page_with_the_same_number_of_queries(desk: PageClient) -> None:
    with transaction():
        for n in range(55):
            make_item(f"Item no {n:02d}")
    first = desk.get("/admin/items?sort=name")
    assert "/admin/items?sort=name&page=2" in first.links()
    second = desk.get("/admin/items?sort=name&page=2")
    assert "Item no 54" in second.text
    assert len(first.queries) == len(second.queries) <= 4


def test_the_file_holds_the_filtered_list_and_no_formula(desk: PageClient) -> None:
    with transaction():
        make_item('=cmd|"/c calc"!A1', sku="EVIL-1", value=12_300)
        make_item("Lamp", live=False)
    answer = desk.client.get("/admin/items.csv?status=live")
    assert answer.mimetype == "text/csv"
    table = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert [row["name"] for row in table] == ['\'=cmd|"/c calc"!A1']
    assert (table[0]["sku"], table[0]["points"], table[0]["value"]) == ("EVIL-1", "1000", "123.00")


def new(category: int, **changed: str) -> dict[str, str]:
    """A form for a new item."""
    return {
        "slug": "travel-mug", "kind": "goods", "category": str(category), "value": "89.00",
        "name_en": "Travel mug", "name_zh_hans": "旅行杯", "name_zh_hant": "旅行杯", "version": "0",
        "sku": "MUG-1", "points": "1800", "stock": "12", **changed,
    }  # fmt: skip


def test_a_new_item_is_a_draft_with_a_variant_a_price_and_a_record(desk: PageClient, ivy: Member) -> None:
    with transaction():
        category = make_category().id
    answer = desk.post("/admin/items/new", new(category))
    page = desk.get(answer.response.headers["Location"])
    assert page.h1 == "Travel mug"
    assert "Draft" in page.text
    item = db.session.query(Item).one()
    assert (item.status, item.value) == ("draft", 8_900)
    assert "1,800" in desk.get(f"/admin/items/{item.id}/prices").text
    record = audit.trail(subject=("item", item.id))[0]
    assert (record.action, record.actor_id) == ("item.create", ivy.id)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("slug", "Travel Mug!", "cannot be part of an address"),
        ("sku", "bad sku", "cannot be an SKU"),
        ("name_en", "", "Please fill this in"),
        ("value", "1e9", "such as 899.00"),
        ("points", "１００", "whole number"),
        ("points", "0", "from 1 to"),
        ("points", "-5", "whole number"),
        ("stock", "1.5", "whole number"),
        ("kind", "nonsense", "Please choose one of the options."),
    ],
)
def test_a_new_item_is_refused_at_the_field_that_is_wrong(
    desk: PageClient, field: str, value: str, said: str
) -> None:
    with transaction():
        category = make_category().id
    page = desk.post("/admin/items/new", new(category, **{field: value}), status=422)
    assert said in page.text
    assert db.session.query(Item).count() == 0


def test_the_same_new_item_twice_is_made_once(desk: PageClient) -> None:
    with transaction():
        category = make_category().id
    desk.post("/admin/items/new", new(category))
    page = desk.post("/admin/items/new", new(category), status=409)
    assert "already used" in page.text
    assert db.session.query(Item).count() == 1


def test_fields_that_are_not_ours_are_passed_over(desk: PageClient, app: Flask) -> None:
    with transaction():
        category = make_category().id
    desk.post("/admin/items/new", new(category, status="live", id="1", popularity="99999"))
    item = db.session.query(Item).one()
    assert (item.status, item.popularity) == ("draft", 0)


@pytest.mark.parametrize(
    ("kind", "numbers", "words"),
    [
        ("cash", {"cash": 3_000}, "¥30.00"),
        ("combo", {"points": 2_000, "cash": 3_000}, "2,000 points + ¥30.00"),
        ("range", {"points": 10_000, "cash": 10_000, "max_points": 9_000}, "9,000 points + ¥10.00"),
    ],
)
def test_the_list_of_items_shows_points_and_cash(
    desk: PageClient, kind: str, numbers: dict[str, int], words: str
) -> None:
    with transaction():
        made = make_item("Lamp", points=None, live=False)
        add_way(made.item_id, kind, **numbers)
    text = desk.get("/admin/items").text
    assert words in text
    assert "0 points +" not in text.replace(words, "")

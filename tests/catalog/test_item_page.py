"""One item: what it costs now and next, what is left, whether the points are enough, and how to get it."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from mall.core.actor import SYSTEM
from mall.core.db import transaction
from mall.domain.items import service
from mall.domain.items.offers import add_offer, set_price
from mall.domain.items.service import Limits, Text
from mall.domain.members.models import Member
from tests.catalog.conftest import Give, soon
from tests.support.items_factory import Made, make_item
from tests.support.pages import Page, PageClient

Shop = dict[str, Made]


def basket_form(page: Page) -> dict[str, list[str]]:
    """The fields of the form that redeems, with their values; empty where there is none."""
    fields: dict[str, list[str]] = {}
    for form in page.root.iter("form"):
        if form.get("action") == "/basket":
            for e in [*form.iter("input"), *form.iter("button")]:
                if e.get("name") and e.get("disabled") is None:
                    fields.setdefault(e.get("name", ""), []).append(e.get("value", ""))
    return fields


def head(page: Page) -> dict[str, str]:
    """What the page says about itself to those who share or index it."""
    named = {e.get("name") or e.get("property") or "": e.get("content", "") for e in page.root.iter("meta")}
    return named | {e.get("rel", ""): e.get("href", "") for e in page.root.iter("link")}


@pytest.mark.parametrize(
    ("tag", "name"), [("en", "Quiet headphones"), ("zh-Hans", "静音耳机"), ("zh-Hant", "靜音耳機")]
)
def test_the_page_is_sound_in_every_language(pages: PageClient, shop: Shop, tag: str, name: str) -> None:
    page = pages.get("/catalog/headphones", headers={"Accept-Language": tag})
    assert page.h1 == name
    assert "1,200" in page.text


def test_it_tells_others_what_it_is(pages: PageClient, shop: Shop) -> None:
    told = head(pages.get("/catalog/headphones", headers={"Accept-Language": "zh-Hans"}))
    assert told["canonical"] == "http://127.0.0.1:8000/catalog/headphones"
    assert told["description"] == told["og:description"] == "安静地听"
    assert told["og:title"] == "静音耳机"
    assert told["og:url"] == told["canonical"]


def test_a_member_with_enough_sees_what_is_left_afterwards(
    pages: PageClient, shop: Shop, mei: Member, give: Give
) -> None:
    give(mei, 5_000)
    pages.sign_in(mei.email)
    page = pages.get("/catalog/headphones")
    assert "You can redeem this" in page.text
    assert "3,800 points are left of your balance afterwards." in page.text
    form = basket_form(page)
    assert form["variant_id"] == [str(shop["headphones"].variant_id)]
    assert form["next"] == ["checkout"]
    assert form["csrf_token"][0]


def test_a_member_who_is_short_sees_how_far_it_is(
    pages: PageClient, shop: Shop, ben: Member, give: Give
) -> None:
    give(ben, 880)
    pages.sign_in(ben.email)
    page = pages.get("/catalog/headphones")
    assert "320 points to go" in page.text
    assert "You have 880 of 1,200 points." in page.text
    bar = next(e for e in page.root.iter("progress"))
    assert (bar.get("value"), bar.get("max")) == ("880", "1200")
    assert "/account/points" in page.links()
    assert "next" not in basket_form(page)


def test_a_guest_may_begin_and_is_asked_to_sign_in(pages: PageClient, shop: Shop) -> None:
    page = pages.get("/catalog/headphones")
    assert "Sign in to see whether your points are enough." in page.text
    assert f"/account/sign-in?next=/catalog/headphones&wish={shop['headphones'].item_id}" in page.links()
    assert basket_form(page)["next"] == ["checkout"]


def test_each_variant_says_what_is_left_and_what_it_costs(pages: PageClient, app: Flask) -> None:
    with transaction():
        made = make_item("Shirt", slug="shirt", points=900, stock=[9, 2, 0])
        for variant, size in zip(made.variants, ("S", "M", "L"), strict=True):
            service.edit_variant(variant.id, options={"en": f"Size: {size}"}, at=datetime.now(UTC))
        dearer = add_offer(made.item_id, variant_id=made.variants[1].id, at=datetime.now(UTC))
        now = datetime.now(UTC)
        set_price(dearer.id, points=1_000, starts_at=now, actor=SYSTEM, at=now)
    page = pages.get("/catalog/shirt")
    radios = {e.get("value"): e for e in page.root.iter("input") if e.get("name") == "variant_id"}
    small, middle, large = (radios[str(v.id)] for v in made.variants)
    assert small.get("checked") is not None
    assert large.get("disabled") is not None
    legend = next("".join(e.itertext()) for e in page.root.iter("legend"))
    assert legend == "Size"
    labels = {e.get("for"): " ".join("".join(e.itertext()).split()) for e in page.root.iter("label")}
    assert labels[small.get("id")].startswith("S")
    assert "2 left" in labels[middle.get("id")]
    assert "1,000 points" in labels[middle.get("id")]
    assert "sold out" in labels[large.get("id")]
    assert "from 900 points" in page.text


def test_a_price_that_changes_is_told_before(pages: PageClient, shop: Shop) -> None:
    with transaction():
        set_price(
            shop["headphones"].offer_id,
            points=2_000,
            starts_at=soon(days=40),
            actor=SYSTEM,
            at=datetime.now(UTC),
        )
    page = pages.get("/catalog/headphones")
    assert "2,000 points from " in page.text
    assert "1,200 points" in page.text


def test_an_item_that_will_have_a_price_says_when(pages: PageClient, app: Flask) -> None:
    with transaction():
        made = make_item("Lamp", slug="lamp", points=None, live=False)
        set_price(made.offer_id, points=700, starts_at=soon(days=3), actor=SYSTEM, at=datetime.now(UTC))
        service.publish(made.item_id, at=datetime.now(UTC))
    page = pages.get("/catalog/lamp")
    assert "700 points from " in page.text
    assert basket_form(page) == {}


def test_what_is_sold_out_says_so_and_offers_the_wish_list(
    pages: PageClient, shop: Shop, mei: Member, give: Give
) -> None:
    give(mei, 5_000)
    pages.sign_in(mei.email)
    page = pages.get("/catalog/mug")
    assert "Sold out" in page.text
    assert "wish list" in page.text
    assert basket_form(page) == {}


def test_few_left_bound_the_number_that_can_be_asked_for(pages: PageClient, shop: Shop) -> None:
    page = pages.get("/catalog/speaker")
    assert "2 left" in page.text
    quantity = next(e for e in page.root.iter("input") if e.get("name") == "quantity")
    assert quantity.get("max") == "2"


def test_limits_bound_it_too_and_are_said(pages: PageClient, app: Flask) -> None:
    with transaction():
        make_item("Ticket", slug="ticket", limits=Limits(per_order=3, ever=1))
        make_item("Card", slug="card", limits=Limits(per_order=3))
    page = pages.get("/catalog/ticket")
    assert "At most 1 for each member" in page.text
    assert basket_form(page)["quantity"] == ["1"]
    assert "At most 3 in one order" in pages.get("/catalog/card").text


@pytest.mark.parametrize(
    ("slug", "note"),
    [("headphones", "Sent to your address"), ("course", "A service"), ("voucher", "Digital")],
)
def test_how_it_arrives_is_said_before(pages: PageClient, shop: Shop, slug: str, note: str) -> None:
    assert note in pages.get(f"/catalog/{slug}").text


def test_what_is_like_it_stands_below_and_not_itself(pages: PageClient, shop: Shop) -> None:
    page = pages.get("/catalog/headphones")
    below = [e.get("href") for e in page.root.iter("a") if (e.get("href") or "").startswith("/catalog/")]
    assert below == ["/catalog/speaker"]


def test_a_draft_is_not_there(pages: PageClient, app: Flask) -> None:
    with transaction():
        make_item("Secret", slug="secret", live=False)
    assert "Secret" not in pages.get("/catalog/secret", status=404).html
    pages.get("/catalog/never-was", status=404)


def test_a_retired_item_says_so_and_shows_others(pages: PageClient, shop: Shop) -> None:
    with transaction():
        service.retire(shop["headphones"].item_id, at=datetime.now(UTC))
    page = pages.get("/catalog/headphones", status=410)
    assert page.h1 == "Quiet headphones is no longer offered"
    assert "Table speaker" in page.text
    assert "/catalog?category=audio" in page.links()


def test_a_member_costs_few_queries(pages: PageClient, shop: Shop, mei: Member) -> None:
    pages.sign_in(mei.email)
    pages.get("/catalog/headphones", queries=4)


def test_a_description_is_shown_as_it_was_made_safe(pages: PageClient, app: Flask) -> None:
    bad = "**Good** <script>alert(1)</script>\n\n[x](javascript:alert(1))\n\n# Big"
    with transaction():
        make_item(
            "Cup", slug="cup", texts={"en": Text('Cup "><script>x</script>', '"><script>y</script>', bad)}
        )
    page = pages.get("/catalog/cup")
    assert "<strong>Good</strong>" in page.html
    assert "<script>alert" not in page.html
    assert "<script>x" not in page.html
    assert "<script>y" not in page.html
    assert not [e for e in page.root.iter("a") if "javascript:" in (e.get("href") or "")]


@pytest.mark.parametrize("kind", ["goods", "service"])
def test_where_cash_may_be_due_it_is_said_to_come_back_too(pages: PageClient, app: Flask, kind: str) -> None:
    with transaction():
        make_item("Vase", slug="vase", kind=kind, points=500, cash=2_000)
        make_item("Cup", slug="cup", kind=kind, points=500)
    card = "your points come back, valid as long as before. The cash goes back to the card that paid it."
    assert card in pages.get("/catalog/vase").text
    assert "goes back to the card" not in pages.get("/catalog/cup").text

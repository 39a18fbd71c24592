"""The wish list: hearts, the way to each goal, and taking back what was taken off."""

import re
from datetime import UTC, datetime

import pytest
from flask import Flask

from mall.core.db import db, transaction
from mall.domain.items import service, wishes
from mall.domain.items.models import Wish
from mall.domain.members.models import Member
from tests.catalog.conftest import Give
from tests.support.items_factory import Made
from tests.support.pages import Page, PageClient

HTMX = {"HX-Request": "true"}
Shop = dict[str, Made]


def listed(page: Page) -> list[str]:
    return ["".join(e.itertext()) for e in page.root.iter("h2") if "wish-name" in e.get("class", "")]


def wished(member: Member) -> int:
    return db.session.query(Wish).filter_by(member_id=member.id).count()


def wish(member: Member, *made: Made) -> None:
    with transaction():
        for one in made:
            wishes.add(member.id, one.item_id, at=datetime.now(UTC))


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
def test_the_list_is_sound_in_every_language(
    pages: PageClient, shop: Shop, mei: Member, give: Give, language: str
) -> None:
    give(mei, 1_000)
    wish(mei, *shop.values())
    pages.sign_in(mei.email)
    pages.client.set_cookie("lang", language)
    with transaction():
        db.session.get_one(Member, mei.id).language = language
    assert pages.get("/account/wishlist", queries=4).root.get("lang") == language


def test_an_empty_list_says_how_to_fill_it(pages: PageClient, mei: Member) -> None:
    pages.sign_in(mei.email)
    page = pages.get("/account/wishlist")
    assert "Touch the heart" in page.text
    assert "/catalog" in page.links()


def test_a_guest_is_asked_to_sign_in(pages: PageClient, shop: Shop) -> None:
    answer = pages.client.get("/account/wishlist")
    assert (answer.status_code, answer.location) == (303, "/account/sign-in?next=/account/wishlist")
    assert heart_of_a_guest(shop["headphones"]) in pages.get("/catalog").links()


def test_a_guests_heart_leads_to_the_sign_in_and_back(pages: PageClient, shop: Shop) -> None:
    speaker = shop["speaker"].item_id
    url = f"/account/wishlist/{speaker}"
    answer = pages.post(url, {"on": "1", "next": "/catalog?q=speaker"}, page="/catalog/speaker")
    assert answer.response.location == f"/account/sign-in?next=/catalog?q%3Dspeaker&wish={speaker}"
    assert db.session.query(Wish).count() == 0


def heart_of_a_guest(made: Made) -> str:
    return f"/account/sign-in?next=/catalog/{made.item.slug}&wish={made.item_id}"


def sign_in_from(pages: PageClient, url: str, member: Member) -> str:
    """Sign in through the form at that address; where one lands."""
    fields = [e for e in pages.get(url).root.iter("input") if e.get("id") == "next"]
    target = fields[0].get("value")
    form = {"email": member.email, "password": "mall-demo-2026", "next": target}
    return str(pages.post("/account/sign-in", form).response.location)


def test_a_guests_heart_is_on_the_list_after_signing_in(pages: PageClient, shop: Shop, mei: Member) -> None:
    assert sign_in_from(pages, heart_of_a_guest(shop["speaker"]), mei) == "/catalog/speaker"
    page = pages.get("/catalog/speaker")
    assert "It is on your wish list." in page.text
    assert "Take Table speaker off your wish list" in page.html
    assert "wish list." not in pages.get("/catalog/speaker").text


def test_all_hearts_of_a_visit_are_kept_and_one_of_an_item_that_is_gone_stops_nothing(
    pages: PageClient, shop: Shop, mei: Member
) -> None:
    pages.get(heart_of_a_guest(shop["speaker"]))
    pages.get("/account/sign-in?wish=999999")
    pages.get("/account/sign-in?wish=１")
    sign_in_from(pages, heart_of_a_guest(shop["headphones"]), mei)
    assert wished(mei) == 2
    assert "2 items are on your wish list." in pages.get("/account").text


def test_a_full_list_lets_one_in_all_the_same_and_says_so(
    pages: PageClient, shop: Shop, mei: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wishes, "MOST_WISHES", 0)
    sign_in_from(pages, heart_of_a_guest(shop["speaker"]), mei)
    assert "takes no more" in pages.get("/account").text
    assert wished(mei) == 0


def test_a_link_to_the_sign_in_puts_nothing_on_the_list_of_one_who_is_in(
    pages: PageClient, shop: Shop, mei: Member
) -> None:
    pages.sign_in(mei.email)
    pages.client.get(heart_of_a_guest(shop["speaker"]))
    assert wished(mei) == 0
    pages.post("/account/sign-out", page="/account")
    pages.sign_in(mei.email)
    assert wished(mei) == 0


def test_the_heart_works_without_a_script(pages: PageClient, shop: Shop, mei: Member) -> None:
    pages.sign_in(mei.email)
    url = f"/account/wishlist/{shop['speaker'].item_id}"
    answer = pages.post(url, {"on": "1", "next": "/catalog?category=audio"}, page="/catalog")
    assert answer.response.location == "/catalog?category=audio"
    page = pages.get("/catalog?category=audio")
    assert "It is on your wish list." in page.text
    assert "Take Table speaker off your wish list" in page.html
    pages.post(url, {"on": "0", "next": "/catalog"}, page="/catalog")
    assert wished(mei) == 0


def test_the_heart_does_not_lead_out_of_the_mall(pages: PageClient, shop: Shop, mei: Member) -> None:
    pages.sign_in(mei.email)
    url = f"/account/wishlist/{shop['speaker'].item_id}"
    answer = pages.post(url, {"on": "1", "next": "https://evil.example/"}, page="/catalog")
    assert answer.response.location == "/account/wishlist"


def test_htmx_gets_the_new_heart(pages: PageClient, shop: Shop, mei: Member) -> None:
    pages.sign_in(mei.email)
    url = f"/account/wishlist/{shop['speaker'].item_id}"
    on = pages.post(url, {"on": "1"}, page="/catalog", status=200, headers=HTMX)
    assert on.html.strip().startswith("<button")
    assert 'value="0"' in on.html
    assert "data-on" in on.html
    off = pages.post(url, {"on": "0"}, page="/catalog", status=200, headers=HTMX)
    assert 'value="1"' in off.html


def test_wishing_twice_is_wishing_once(pages: PageClient, shop: Shop, mei: Member) -> None:
    pages.sign_in(mei.email)
    for _ in range(2):
        pages.post(f"/account/wishlist/{shop['mug'].item_id}", {"on": "1"}, page="/catalog")
    assert wished(mei) == 1


def test_what_is_not_offered_cannot_be_wished_for(pages: PageClient, shop: Shop, mei: Member) -> None:
    pages.sign_in(mei.email)
    pages.post("/account/wishlist/999999", {"on": "1"}, page="/catalog", status=404)
    with transaction():
        service.retire(shop["speaker"].item_id, at=datetime.now(UTC))
    pages.post(f"/account/wishlist/{shop['speaker'].item_id}", {"on": "1"}, page="/catalog", status=404)


def test_no_list_grows_without_end(
    pages: PageClient, shop: Shop, mei: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wishes, "MOST_WISHES", 2)
    wish(mei, shop["mug"], shop["course"])
    pages.sign_in(mei.email)
    answer = pages.post(
        f"/account/wishlist/{shop['speaker'].item_id}", {"on": "1"}, page="/catalog", status=409
    )
    assert "takes no more" in answer.text
    wish(mei, shop["mug"])


def test_a_heart_needs_the_forms_secret(pages: PageClient, shop: Shop, mei: Member) -> None:
    pages.sign_in(mei.email)
    answer = pages.client.post(f"/account/wishlist/{shop['mug'].item_id}", data={"on": "1"})
    assert answer.status_code == 419
    assert wished(mei) == 0


def test_what_can_be_redeemed_comes_first_and_then_the_nearest(
    pages: PageClient, shop: Shop, mei: Member, give: Give
) -> None:
    give(mei, 1_000)
    wish(mei, *shop.values())
    with transaction():
        service.retire(shop["headphones"].item_id, at=datetime.now(UTC))
    pages.sign_in(mei.email)
    page = pages.get("/account/wishlist")
    assert listed(page) == [
        "Baking course",
        "Table speaker",
        "Cinema voucher",
        "Stoneware mug",
        "Quiet headphones",
    ]
    assert "You can redeem 1 of 5 now." in page.text
    assert "4,000 points to go" in page.text
    assert "1,000 of 5,000 points" in page.text
    assert "not offered at present" in page.text
    assert [(e.get("value"), e.get("max")) for e in page.root.iter("progress")] == [
        ("800", "800"), ("1000", "5000"), ("1000", "20000"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sort", "first"),
    [("newest", "Cinema voucher"), ("points", "Stoneware mug"), ("nonsense", "Baking course")],
)
def test_the_order_can_be_chosen(
    pages: PageClient, shop: Shop, mei: Member, give: Give, sort: str, first: str
) -> None:
    give(mei, 1_000)
    for made in shop.values():
        wish(mei, made)
    pages.sign_in(mei.email)
    assert listed(pages.get(f"/account/wishlist?sort={sort}"))[0] == first


def test_what_was_taken_off_can_be_put_back_without_a_script(
    pages: PageClient, shop: Shop, mei: Member
) -> None:
    wish(mei, shop["speaker"])
    pages.sign_in(mei.email)
    url = f"/account/wishlist/{shop['speaker'].item_id}"
    answer = pages.post(url, {"on": "0", "from": "list"}, page="/account/wishlist")
    back = answer.response.location
    assert re.fullmatch(r"/account/wishlist\?removed=\d+", back)
    page = pages.get(back)
    assert "Put it back" in page.text
    assert listed(page) == []
    pages.post(url, {"on": "1", "from": "list", "next": "/account/wishlist"}, page=back)
    page = pages.get("/account/wishlist")
    assert listed(page) == ["Table speaker"]
    assert "Put it back" not in page.text


def test_htmx_puts_the_way_back_in_the_place_of_the_row(pages: PageClient, shop: Shop, mei: Member) -> None:
    wish(mei, shop["speaker"])
    pages.sign_in(mei.email)
    url = f"/account/wishlist/{shop['speaker'].item_id}"
    gone = pages.post(url, {"on": "0", "from": "list"}, page="/account/wishlist", status=200, headers=HTMX)
    assert "Table speaker is off your wish list." in gone.text
    assert "Put it back" in gone.text
    row = pages.post(url, {"on": "1", "from": "list"}, page="/account/wishlist", status=200, headers=HTMX)
    assert listed(row) == ["Table speaker"]


@pytest.mark.parametrize("removed", ["abc", "-1", "9" * 40, "<b>", "１"])
def test_an_address_that_removes_nothing_shows_the_list(pages: PageClient, mei: Member, removed: str) -> None:
    pages.sign_in(mei.email)
    page = pages.get("/account/wishlist", query_string={"removed": removed})
    assert "Put it back" not in page.text


def test_nobody_sees_anothers_wishes(pages: PageClient, shop: Shop, mei: Member, zoe: Member) -> None:
    wish(mei, shop["speaker"])
    pages.sign_in(zoe.email)
    assert listed(pages.get("/account/wishlist")) == []
    assert "Take Table speaker off" not in pages.get("/catalog").html
    pages.post(f"/account/wishlist/{shop['speaker'].item_id}", {"on": "0"}, page="/catalog")
    assert wished(mei) == 1


def test_hearts_are_filled_everywhere(pages: PageClient, shop: Shop, mei: Member, app: Flask) -> None:
    wish(mei, shop["speaker"])
    pages.sign_in(mei.email)
    for url in ("/", "/catalog", "/catalog/speaker", "/catalog/headphones"):
        assert "Take Table speaker off your wish list" in pages.get(url).html, url

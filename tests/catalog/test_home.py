"""The window: what a guest and what a member sees first."""

from datetime import UTC, datetime

import pytest

from mall.core.db import transaction
from mall.domain.members.models import Member
from mall.worker.schedule import JOBS
from tests.catalog.conftest import Give, soon
from tests.support.items_factory import Made, add_way, make_item
from tests.support.orders_factory import place_order
from tests.support.pages import Page, PageClient

Shop = dict[str, Made]


def rows(page: Page) -> dict[str, list[str]]:
    """The names on the cards under each heading."""
    found = {}
    for section in page.root.iter("section"):
        heading = next((e for e in section.iter("h2")), None)
        if heading is not None:
            found["".join(heading.itertext())] = [
                "".join(e.itertext()) for e in section.iter("h3") if "item-name" in e.get("class", "")
            ]
    return found


@pytest.mark.parametrize("tag", ["en", "zh-Hans", "zh-Hant"])
def test_the_window_is_sound_in_every_language(pages: PageClient, shop: Shop, tag: str) -> None:
    page = pages.get("/", headers={"Accept-Language": tag})
    assert page.root.get("lang") == tag


def test_a_guest_learns_what_this_is_and_how_to_join(pages: PageClient, shop: Shop) -> None:
    page = pages.get("/")
    assert page.h1 == "Good things for your points"
    assert {"/account/sign-up", "/account/sign-in"} <= set(page.links())
    assert "Every purchase brings you points" in page.text


def test_what_is_new_and_the_categories_stand_in_the_window(pages: PageClient, shop: Shop) -> None:
    page = pages.get("/")
    assert rows(page)["New arrivals"] == [
        "Cinema voucher",
        "Baking course",
        "Table speaker",
        "Quiet headphones",
    ]
    assert {"/catalog?category=audio", "/catalog?category=kitchen"} <= set(page.links())


def test_nothing_that_is_sold_out_stands_in_the_window(pages: PageClient, shop: Shop) -> None:
    assert "Stoneware mug" not in pages.get("/").text


def test_an_empty_mall_has_a_window_too(pages: PageClient) -> None:
    assert "The shelves are still empty" in pages.get("/").text


def test_a_member_sees_the_balance_and_how_many_things_it_is_enough_for(
    pages: PageClient, shop: Shop, mei: Member, give: Give
) -> None:
    give(mei, 6_000)
    pages.sign_in(mei.email)
    page = pages.get("/")
    assert page.h1 == "Hello, Mei"
    assert "6,000 points" in page.text
    assert "You can redeem 3 things now" in page.text
    assert "/catalog?affordable=1" in page.links()
    assert set(rows(page)["Yours for the points you have"]) == {
        "Table speaker",
        "Quiet headphones",
        "Baking course",
    }


def test_one_thing_is_one_thing(pages: PageClient, shop: Shop, ben: Member, give: Give) -> None:
    give(ben, 800)
    pages.sign_in(ben.email)
    assert "You can redeem 1 thing now" in pages.get("/").text


def test_what_expires_next_is_said_with_what_it_is_enough_for(
    pages: PageClient, shop: Shop, mei: Member, give: Give
) -> None:
    give(mei, 5_000)
    give(mei, 1_300, expires_at=soon(days=20))
    pages.sign_in(mei.email)
    page = pages.get("/")
    assert "1,300 points expire on" in page.text
    assert "They are enough for this: Quiet headphones 1,200 points" in page.text


def test_the_price_is_said_that_the_expiring_points_are_enough_for(
    pages: PageClient, shop: Shop, mei: Member, give: Give
) -> None:
    with transaction():
        made = make_item("Cat tree", points=32_800)
        add_way(made.item_id, "combo", points=1_000, cash=16_000, position=1, tier_discount="none")
    give(mei, 40_000)
    give(mei, 1_300, expires_at=soon(days=20))
    pages.sign_in(mei.email)
    assert "They are enough for this: Cat tree 1,000 points + ¥160.00" in pages.get("/").text


def test_expiring_points_that_are_enough_for_nothing_promise_nothing(
    pages: PageClient, shop: Shop, mei: Member, give: Give
) -> None:
    give(mei, 100, expires_at=soon(days=20))
    pages.sign_in(mei.email)
    page = pages.get("/")
    assert "100 points expire on" in page.text
    assert "They are enough" not in page.text


def test_a_member_with_little_sees_what_is_nearest(pages: PageClient, shop: Shop, zoe: Member) -> None:
    pages.sign_in(zoe.email)
    page = pages.get("/")
    assert rows(page)["Within reach first"][0] == "Baking course"
    assert "You can redeem" not in page.text
    assert "800 points to go" in page.text


def test_no_item_stands_in_two_rows(pages: PageClient, shop: Shop, mei: Member, give: Give) -> None:
    give(mei, 6_000)
    pages.sign_in(mei.email)
    shown = [name for row in rows(pages.get("/")).values() for name in row]
    assert len(shown) == len(set(shown))


def test_a_member_costs_few_queries(pages: PageClient, shop: Shop, mei: Member, give: Give) -> None:
    give(mei, 6_000)
    pages.sign_in(mei.email)
    pages.get("/", queries=4)


def test_no_category_takes_a_whole_row_while_others_have_something(pages: PageClient, shop: Shop) -> None:
    with transaction():
        for n in range(5):
            make_item(f"Tea {n}", category="tea", at=datetime.now(UTC))
    assert rows(pages.get("/"))["New arrivals"] == ["Tea 4", "Tea 3", "Cinema voucher", "Baking course"]


def test_redeemed_most_often_is_what_was_redeemed(
    pages: PageClient, shop: Shop, mei: Member, give: Give
) -> None:
    assert "Redeemed most often" not in rows(pages.get("/"))
    with transaction():
        for n in range(4):
            make_item(f"Tea {n}", category=f"tea-{n}", at=datetime.now(UTC))
    now = datetime.now(UTC)
    give(mei, 6_000)
    place_order(mei.id, (shop["headphones"].variant_id, 1), at=now)
    assert next(job for job in JOBS if job.name == "items.popularity").run(now) == 1
    assert rows(pages.get("/"))["Redeemed most often"] == ["Quiet headphones"]

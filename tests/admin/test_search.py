"""The one box that finds anything, and the desk's first page."""

from datetime import timedelta

import pytest

from mall.core import clock
from mall.core.actor import SYSTEM
from mall.core.db import transaction
from mall.domain.items import service
from mall.domain.members.models import Member
from mall.domain.orders.service import Placed
from tests.support.items_factory import Made, add_way, make_item
from tests.support.orders_factory import give_points, place_order
from tests.support.pages import PageClient


@pytest.fixture
def mug(ada: Member, pages: PageClient) -> Made:
    """A travel mug; the administrator, who may enter every room, is at the desk."""
    pages.sign_in("ada@example.com")
    with transaction():
        return make_item("Travel mug", sku="MUG-7", stock=3)


@pytest.fixture
def order(mug: Made, mei: Member) -> Placed:
    """Mei's order of a mug."""
    with transaction():
        give_points(mei.id, 5_000, at=clock.now())
    return place_order(mei.id, (mug.variant_id, 1), at=clock.now())


def goes_to(pages: PageClient, q: str) -> str:
    """Where the box leads."""
    answer = pages.client.get("/admin/search", query_string={"q": q})
    assert answer.status_code == 303
    return answer.headers["Location"]


def test_one_member_one_order_one_item_are_gone_to_at_once(
    pages: PageClient, mug: Made, order: Placed, mei: Member
) -> None:
    assert goes_to(pages, order.number) == f"/admin/orders/{order.number}"
    assert goes_to(pages, order.number.lower()) == f"/admin/orders/{order.number}"
    for q in ("mei@example.com", mei.number, " MEI@example.com "):
        assert goes_to(pages, q) == f"/admin/members/{mei.number}"
    for q in ("MUG-7", "mug-7", "travel mug"):
        assert goes_to(pages, q) == f"/admin/items/{mug.item_id}"


def test_what_fits_several_is_listed_in_groups(pages: PageClient, mug: Made) -> None:
    with transaction():
        make_item("Coffee mug", points=2_000, cash=3_000)
    page = pages.get("/admin/search?q=mug")
    assert "Travel mug" in page.text
    assert "Coffee mug" in page.text
    assert "2,000 points + ¥30.00" in page.text


@pytest.mark.parametrize("q", ["", "umbrella", "%", "_", "' OR 1=1", "\x00"])
def test_nothing_that_fits_is_said_in_words(pages: PageClient, mug: Made, q: str) -> None:
    page = pages.get("/admin/search", query_string={"q": q})
    assert "Travel mug" not in page.text


def test_the_box_finds_nothing_of_rooms_that_are_closed(desk: PageClient, mei: Member) -> None:
    page = desk.get("/admin/search?q=mei@example.com")
    assert mei.number not in page.text


def test_the_first_page_says_what_waits(pages: PageClient, mug: Made, order: Placed) -> None:
    at = clock.now()
    with transaction():
        make_item("Desk lamp", live=False)
        service.set_price(mug.offer_id, points=777, starts_at=at + timedelta(days=2), actor=SYSTEM, at=at)
        combo = add_way(mug.item_id, "combo", points=2_000, cash=3_000, position=1)
        service.set_price(
            combo, points=1_500, cash=2_500, starts_at=at + timedelta(days=3), actor=SYSTEM, at=at
        )
    text = pages.get("/admin").text
    for words in (
        "Orders to send1",
        "Running out1",
        "Drafts1",
        "Live items1",
        "777 points",
        "1,500 points + ¥25.00",
        "2 left",
    ):
        assert words.replace(" ", "") in text.replace(" ", ""), words


def test_the_first_page_of_who_sees_no_orders_names_none(desk: PageClient) -> None:
    assert "Orders to send" not in desk.get("/admin").text

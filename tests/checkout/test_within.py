"""A basket that takes more points than the member has: one press pays with what there is, and with cash for the rest."""

import pytest

from mall.core import clock
from mall.core.db import transaction
from mall.domain.items import offers
from mall.domain.members.models import Member
from tests.support.items_factory import Made
from tests.support.orders_factory import give_points
from tests.support.pages import Page, PageClient

#: Mei has 1,000 points.
pytestmark = pytest.mark.usefixtures("rich")

OFFER = "Pay with what I have"


def put(pages: PageClient, made: Made, kind: str = "points", **asked: object) -> Page:
    offer = next(offer.id for offer in offers.offers(made.item_id) if offer.kind == kind)
    form = {"variant_id": made.variant_id, "offer": offer, **asked}
    pages.post("/basket", form, page=f"/catalog/{made.item.slug}")
    return pages.get("/basket")


def test_the_usual_mix_is_brought_within_the_balance_by_one_press(
    mei_pages: PageClient, kettle: Made, cup: Made
) -> None:
    put(mei_pages, cup)
    page = put(mei_pages, kettle, "range")
    assert "Not enough points: 1,300 short." in page.text
    assert "You could pay 1,000 points + ¥39.00 instead." in page.text
    assert "Go to checkout" not in page.text
    assert 'action="/basket/within"' in page.html
    mei_pages.post("/basket/within", page="/basket")
    page = mei_pages.get("/basket")
    assert "700 points + ¥39.00" in page.text
    assert OFFER not in page.text
    assert "Go to checkout" in page.text


def test_points_as_money_off_are_brought_within_the_balance(
    mei_pages: PageClient, watch: Made, kettle: Made
) -> None:
    put(mei_pages, watch, "cash")
    put(mei_pages, kettle, "range", points_each=700)
    mei_pages.post("/basket/points", {"points": 5_000}, page="/basket")
    page = mei_pages.get("/basket")
    assert "Not enough points: 4,700 short." in page.text
    mei_pages.post("/basket/within", page="/basket")
    page = mei_pages.get("/basket")
    assert "1,000 points" in page.text
    assert "Go to checkout" in page.text


def test_what_takes_points_alone_is_no_way_out(mei_pages: PageClient, kettle: Made) -> None:
    page = put(mei_pages, kettle)
    assert "Not enough points: 1,000 short." in page.text
    assert OFFER not in page.text
    mei_pages.post("/basket/within", page="/basket")
    assert mei_pages.get("/basket").text == page.text.replace("It is in your basket. ", "")


def test_a_balance_below_the_fewest_points_is_no_way_out(
    mei_pages: PageClient, kettle: Made, rich: Member
) -> None:
    page = put(mei_pages, kettle, "range", quantity=3)
    assert "short." in page.text
    assert OFFER not in page.text
    with transaction():
        give_points(rich.id, 500, at=clock.now())
    assert OFFER in mei_pages.get("/basket").text


def test_who_has_enough_or_is_not_known_changes_nothing(
    pages: PageClient, mei_pages: PageClient, kettle: Made
) -> None:
    page = put(mei_pages, kettle, "range", points_each=700)
    assert OFFER not in page.text
    mei_pages.post("/basket/within", page="/basket")
    assert "700 points + ¥39.00" in mei_pages.get("/basket").text

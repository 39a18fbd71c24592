"""Points and cash in the basket and at the checkout: ways, mixes, points off, the best use of what expires, delivery."""

from datetime import timedelta

import pytest
from flask import Flask

from mall.core import clock
from mall.core.actor import SYSTEM
from mall.core.db import transaction
from mall.domain.items import offers
from mall.domain.members.models import Member
from tests.support.items_factory import Made, add_way, make_item
from tests.support.orders_factory import give_points
from tests.support.pages import Page, PageClient


@pytest.fixture
def kettle(app: Flask) -> Made:
    """2,000 points, or a mix worth 2,000 points or 60.00 from 500 points on."""
    with transaction():
        made = make_item("Kettle", points=2_000)
        add_way(
            made.item_id, "range", points=2_000, cash=6_000, min_points=500, position=1, tier_discount="none"
        )
    return made


@pytest.fixture
def clock_(app: Flask) -> Made:
    """100.00 in cash, up to half of it in points."""
    with transaction():
        made = make_item("Clock", points=None, cash=10_000)
        add_way(made.item_id, "cash", cash=10_000, max_share=5_000, position=-1, tier_discount="none")
    return made


@pytest.fixture
def mei_pages(pages: PageClient, rich: Member) -> PageClient:
    """Mei with 1,000 points that expire in 400 days."""
    pages.sign_in(rich.email or "")
    return pages


def put(pages: PageClient, made: Made, **asked: object) -> Page:
    pages.post("/basket", {"variant_id": made.variant_id, **asked}, page=f"/catalog/{made.item.slug}")
    return pages.get("/basket")


def offer_of(made: Made, kind: str) -> int:
    return next(offer.id for offer in offers.offers(made.item_id) if offer.kind == kind)


def action(page: Page, css: str) -> str:
    return next(
        form.get("action", "") for form in page.root.iter("form") if css in form.get("class", "").split()
    )


def test_a_line_can_be_paid_in_another_way_and_by_another_mix(mei_pages: PageClient, kettle: Made) -> None:
    page = put(mei_pages, kettle)
    assert "Not enough points: 1,000 short." in page.text
    mixed = offer_of(kettle, "range")
    mei_pages.post(action(page, "line-pay"), {"offer": mixed}, page="/basket")
    mei_pages.post(action(page, "line-pay"), {"offer": mixed, f"points_each-{mixed}": 700}, page="/basket")
    page = mei_pages.get("/basket")
    assert "700 points + CN¥39.00" in page.text
    assert page.value(f"points_each-{mixed}") == "700"
    assert "300 points" in page.text


def test_points_take_money_off_up_to_the_share(mei_pages: PageClient, clock_: Made) -> None:
    page = put(mei_pages, clock_)
    assert "100 points take CN¥1.00 off." in page.text
    mei_pages.post("/basket/points", {"points": 500}, page="/basket")
    page = mei_pages.get("/basket")
    assert "CN¥5.00 off for 500 points." in page.text
    assert "CN¥95.00" in page.text
    mei_pages.post("/basket/points", {"points": 99_999}, page="/basket")
    assert "CN¥50.00 off for 5,000 points." in mei_pages.get("/basket").text


def test_the_best_use_of_what_expires_is_one_press(mei_pages: PageClient, clock_: Made, rich: Member) -> None:
    now = clock.now()
    with transaction():
        give_points(rich.id, 300, at=now, expires_at=now + timedelta(days=5))
    page = put(mei_pages, clock_)
    assert "The best use of them here: 300 points + CN¥97.00." in page.text
    mei_pages.post("/basket/best", page="/basket")
    page = mei_pages.get("/basket")
    assert "CN¥3.00 off for 300 points." in page.text
    assert "The best use" not in page.text


def test_the_best_use_changes_nothing_of_another_ones_basket(pages: PageClient, clock_: Made) -> None:
    put(pages, clock_)
    pages.post("/basket/best", page="/basket")
    assert "CN¥100.00" in pages.get("/basket").text


def test_a_price_that_rose_is_told_in_both_tenders(mei_pages: PageClient, app: Flask) -> None:
    with transaction():
        lamp = make_item("Lamp", points=500, cash=2_000)
    put(mei_pages, lamp)
    now = clock.now()
    with transaction():
        offers.set_price(offer_of(lamp, "combo"), points=600, cash=2_500, starts_at=now, actor=SYSTEM, at=now)
    page = mei_pages.get("/basket")
    assert "The price rose from 500 points + CN¥20.00 to 600 points + CN¥25.00" in page.text

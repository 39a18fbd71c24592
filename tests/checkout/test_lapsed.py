"""A look at the checkout after its ten minutes: the price is asked for anew, and nothing that was typed is lost."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from mall.core import clock
from mall.core.actor import SYSTEM
from mall.core.db import transaction
from mall.domain.items import offers, stock
from mall.domain.members.models import Member
from mall.domain.orders import delivery_rates
from mall.domain.orders.delivery_rates import NewRate
from tests.checkout.test_mixes import TYPED, at_checkout, look, offer_of
from tests.support.items_factory import Made, add_way, make_item
from tests.support.pages import Page, PageClient

SAID = "The ten minutes were over, so the price was asked for anew."


@pytest.fixture
def kettle(app: Flask) -> Made:
    """A mix worth 2,000 points or 60.00 from 500 points on; priority delivery is 20.00."""
    with transaction():
        made = make_item("Kettle", points=None, cash=7_000, stock=5)
        add_way(
            made.item_id, "range", points=2_000, cash=6_000, min_points=500, position=-1, tier_discount="none"
        )
        delivery_rates.add(NewRate("priority", "All", (), 2_000), actor=SYSTEM, at=clock.now())
    return made


@pytest.fixture
def page(pages: PageClient, rich: Member, kettle: Made) -> Page:
    pages.sign_in(rich.email or "")
    return at_checkout(pages, kettle, offer=offer_of(kettle, "range"), points_each=700)


CHOSEN = {**TYPED, "delivery": "priority", "points_each-1": 900}


def test_all_that_was_typed_stays_and_the_choices_hold(pages: PageClient, page: Page) -> None:
    with time_machine.travel(clock.now() + timedelta(minutes=11)):
        anew = look(pages, page, **CHOSEN)
        for said in (
            SAID,
            "It has not changed.",
            "Redeem 900 points and pay ¥53.00",
            "Your price is held until",
        ):
            assert said in anew.text
        assert anew.value("quote") != page.value("quote")
        assert anew.value("points_each-1") == "900"
        for name in ("recipient", "city", "line1"):
            assert anew.value(name) == TYPED[name]
        assert checked(anew) == {"priority", "new", "y"}
        again = look(pages, anew, **CHOSEN)
        assert SAID not in again.text
        placed = {name: anew.value(name) for name in ("quote", "key", "terms_version")} | CHOSEN
        pages.post("/checkout", placed, page=f"/checkout?quote={anew.value('quote')}")


def test_what_is_dearer_by_now_is_told_and_agreed_to_once_more(
    pages: PageClient, page: Page, kettle: Made
) -> None:
    """What it was is told by the choices of now: that priority delivery costs more is the reader's own doing."""
    now = clock.now()
    with transaction():
        offers.set_price(
            offer_of(kettle, "range"),
            points=2_000, cash=8_000, min_points=500, starts_at=now, actor=SYSTEM, at=now,
        )  # fmt: skip
    with time_machine.travel(now + timedelta(minutes=11)):
        anew = look(pages, page, **CHOSEN)
    assert f"{SAID}The price has changed from 900 points + ¥53.00 to 900 points + ¥64.00." in anew.text
    assert anew.value("line1") == TYPED["line1"]
    assert checked(anew) == {"priority", "new"}


def test_where_it_does_not_go_any_more_is_said_and_nothing_is_lost(pages: PageClient, page: Page) -> None:
    now = clock.now()
    with transaction():
        delivery_rates.add(NewRate("standard", "Here", ("CN/Beijing",), 100), actor=SYSTEM, at=now)
    hidden = {name: page.value(name) for name in ("quote", "key", "terms_version")}
    with time_machine.travel(now + timedelta(minutes=11)):
        url = f"/checkout?quote={hidden['quote']}"
        answer = pages.post(
            "/checkout/look", {**hidden, **CHOSEN, "delivery": "standard"}, page=url, status=422
        )
    assert answer.value("line1") == TYPED["line1"]


def test_what_sold_out_meanwhile_leads_to_the_basket_with_a_word(
    pages: PageClient, page: Page, kettle: Made
) -> None:
    with transaction():
        stock.adjust(kettle.variant_id, change=-5, reason="written_off", actor=SYSTEM, at=clock.now())
    hidden = {"quote": page.value("quote"), "key": page.value("key")}
    with time_machine.travel(clock.now() + timedelta(minutes=11)):
        answer = pages.post("/checkout/look", {**hidden, **CHOSEN}, page="/basket")
        assert answer.response.headers["Location"] == "/basket"
        assert "Something in your basket has changed." in pages.get("/basket").text


def checked(page: Page) -> set[str]:
    """What is chosen on the page."""
    return {e.get("value", "") for e in page.root.iter("input") if "checked" in e.attrib}

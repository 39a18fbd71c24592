"""Ways to pay side by side in Chromium: the number of pieces, the slider's ends, and a quiet console."""

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from mall.core.db import transaction
from mall.domain.items.service import Limits
from tests.browser.conftest import DESKTOP, PHONE, Visitor
from tests.browser.steps import answered
from tests.support.items_factory import Made, add_way, make_item

pytestmark = pytest.mark.browser


@pytest.fixture
def lamp(demo_app: Flask) -> Made:
    """600 points, one a day; or a mix worth 14,800 points from 3,700 on, or points and cash, both without a limit."""
    with demo_app.app_context(), transaction():
        made = make_item("Journey lamp", points=600, limits=Limits(per_day=1), category="kitchen")
        add_way(made.item_id, "combo", points=100, cash=3_000, position=1)
        add_way(made.item_id, "range", points=14_800, cash=40_000, min_points=3_700, position=2)
        return made


def _at(visit: Visitor, lamp: Made) -> Page:
    page = visit(DESKTOP, who="mei")
    page.goto(f"/catalog/{lamp.item.slug}")
    return page


def test_the_number_of_pieces_follows_the_way(visit: Visitor, lamp: Made) -> None:
    page = _at(visit, lamp)
    pieces, limit = page.locator("#buy-row input[name=quantity]"), page.get_by_text("At most 1 a day")
    expect(limit).to_be_visible()
    expect(pieces).to_be_hidden()
    page.get_by_label("Points and cash").check()
    expect(pieces).to_be_visible()
    expect(limit).to_have_count(0)
    page.get_by_role("button", name="One more").click()
    page.get_by_role("button", name="One more").click()
    expect(page.locator(".pay-total")).to_contain_text("300 points + ")
    expect(pieces).to_have_value("3")
    page.locator(".way-head .radio").first.check()
    expect(limit).to_be_visible()
    expect(page.locator(".pay-total")).to_contain_text("600 points")


def test_a_slider_ends_where_the_mix_does(visit: Visitor, lamp: Made) -> None:
    page = _at(visit, lamp)
    page.get_by_label("Choose your mix").check()
    slide, number = page.locator("[data-mix-slide]"), page.locator("[data-mix-number]")
    slide.focus()
    for key, points in (("End", "14800"), ("Home", "3700"), ("ArrowRight", "4200"), ("End", "14800")):
        page.keyboard.press(key)
        expect(number).to_have_value(points)
        expect(page.locator("#pay-sum")).to_have_attribute("data-mix-points", points)
    assert slide.evaluate("slide => slide.value === slide.max")
    number.fill("9100")
    expect(page.locator("#pay-sum")).to_have_attribute("data-mix-points", "9100")
    assert slide.evaluate("slide => Number(getComputedStyle(slide).getPropertyValue('--at')) > 0.4")


def test_swaps_apply_no_inline_style(visit: Visitor, lamp: Made) -> None:
    """The console's errors fail the test: the policy tells them there."""
    page = _at(visit, lamp)
    page.get_by_label("Choose your mix").check()
    page.locator("[data-mix-number]").fill("3700")
    expect(page.locator("#pay-sum")).to_have_attribute("data-mix-points", "3700")
    with answered(page, "/basket"):
        page.get_by_role("button", name="Add to basket").click()
    page.goto("/basket")
    line = page.locator(".line", has_text="Journey lamp")
    for points in ("4200", "4700"):
        line.locator("[data-mix-slide]").focus()
        with answered(page, "/basket"):
            page.keyboard.press("ArrowRight")
        expect(line.locator("[data-mix-number]")).to_have_value(points)
    with answered(page, "/basket"):  # its answer takes the basket's place whole, the slider's with it
        line.locator("[data-step='1']").click()
    expect(line.locator(".line-hint")).to_contain_text("each")
    line.locator(".line-out").click()
    expect(line).to_have_count(0)


def test_the_arrow_of_the_ways_lies_beside_their_words(visit: Visitor, lamp: Made) -> None:
    page = visit(PHONE, who="mei")
    page.goto(f"/catalog/{lamp.item.slug}")
    with answered(page, "/basket"):
        page.locator("button[hx-post='/basket']").click()
    page.goto("/basket")
    select = page.locator("select.line-way").first
    select.evaluate(
        "select => { select.options[select.selectedIndex].text = '123,456 points + '.repeat(4); }"
    )
    measured = "e => { const s = getComputedStyle(e); return [parseFloat(s.paddingRight), s.overflow, s.textOverflow]; }"
    room, *clipped = select.evaluate(measured)
    assert room >= 32
    assert clipped == ["hidden", "ellipsis"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

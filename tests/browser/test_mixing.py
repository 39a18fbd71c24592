"""The mix of points and cash at the checkout: slider and number say the same, by keyboard, and the totals follow."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, Visitor, accessible

pytestmark = pytest.mark.browser


def test_the_mix_and_the_fees_follow_at_the_checkout(
    visit: Visitor, sign_in: Callable[[Page, str], None]
) -> None:
    page = visit(DESKTOP)
    sign_in(page, "mei")
    page.goto("/catalog/reading-lamp")
    page.get_by_label("Choose your mix").check()
    page.get_by_role("button", name="Redeem now").click()
    page.wait_for_url(re.compile("/checkout"))
    slide, number = page.locator("#slide-line-1"), page.locator("#points-line-1")
    button = page.locator("#checkout-sum button.btn-primary")
    slide.focus()
    for key, points, words in (
        ("Home", "0", "Pay ¥267.75"),
        ("ArrowRight", "1000", "Redeem 1,000 points and pay ¥259.25"),
        ("End", "31500", "Redeem for 31,500 points"),
    ):
        page.keyboard.press(key)
        expect(button).to_have_text(words)
        expect(number).to_have_value(points)
        expect(slide).to_be_focused()
    number.fill("2000")
    number.press("Enter")
    expect(button).to_have_text("Redeem 2,000 points and pay ¥250.75")
    expect(slide).to_have_attribute("aria-valuetext", "2,000 points + ¥250.75")
    assert "/checkout?quote=" in page.url
    assert not accessible(page)
    fees = page.locator(".choice-fee")
    expect(fees.nth(0)).to_have_text("Free of charge")
    page.locator("label", has=page.locator("#address-new")).click()
    page.get_by_label("Country").select_option("JP")
    expect(fees.nth(0)).to_have_text(re.compile(r"^¥60\.00 · free from"))
    expect(fees.nth(1)).to_have_text("Not to this address")


def _typing(visit: Visitor) -> Page:
    """An item's page, fresh, with a number typed first of all; the focus is still in the field."""
    page = visit(DESKTOP, who="mei")
    page.goto("/catalog/tide-playing-cards")
    number = page.locator("[data-mix-number]")
    number.select_text()
    page.keyboard.type("1000")
    return page


def test_the_first_number_typed_on_an_items_page_counts(visit: Visitor) -> None:
    page = _typing(visit)
    page.keyboard.press("Tab")
    expect(page.locator(".pay-total")).to_contain_text("1,000 points + ")
    expect(page.locator("[data-mix-number]")).to_have_value("1000")
    expect(page.locator("[data-mix-slide]")).to_have_value("10")  # the place of 1,000: from 500 on by 50


def test_the_total_follows_the_typing(visit: Visitor) -> None:
    page = _typing(visit)
    expect(page.locator(".pay-total")).to_contain_text("1,000 points + ")
    expect(page.locator("[data-mix-number]")).to_be_focused()


def test_redeeming_straight_after_typing_takes_what_was_typed(visit: Visitor) -> None:
    page = _typing(visit)
    page.get_by_role("button", name="Redeem now").click()
    page.wait_for_url(re.compile("/checkout"))
    expect(page.locator("#points-line-1")).to_have_value("1000")
    expect(page.locator("#checkout-sum button.btn-primary")).to_contain_text("Redeem 1,000 points and pay ")


def test_a_field_that_was_emptied_says_what_it_is_then(visit: Visitor) -> None:
    page = _typing(visit)
    number = page.locator("[data-mix-number]")
    number.fill("")
    number.press("Tab")
    expect(page.locator("#pay-sum")).to_contain_text("No number of points was given, so it is ")
    expect(number).to_have_value("2000")

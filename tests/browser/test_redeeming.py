"""The main job, as people do it: find something, redeem it, see the order; on a phone, on a desk, without JavaScript."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Visitor, accessible

pytestmark = pytest.mark.browser
SignIn = Callable[[Page, str], None]


def redeem(page: Page, query: str) -> str:
    """Search, open the first item that the member can redeem, redeem it; the order's number."""
    page.goto("/catalog")
    page.get_by_role("searchbox").first.fill(query)
    page.get_by_role("searchbox").first.press("Enter")
    page.wait_for_url(re.compile(r"[?&]q="))
    page.goto(page.url + "&affordable=1&sort=points")  # the cheapest, so that the points last for every test
    page.locator("article a, li a", has_text=re.compile(r"\w")).and_(
        page.locator("a[href^='/catalog/']")
    ).first.click()
    page.wait_for_url(re.compile(r"/catalog/[a-z]"))
    page.get_by_role("button", name=re.compile("Redeem now|立即兑换|马上兑换|立刻兑换")).click()
    page.wait_for_url(re.compile("/checkout"))
    page.locator("input[name=terms], input[type=checkbox]").last.check()
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url(re.compile(r"/orders/R-"))
    return page.url.rsplit("/", 1)[1]


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desk"])
def test_a_member_finds_redeems_and_sees_the_order(
    visit: Visitor, sign_in: SignIn, size: dict[str, int]
) -> None:
    page = visit(size)
    sign_in(page, "mei")
    number = redeem(page, "headphones")
    expect(page.locator("h1")).to_contain_text(number)
    page.goto("/account/orders")
    expect(page.locator("main")).to_contain_text(number)


def test_it_works_in_chinese(visit: Visitor, sign_in: SignIn) -> None:
    page = visit(PHONE, language="zh-CN")
    sign_in(page, "zoe")
    page.goto("/catalog?q=耳机")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    found = page.locator("main a[href^='/catalog/']").all_inner_texts()
    assert any("耳机" in text or "耳塞" in text for text in found), found


def test_everything_works_without_javascript(visit: Visitor, sign_in: SignIn) -> None:
    page = visit(PHONE, javascript=False)
    sign_in(page, "mei")
    number = redeem(page, "candle")
    expect(page.locator("h1")).to_contain_text(number)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desk"])
def test_the_members_pages_are_accessible(
    visit: Visitor, sign_in: SignIn, size: dict[str, int], scheme: str
) -> None:
    page = visit(size, scheme=scheme)
    found: list[str] = []
    for path in ("/", "/catalog", "/account/sign-in", "/account/sign-up"):
        page.goto(path)
        found += accessible(page)
    sign_in(page, "mei")
    page.goto("/catalog?affordable=1")
    item = page.locator("a[href^='/catalog/']").first.get_attribute("href") or ""
    paths = ("/", "/catalog?q=headphones", item, "/basket", "/account", "/account/points", "/account/orders",
             "/account/wishlist", "/account/profile", "/account/addresses", "/account/security")  # fmt: skip
    for path in paths:
        page.goto(path)
        found += accessible(page)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            found.append(f"{path} is {wide} px too wide")
    assert not found, "\n".join(found)


def test_the_desk_is_accessible(visit: Visitor, sign_in: SignIn) -> None:
    page = visit(DESKTOP)
    sign_in(page, "ada")
    found: list[str] = []
    for path in (
        "/admin",
        "/admin/items",
        "/admin/orders",
        "/admin/orders?show=all",
        "/admin/members",
        "/admin/audit",
    ):
        page.goto(path)
        found += accessible(page)
    assert not found, "\n".join(found)


def test_the_heart_is_remembered(visit: Visitor, sign_in: SignIn) -> None:
    page = visit(DESKTOP)
    sign_in(page, "ben")
    page.goto("/catalog")
    name = page.locator("main article h2, main article h3, main li h2, main li h3").first.inner_text()
    heart = page.locator("main button.heart").first
    heart.click()
    expect(heart).to_have_attribute("data-on", "")
    page.goto("/account/wishlist")
    expect(page.locator("main")).to_contain_text(name)

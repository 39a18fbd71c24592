"""Every page on the way of cash and at the desk, by axe: accessible, and not wider than the screen."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import DESKTOP, PHONE, Visitor, accessible
from tests.browser.steps import order_it, pay, to_stripe, until
from tests.support.items_factory import Made

pytestmark = pytest.mark.browser


def found_on(page: Page, *paths: str) -> list[str]:
    """What is wrong on these pages, or on the one at hand."""
    wrong: list[str] = []
    for path in paths or ("",):
        if path:
            page.goto(path)
        wrong += accessible(page)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            wrong.append(f"{page.url} is {wide} px too wide")
    return wrong


def test_from_the_checkout_to_the_credit_note(visit: Visitor, kettle: Made) -> None:
    mei, sam = visit(PHONE, who="mei", scheme="dark"), visit(DESKTOP, who="sam")
    mei.goto(f"/catalog/{kettle.item.slug}")
    wrong = found_on(mei)
    mei.locator("button[name=next][value=checkout]").click()
    mei.wait_for_url("**/checkout?quote=*")
    wrong += found_on(mei, "", "/basket")
    number = order_it(mei, kettle, 2)
    order, desk = f"/orders/{number}", f"/admin/orders/{number}"
    wrong += found_on(mei, f"{order}/return", order, f"{order}/pay") + found_on(sam, desk)
    to_stripe(mei)
    wrong += found_on(mei)
    pay(mei)
    mei.wait_for_url(f"**{order}")
    wrong += found_on(mei, "", f"{order}/cancel") + found_on(sam, desk, f"{desk}/refund")
    sam.locator("input[name^=unsent-]").fill("1")
    sam.locator("main [name=reason]").fill("It came broken")
    sam.locator("main form button[type=submit]").last.click()
    sam.wait_for_selector("main form[action$='/confirm']")
    wrong += found_on(sam)
    sam.locator("main form[action$='/confirm'] button[type=submit]").last.click()
    sam.wait_for_url(f"**{desk}*")
    mei.goto(order)
    note = mei.locator("main a[href^='/documents/CN-']")
    until(mei, note)
    paper = note.get_attribute("href") or ""
    wrong += found_on(mei, "", paper) + found_on(sam, desk, f"/admin{paper}")
    assert not wrong, "\n".join(wrong)


def test_what_is_to_be_read(visit: Visitor) -> None:
    page = visit(PHONE, who="mei")
    paths = ("/account/messages", "/account/statement", "/terms", "/programme", "/programme/delivery")
    wrong = found_on(page, *paths)
    assert not wrong, "\n".join(wrong)


def test_the_rooms_of_the_desk(visit: Visitor, kettle: Made) -> None:
    page = visit(DESKTOP, who="ada", scheme="dark")
    item = f"/admin/items/{kettle.item_id}"
    page.goto("/admin/members?q=mei")
    member = page.locator("main a[href^='/admin/members/M-']").first.get_attribute("href") or ""
    page.goto("/admin/codes")
    pool = page.locator("main a[href^='/admin/codes/']").first.get_attribute("href") or ""
    page.goto("/admin/delivery")
    rate = page.locator("main a[href^='/admin/delivery/rates/']").first.get_attribute("href") or ""
    rooms = (item, f"{item}/prices", f"{item}/stock", f"{item}/variants", member, "/admin/codes", pool)
    wrong = found_on(page, *rooms, "/admin/delivery", rate, "/admin/refunds", "/admin/trouble")
    assert not wrong, "\n".join(wrong)

"""Points plus cash, as a member does it in a browser: declined, paid, given up, too late, and in two tabs at once."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import expect

from mall.cli.orders import orders
from mall.core import clock
from tests.browser.conftest import DESKTOP, PHONE, Visitor
from tests.browser.steps import order_it, pay, stands, to_stripe, until
from tests.support.items_factory import Made

pytestmark = pytest.mark.browser
#: 30.00 in cash earn a point for each 1.00.
EARNED = 30


WAYS = {
    "phone, zh-Hans": (PHONE, "zoe", {"language": "zh-CN"}),
    "phone, no script": (PHONE, "mei", {"javascript": False}),
    "desk": (DESKTOP, "mei", {"scheme": "dark"}),
}


@pytest.mark.parametrize(("size", "who", "how"), WAYS.values(), ids=WAYS)
def test_declined_once_then_paid(
    demo_app: Flask, visit: Visitor, kettle: Made, size: dict[str, int], who: str, how: dict[str, object]
) -> None:
    before = stands(demo_app, who, kettle)
    page = visit(size, who=who, **how)
    number = order_it(page, kettle)
    assert stands(demo_app, who, kettle) == (before[0] - 2_000, before[1] + 2_000, 4)
    to_stripe(page)
    stripe = page.url
    expect(page.locator("main")).to_contain_text("30.00")
    pay(page, "declined")
    expect(page.get_by_role("alert")).to_be_visible()

    page.goto(f"/orders/{number}/return")  # nothing in the address makes an order paid
    assert page.url.endswith("/return")
    expect(page.locator("#return")).to_contain_text("30.00")
    assert stands(demo_app, who, kettle)[1] == before[1] + 2_000

    page.goto(stripe)
    pay(page)
    page.wait_for_url(re.compile(f"/orders/{number}$"))
    assert stands(demo_app, who, kettle) == (before[0] - 2_000 + EARNED, before[1], 4)
    expect(page.locator("main .sums-total")).to_contain_text("2,000")
    expect(page.locator("form[action$='/pay'], form[action$='/give-up']")).to_have_count(0)

    receipt = page.locator("main a[href^='/documents/']")
    until(page, receipt)
    receipt.click()
    expect(page.locator("article.sheet")).to_contain_text("30.00")
    paper = page.request.get(page.locator("a[href$='.pdf']").get_attribute("href") or "")
    assert paper.ok
    assert paper.headers["content-type"] == "application/pdf"
    assert paper.body().startswith(b"%PDF-")


def test_given_up_and_too_late(demo_app: Flask, visit: Visitor, kettle: Made) -> None:
    before = stands(demo_app, "guest02", kettle)
    page = visit(PHONE, who="guest02")
    number = order_it(page, kettle, 2)
    to_stripe(page)
    stripe = page.url
    page.locator("a.back").click()
    page.wait_for_url(f"**/orders/{number}/pay")
    expect(page.locator("[data-countdown]")).to_be_visible()
    assert stands(demo_app, "guest02", kettle) == (before[0] - 4_000, before[1] + 4_000, 3)

    later = clock.now() + timedelta(minutes=41)
    swept = demo_app.test_cli_runner().invoke(orders, ["sweep", "--as-of", later.isoformat()])
    assert swept.exit_code == 0, swept.output
    assert stands(demo_app, "guest02", kettle) == before
    page.reload()  # the order's page now
    assert page.url.endswith(f"/orders/{number}")
    expect(page.locator("form[action$='/again'] button")).to_be_visible()
    page.goto(stripe)
    expect(page.locator("form")).to_have_count(0)  # nobody can pay what is over


@pytest.mark.parametrize("first", ["pay", "cancel"])
def test_paid_in_one_tab_while_cancelled_in_another(
    demo_app: Flask, visit: Visitor, kettle: Made, first: str
) -> None:
    before = stands(demo_app, "mei", kettle)
    paying = visit(DESKTOP, who="mei")
    number = order_it(paying, kettle)
    to_stripe(paying)
    other = paying.context.new_page()
    other.goto(f"/orders/{number}")

    def cancel() -> None:
        other.get_by_role("button", name="Cancel this order").click()
        other.get_by_role("dialog").get_by_role("button", name="Cancel this order").click()

    if first == "pay":
        pay(paying)
        paying.wait_for_url(re.compile(f"/orders/{number}$"))
        cancel()
        expect(other.locator("main")).to_contain_text("Your payment had arrived already")
        after = (before[0] - 2_000 + EARNED, before[1], 4)
    else:
        paying.locator("form button.main").hover()
        cancel()
        expect(other.locator("main")).to_contain_text("Nothing was charged")
        paying.locator("form button.main").click()
        expect(paying.get_by_role("heading").first).to_contain_text("expired")
        paying.goto(f"/orders/{number}/return")
        after = before
    assert stands(demo_app, "mei", kettle) == after
    for tab in (paying, other):
        tab.goto(f"/orders/{number}")
    said = [tab.locator("main .tag").first.inner_text() for tab in (paying, other)]
    assert said == ["Paid" if first == "pay" else "Cancelled"] * 2

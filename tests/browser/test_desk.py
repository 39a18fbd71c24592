"""Staff at work in a browser: a price from tomorrow, stock taken away, a parcel, a rest that is cancelled, a refund."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from mall.core import clock
from mall.core.db import db, transaction
from mall.core.ids import MemberId
from mall.domain.ledger import queries as ledger
from mall.domain.members.queries import id_by_email
from mall.web.formatting import day
from tests.browser.conftest import DESKTOP, PHONE, Visitor
from tests.browser.steps import order_it, pay, stands, to_stripe, until
from tests.support.items_factory import Made, make_item

pytestmark = pytest.mark.browser


def test_a_price_from_tomorrow_stock_taken_away_a_parcel_and_the_rest_cancelled(
    demo_app: Flask, visit: Visitor
) -> None:
    with demo_app.app_context(), transaction():
        lamp = make_item("Bench lamp", points=500, stock=9, category="desk")
    before = stands(demo_app, "mei", lamp)

    ivy = visit(DESKTOP, who="ivy")
    ivy.goto(f"/admin/items/{lamp.item_id}/prices")
    price = ivy.locator("#price form")
    price.locator("[name=points]").fill("650")
    price.locator("[name=when][value=later]").check()
    zone = ZoneInfo(demo_app.config["SETTINGS"].timezone)
    tomorrow = (clock.now() + timedelta(days=1)).astimezone(zone).date()
    price.locator("[name=day]").fill(tomorrow.isoformat())
    price.locator("button[value=check]").click()
    ivy.locator("#price form button[value=save]").click()
    expect(ivy.locator("main tr", has_text="planned")).to_contain_text("650")
    ivy.goto(f"/admin/items/{lamp.item_id}/stock")
    count = ivy.locator("#adjust form")
    count.locator("[name=way][value=written_off]").check()
    count.locator("[name=count]").fill("4")
    count.locator("[name=note]").fill("Broken in the storm")
    count.get_by_role("button", name="Save").click()
    expect(ivy.locator("main")).to_contain_text("Broken in the storm")
    assert stands(demo_app, "mei", lamp)[2] == 5

    mei = visit(PHONE, who="mei")
    number = order_it(mei, lamp, 3)  # still at today's price
    assert stands(demo_app, "mei", lamp) == (before[0] - 1_500, before[1], 2)

    sam = visit(DESKTOP, who="sam")
    sam.goto(f"/admin/orders/{number}")
    parcel = sam.locator("#ship form")
    parcel.locator("input[name^=line-]").fill("1")
    parcel.get_by_label("Carrier").fill("SF Express")
    parcel.get_by_label("Tracking number").fill("SF1234567890")
    parcel.get_by_role("button", name="Send").click()
    expect(sam.locator("main")).to_contain_text("SF1234567890")
    sam.locator("#cancel [name=reason]").fill("The rest is broken")
    sam.locator("#cancel").get_by_role("button", name="Show what it does").click()
    expect(sam.get_by_role("heading", level=1)).to_have_text("Confirm the cancellation")
    assert sums(sam)[-1] == ("Total", "1,000")
    assert stands(demo_app, "mei", lamp) == (before[0] - 1_500, before[1], 2)  # nothing has happened yet
    sam.get_by_role("button", name="Cancel the rest").click()
    expect(sam.get_by_role("heading", level=1)).to_contain_text(number)
    expect(sam.locator("#cancel")).to_have_count(0)
    assert stands(demo_app, "mei", lamp) == (before[0] - 500, before[1], 4)
    mei.reload()
    expect(mei.locator("main")).to_contain_text("SF1234567890")
    expect(mei.locator("main")).to_contain_text("The rest is broken")

    ada = visit(DESKTOP, who="ada")
    ada.goto("/admin/audit?about=order")
    told = ada.locator("main li", has_text=number)
    expect(told).to_have_count(2)
    expect(told.filter(has_text="Sam Okafor")).to_have_count(2)
    ada.goto("/admin/audit")
    expect(ada.locator("main li", has_text="Ivy Tang").first).to_be_visible()
    expect(ada.locator("main li", has_text="Broken in the storm")).to_have_count(1)
    expect(ada.locator("main li", has_text="650")).to_have_count(1)


def sums(page: Page) -> list[tuple[str, str]]:
    """The rows of the first list of sums on a page."""
    rows = page.locator("dl.sums").first.locator("> div")
    return [tuple(row.locator("dt, dd").all_inner_texts()) for row in rows.all()]  # type: ignore[misc]


def came_back(app: Flask, who: str) -> list[tuple[str, str]]:
    """What the member's newest refund gave to which lot, as the preview writes it."""
    with app.app_context(), app.test_request_context():
        member = id_by_email(f"{who}@example.com")
        assert member is not None
        entry = next(e for e in ledger.history(MemberId(member)) if e.kind == "refund")
        written = [
            (f"Valid until {day(m.expires_at)}\nearned on {day(m.earned_at)}", f"{m.n:,}")
            for m in entry.moves
            if m.dst == "remaining"
        ]
        db.session.remove()
        return written


def test_a_part_is_refunded_as_the_preview_says_to_the_lot(
    demo_app: Flask, visit: Visitor, kettle: Made
) -> None:
    before = stands(demo_app, "mei", kettle)
    mei = visit(PHONE, who="mei")
    number = order_it(mei, kettle, 3)
    to_stripe(mei)
    pay(mei)
    mei.wait_for_url(f"**/orders/{number}")

    sam = visit(DESKTOP, who="sam")
    sam.goto(f"/admin/orders/{number}")
    sam.get_by_role("link", name="Refund …").click()
    sam.locator("input[name^=unsent-]").fill("2")
    sam.locator("main [name=reason]").fill("Two were never packed")
    sam.locator("main form button[type=submit]").last.click()
    expect(sam.get_by_role("heading", level=1)).to_have_text("Confirm the refund")
    *rows, total = sums(sam)
    lots = [(said.partition(" with ")[0], n) for said, n in rows]
    assert total == ("Total", "4,000")
    expect(sam.locator("main")).to_contain_text("60.00")
    assert stands(demo_app, "mei", kettle)[2] == 2  # nothing has happened yet
    sam.get_by_role("button", name="Refund this").click()
    expect(sam.get_by_role("heading", level=1)).to_contain_text(number)
    assert sorted(came_back(demo_app, "mei")) == sorted(lots)
    assert stands(demo_app, "mei", kettle) == (before[0] - 2_000 + 30, before[1], 4)

    note = mei.locator("main a[href^='/documents/CN-']")
    until(mei, note)
    back = mei.locator("main li", has_text="Two were never packed")
    for said, _ in lots:
        expect(back).to_contain_text(said.splitlines()[0].removeprefix("Valid until "))
    note.click()
    expect(mei.locator("article.sheet")).to_contain_text("60.00")
    paper = mei.request.get(mei.locator("a[href$='.pdf']").get_attribute("href") or "")
    assert paper.body().startswith(b"%PDF-")

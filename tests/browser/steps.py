"""What people do in the mall, step by step; no step reads a word, so that each works in any language."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from flask import Flask
from playwright.sync_api import Locator, Page, expect

from mall.core import clock
from mall.core.db import db
from mall.core.ids import MemberId
from mall.domain.items.stock_models import Stock
from mall.domain.ledger import queries as ledger
from mall.domain.members.queries import id_by_email
from tests.support.items_factory import Made
from tests.support.patience import PATIENCE

CARDS = {"4242": "4242424242424242", "declined": "4000000000000002"}


def order_it(page: Page, item: Made, quantity: int = 1) -> str:
    """From the item's page to the placed order, or to where it waits for its cash; its number."""
    page.goto(f"/catalog/{item.item.slug}")
    page.locator("#quantity, input[name=quantity]").first.fill(str(quantity))
    page.locator("button[name=next][value=checkout]").click()
    page.wait_for_url("**/checkout?quote=*")
    page.locator("input[name=terms]").check()
    page.locator("form[action$='/checkout'] button[type=submit]").last.click()
    page.wait_for_url(re.compile(r"/orders/R-"))
    return page.url.split("/orders/")[1].split("/")[0]


def to_stripe(page: Page) -> None:
    """From the page of what is kept to the card company's."""
    page.locator("main form[action$='/pay'] button").click()
    page.wait_for_url("**/pay/cs_test_*")


def pay(page: Page, card: str = "4242") -> None:
    """On the card company's page."""
    page.goto(page.url.split("?")[0].split("#")[0] + f"?card={CARDS[card]}")
    page.locator("form button.main").click()


@contextmanager
def answered(page: Page, path: str) -> Iterator[None]:
    """Do something that htmx posts there, or below there, and wait until its answer stands in the page."""
    with page.expect_response(
        lambda answer: answer.request.method == "POST" and urlsplit(answer.url).path.startswith(path)
    ):
        yield
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added")).to_have_count(0)


def stands(app: Flask, who: str, item: Made) -> tuple[int, int, int | None]:
    """A member's points at hand and held, and how many of the item can be had."""
    with app.app_context():
        member = id_by_email(f"{who}@example.com")
        assert member is not None
        balance = ledger.balance(MemberId(member), clock.now())
        available = db.session.get_one(Stock, item.variant_id).available
        db.session.remove()
        return balance.available, balance.held, available


def until(page: Page, shown: Locator) -> None:
    """Look again until the worker has done its part."""
    patience = time.monotonic() + PATIENCE
    while not shown.count():
        assert time.monotonic() < patience, f"never seen: {shown}"
        page.wait_for_timeout(250)
        page.reload()

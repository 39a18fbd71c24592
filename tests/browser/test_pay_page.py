"""The development Stripe's pay page in a real Chromium, with JavaScript switched off."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from devstripe.testing import Running, running
from tests.browser.conftest import DESKTOP, PATIENT, PHONE, accessible
from tests.devstripe.shop import NOON, line, order

pytestmark = pytest.mark.browser
SHOP = "http://shop.invalid"
#: A phone as small as they still come.
SMALL = {"width": 320, "height": 640}
Visitor = Callable[..., Page]


@pytest.fixture(scope="module")
def stand_in() -> Iterator[Running]:
    with running(seed=1, start=NOON) as started:
        yield started


@pytest.fixture
def visitor(chromium: Browser) -> Iterator[Visitor]:
    """A visitor to whom the shop's own pages are blank; an error on the console fails the test."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def new(size: dict[str, int], *, javascript: bool = False, scheme: str = "light") -> Page:
        context = chromium.new_context(
            viewport=size,  # type: ignore[arg-type]
            java_script_enabled=javascript,
            color_scheme=scheme,  # type: ignore[arg-type]
        )
        context.set_default_timeout(PATIENT)
        context.route(SHOP + "/**", lambda route: route.fulfill(body="the shop", content_type="text/plain"))
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        return page

    yield new
    for context in contexts:
        context.close()
    assert not errors, errors


def opened(stand_in: Running, **changes: object) -> tuple[str, str]:
    """A session's id and its pay page."""
    made = stand_in.client().v1.checkout.sessions.create(
        order(
            success_url=SHOP + "/return?session={CHECKOUT_SESSION_ID}", cancel_url=SHOP + "/basket", **changes
        )
    )
    assert made.url is not None
    return made.id, made.url


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desk"])
def test_declined_once_then_paid(stand_in: Running, visitor: Visitor, size: dict[str, int]) -> None:
    session, url = opened(stand_in)
    page = visitor(size)
    page.goto(url)
    page.get_by_role("link", name=re.compile("Declined")).click()
    expect(page.get_by_label("Card number")).to_have_value("4000 0000 0000 0002")
    page.get_by_role("button", name="Pay ¥68.00").click()
    expect(page.get_by_role("alert")).to_have_text("Your card was declined.")
    page.get_by_role("link", name=re.compile("4242")).click()
    page.get_by_role("button", name="Pay ¥68.00").click()
    page.wait_for_url(f"{SHOP}/return?session={session}")
    page.goto(url)
    expect(page.get_by_role("heading")).to_have_text("This order is paid")


def test_3d_secure_failed_once_then_confirmed(stand_in: Running, visitor: Visitor) -> None:
    session, url = opened(stand_in)
    page = visitor(PHONE)
    for button in ("Fail the check", "Confirm the payment"):
        page.goto(url + "?card=4000002500003155")
        page.get_by_role("button", name="Pay ¥68.00").click()
        page.wait_for_url("**/3ds")
        page.get_by_role("button", name=button).click()
        if button == "Fail the check":
            expect(page.get_by_role("alert")).to_contain_text("unable to authenticate")
    page.wait_for_url(f"{SHOP}/return?session={session}")


def test_giving_up_leads_back_to_the_basket_and_pays_nothing(stand_in: Running, visitor: Visitor) -> None:
    session, url = opened(stand_in)
    page = visitor(PHONE)
    page.goto(url)
    page.get_by_role("link", name=re.compile("Back to the shop without paying")).click()
    page.wait_for_url(SHOP + "/basket")
    assert stand_in.client().v1.checkout.sessions.retrieve(session).status == "open"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [SMALL, DESKTOP], ids=["small phone", "desk"])
def test_every_page_is_accessible_and_fits(
    stand_in: Running, visitor: Visitor, size: dict[str, int], scheme: str
) -> None:
    long = [line("A very long name of a thing: " + "Donaudampfschifffahrtsgesellschaft" * 3, 123456, 12)]
    _, form = opened(stand_in, locale="zh")
    _, wide = opened(stand_in, line_items=long)
    asked, secure = opened(stand_in)
    stand_in.control.pay(asked, "4000002500003155")
    paid, done = opened(stand_in)
    stand_in.control.pay(paid)
    declined, failed = opened(stand_in)
    stand_in.control.decline(declined)
    page = visitor(size, javascript=True, scheme=scheme)
    for url in (form, wide, secure + "/3ds", done, failed + "?failed=1", stand_in.url + "/"):
        page.goto(url)
        assert accessible(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), url

"""What the checkout and the order's page promise about cancelling: true for parcels, services and codes, and for cash."""

from collections.abc import Callable

import pytest
from flask import Flask

from mall.core import clock
from mall.core.db import transaction
from mall.domain.members.models import Member
from tests.checkout.test_checkout_page import checkout
from tests.support.codes_factory import make_pool
from tests.support.items_factory import Made, make_item
from tests.support.orders_factory import NONE, place_order
from tests.support.pages import PageClient

POINTS = "every point comes back with its own expiry date."
CARD = "The cash goes back to the card that paid it."
CODE = "A code is yours as soon as the order is paid: you cannot cancel that yourself."
DESK = "Customer service can take it back as long as nobody has looked at it."


def codes() -> Made:
    return make_pool(3, at=clock.now())


def voucher_by_hand() -> Made:
    return make_item("Print", points=300, kind="digital")


def lesson() -> Made:
    return make_item("Lesson", points=300, cash=2_000, kind="service")


def vase() -> Made:
    return make_item("Vase", points=300, cash=2_000)


def plate() -> Made:
    return make_item("Plate", points=None, cash=2_000)


@pytest.mark.parametrize(
    ("what", "said", "unsaid"),
    [
        (codes, f"{CODE} {DESK}", "You can cancel"),
        (voucher_by_hand, f"You can cancel until it is given to you: {POINTS}", CARD),
        (lesson, f"You can cancel until it is given to you: {POINTS} {CARD}", CODE),
        (vase, f"You can cancel until we ship: {POINTS} {CARD}", CODE),
        (plate, "You can cancel until we ship: all of the cash goes back to your card.", POINTS),
    ],
)
def test_before_paying(
    app: Flask, pages: PageClient, rich: Member, what: Callable[[], Made], said: str, unsaid: str
) -> None:
    with transaction():
        made = what()
    pages.sign_in(rich.email)
    page = pages.get(checkout(pages, made))
    assert said in page.text
    assert unsaid not in page.text


def test_codes_beside_a_parcel(app: Flask, pages: PageClient, rich: Member, cup: Made) -> None:
    with transaction():
        made = codes()
    pages.sign_in(rich.email)
    pages.post("/basket", {"variant_id": made.variant_id, "quantity": 1, "next": "basket"})
    page = pages.get(checkout(pages, cup))
    assert f"You can cancel until we ship: {POINTS} {CODE} {DESK}" in page.text


def test_on_the_page_of_an_order_with_an_unseen_code(app: Flask, pages: PageClient, rich: Member) -> None:
    with transaction():
        made = codes()
    order = place_order(rich.id, (made.variant_id, 1), at=clock.now(), delivery=NONE)
    pages.sign_in(rich.email)
    page = pages.get(f"/orders/{order.number}")
    assert "Nobody has looked at it yet. Until somebody does, customer service can take it back." in page.text
    assert f"/orders/{order.number}/cancel" not in page.links()

"""The list of orders, an order's page, cancelling."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask

from mall.core import clock
from mall.core.actor import SYSTEM
from mall.core.db import transaction
from mall.domain.ledger import queries as points
from mall.domain.members.models import Member
from mall.domain.orders import cancelling, queries, shipping
from mall.domain.orders.service import Placed
from mall.web import telling
from tests.support.items_factory import Made
from tests.support.orders_factory import NONE, give_points, place_order
from tests.support.pages import PageClient


@pytest.fixture
def order(rich: Member, cup: Made) -> Placed:
    return place_order(rich.id, (cup.variant_id, 2), at=clock.now())


def test_the_list_shows_orders_newest_first_and_goes_on_by_keyset(
    pages: PageClient, rich: Member, course: Made, app: Flask
) -> None:
    from tests.support.orders_factory import NONE

    with transaction():
        give_points(rich.id, 10_000, at=clock.now())
    numbers = [
        place_order(rich.id, (course.variant_id, 1), at=clock.now(), delivery=NONE).number for _ in range(22)
    ]
    pages.sign_in(rich.email)
    page = pages.get("/account/orders")
    shown = [link.removeprefix("/orders/") for link in page.links() if link.startswith("/orders/")]
    assert shown == numbers[:1:-1]
    older = next(link for link in page.links() if "before=" in link)
    rest = pages.get(older)
    assert [link.removeprefix("/orders/") for link in rest.links() if link.startswith("/orders/")] == [
        numbers[1],
        numbers[0],
    ]
    fragment = pages.client.get(older, headers={"HX-Request": "true"}).get_data(as_text=True)
    assert "<html" not in fragment


def test_no_orders_yet_says_so(pages: PageClient, zoe: Member) -> None:
    pages.sign_in(zoe.email)
    assert "No orders yet" in pages.get("/account/orders").text


def test_the_page_tells_the_story_to_the_parcel(pages: PageClient, rich: Member, order: Placed) -> None:
    pages.sign_in(rich.email)
    page = pages.get(f"/orders/{order.number}")
    assert "Paid with 600 points" in page.text
    assert "Points used: 600 (valid until" in page.text
    leading = ("What you redeemed", "Paid600 points", "We are getting it ready.", "What happened")
    places = [page.text.index(words) for words in leading]
    assert places == sorted(places)  # the goods, what was paid, what comes next; the log last
    with transaction():
        shipping.ship(order.id, carrier="SF Express", tracking="SF123", actor=SYSTEM, at=clock.now())
    page = pages.get(f"/orders/{order.number}")
    assert "We are getting it ready." not in page.text
    assert page.text.index("Shipped · ") < page.text.index("What happened")
    assert "SF Express, tracking number SF123" in page.text
    assert "Completed" in page.text
    assert "Cancel this order" not in page.text


def test_what_cancelling_does_by_now_is_shown_before_it_is_done(
    pages: PageClient, rich: Member, order: Placed
) -> None:
    pages.sign_in(rich.email)
    url = f"/orders/{order.number}/cancel"
    seen = pages.get(url).value("expect")
    (line,) = queries.any_order(order.number, locale="en").lines
    with transaction():
        cancelling.cancel(order.id, lines=[(line.id, 1)], actor=SYSTEM, at=clock.now())
    for expect in (seen, "", "no such mark"):
        anew = pages.post(url, {"expect": expect}, page="/account/orders", status=409)
        assert "Something has changed since this was shown" in anew.text
        assert points.balance(rich.id, clock.now()).available == 700
    pages.post(url, {"expect": anew.value("expect")}, page="/account/orders")
    assert points.balance(rich.id, clock.now()).available == 1_000


def test_a_number_typed_by_hand_is_understood(pages: PageClient, rich: Member, order: Placed) -> None:
    pages.sign_in(rich.email)
    pages.get(f"/orders/{order.number.lower().replace('0', 'o')}")


def test_cancelling_asks_first_and_gives_every_point_back(
    pages: PageClient, rich: Member, order: Placed
) -> None:
    pages.sign_in(rich.email)
    url = f"/orders/{order.number}/cancel"
    page = pages.get(url)
    assert "Valid until" in page.text
    answer = pages.post(url, {"reason": "Too large after all", "expect": page.value("expect")})
    assert answer.response.headers["Location"] == f"/orders/{order.number}"
    shown = pages.get(f"/orders/{order.number}")
    assert "Your order is cancelled. 600 points are back." in shown.text
    assert "600 points came back: 600 (valid until" in shown.text
    assert "“Too large after all”" in shown.text
    assert points.balance(rich.id, clock.now()).available == 1_000
    again = pages.post(url, page="/account/orders")
    assert again.response.headers["Location"] == f"/orders/{order.number}"
    assert points.balance(rich.id, clock.now()).available == 1_000


def test_what_was_sent_is_not_cancelled(pages: PageClient, rich: Member, order: Placed) -> None:
    pages.sign_in(rich.email)
    url = f"/orders/{order.number}/cancel"
    pages.get(url)
    with transaction():
        shipping.ship(order.id, actor=SYSTEM, at=clock.now())
    pages.post(url, page="/account/orders")
    shown = pages.get(f"/orders/{order.number}")
    assert "can no longer be cancelled" in shown.text
    assert points.balance(rich.id, clock.now()).available == 400


def test_a_member_cancels_what_was_not_sent_yet(pages: PageClient, rich: Member, order: Placed) -> None:
    pages.sign_in(rich.email)
    url = f"/orders/{order.number}"
    (line,) = queries.any_order(order.number, locale="en").lines
    with transaction():
        shipping.ship(order.id, lines=[(line.id, 1)], actor=SYSTEM, at=clock.now())
    assert f"{url}/cancel" in pages.get(url).links()
    page = pages.get(f"{url}/cancel")
    assert page.h1 == "Cancel the rest of this order"
    assert "Points that come back" in page.text
    pages.post(f"{url}/cancel", {"rest": page.value("rest"), "expect": page.value("expect")})
    shown = pages.get(url)
    assert "The rest is cancelled. 300 points are back." in shown.text
    assert f"{url}/cancel" not in shown.links()
    assert points.balance(rich.id, clock.now()).available == 700
    pages.post(f"{url}/cancel", {"rest": "1"}, page="/account/orders")
    assert points.balance(rich.id, clock.now()).available == 700


@pytest.mark.parametrize("sent", [0, 1])
def test_a_double_click_on_cancel_is_answered_like_the_first(
    pages: PageClient, rich: Member, order: Placed, sent: int
) -> None:
    pages.sign_in(rich.email)
    url = f"/orders/{order.number}"
    (line,) = queries.any_order(order.number, locale="en").lines
    if sent:
        with transaction():
            shipping.ship(order.id, lines=[(line.id, sent)], actor=SYSTEM, at=clock.now())
    form = pages.get(f"{url}/cancel").fields(f"{url}/cancel")
    said = ["Your order is cancelled. 600 points are back.", "The rest is cancelled. 300 points are back."][
        sent
    ]
    for _ in range(2):
        pages.post(f"{url}/cancel", form, page="/account/orders")
        shown = pages.get(url).text
        assert said in shown
        assert "can no longer be cancelled" not in shown
    assert points.balance(rich.id, clock.now()).available == (700 if sent else 1_000)


def test_a_lot_that_expired_meanwhile_comes_back_with_its_grace(
    pages: PageClient, mei: Member, cup: Made
) -> None:
    now = clock.now()
    with transaction():
        give_points(mei.id, 300, at=now - timedelta(days=30), expires_at=now - timedelta(days=1))
    order = place_order(mei.id, (cup.variant_id, 1), at=now - timedelta(days=2))
    pages.sign_in(mei.email)
    page = pages.get(f"/orders/{order.number}/cancel")
    assert "their time was over: 30 more days, once" in page.text
    pages.post(f"/orders/{order.number}/cancel", {"expect": page.value("expect")})
    assert points.balance(mei.id, clock.now()).available == 300


def test_another_members_order_does_not_exist(
    pages: PageClient, zoe: Member, order: Placed, capsys: pytest.CaptureFixture[str]
) -> None:
    pages.sign_in(zoe.email)
    for url in (f"/orders/{order.number}", f"/orders/{order.number}/cancel", "/orders/R-0000-0000-0000"):
        pages.get(url, status=404)
    pages.post(f"/orders/{order.number}/cancel", page="/account/orders", status=404)


def test_orders_ask_visitors_to_sign_in(pages: PageClient, order: Placed) -> None:
    for url in ("/account/orders", f"/orders/{order.number}"):
        assert "/account/sign-in" in pages.client.get(url).headers["Location"]


def test_what_is_not_shipped_is_not_said_to_be_shipped(
    pages: PageClient, rich: Member, cup: Made, course: Made
) -> None:
    at = clock.now()
    sent = place_order(rich.id, (cup.variant_id, 1), at=at)
    given = place_order(rich.id, (course.variant_id, 1), at=at, delivery=NONE)
    pages.sign_in(rich.email)
    assert "Until we ship it" in pages.get(f"/orders/{sent.number}").text
    page = pages.get(f"/orders/{given.number}")
    assert "Until we ship it" not in page.text
    assert "Until it is given to you" in page.text
    assert "No delivery needed" in page.text
    assert "We are getting it ready." not in page.text
    assert "We see to it, and say here when it is done." in page.text


def test_a_part_of_what_needs_no_parcel_is_fulfilled_wherever_the_order_stands(
    pages: PageClient, rich: Member, course: Made, sam: Member
) -> None:
    at = clock.now()
    order = place_order(rich.id, (course.variant_id, 2), at=at, delivery=NONE)
    (line,) = queries.any_order(order.number, locale="en").lines
    with transaction():
        shipping.fulfil(order.id, lines=[(line.id, 1)], actor=SYSTEM, at=at)
    pages.sign_in(rich.email)
    for url in (f"/orders/{order.number}", "/account/orders"):
        page = pages.get(url)
        assert "Part fulfilled" in page.text, url
        assert "Part shipped" not in page.text, url
    pages.client.delete_cookie("mall")
    pages.sign_in(sam.email)
    assert "Part fulfilled" in pages.get("/admin/orders?show=all").text


def test_points_that_come_back_are_told_in_the_order_in_which_they_were_used(
    app: Flask, at: datetime
) -> None:
    soon, later = at + timedelta(days=3), at + timedelta(days=90)
    used = [(200, soon), (300, later), (100, None)]
    with app.test_request_context():
        assert telling.by_day(used[::-1]) == used
        texts = {
            telling.lots_text([(n, until and until.isoformat()) for n, until in lots])
            for lots in (used, used[::-1])
        }
    assert len(texts) == 1


def test_the_time_of_grace_is_the_merchants_setting(
    app: Flask, pages: PageClient, mei: Member, cup: Made
) -> None:
    now, settings = clock.now(), app.config["SETTINGS"]
    with transaction():
        give_points(mei.id, 300, at=now - timedelta(days=30), expires_at=now - timedelta(days=1))
    order = place_order(mei.id, (cup.variant_id, 1), at=now - timedelta(days=2))
    pages.sign_in(mei.email)
    app.config["SETTINGS"] = replace(settings, grace_days=7)
    try:
        assert "another 7 days, once" in pages.get("/programme").text
        asked = pages.get(f"/orders/{order.number}/cancel")
        assert "their time was over: 7 more days, once" in asked.text
        pages.post(f"/orders/{order.number}/cancel", {"expect": asked.value("expect")})
    finally:
        app.config["SETTINGS"] = settings
    assert points.balance(mei.id, clock.now() + timedelta(days=6)).available == 300
    assert points.balance(mei.id, clock.now() + timedelta(days=8)).available == 0

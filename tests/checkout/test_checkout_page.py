"""From the basket to the order, page by page."""

from datetime import timedelta

import sqlalchemy as sa
import time_machine

from mall.checkout import terms
from mall.core import clock
from mall.core.actor import SYSTEM
from mall.core.db import db, transaction
from mall.domain.items import offers, stock
from mall.domain.ledger import queries as points
from mall.domain.members.models import Address, Member
from mall.domain.orders.models import Order
from tests.support.items_factory import Made
from tests.support.orders_factory import ADDRESS, give_points
from tests.support.pages import Page, PageClient

TYPED = {**ADDRESS, "phone": "138 0013 8000", "address": "new", "delivery": "standard", "terms": "y"}


def checkout(pages: PageClient, made: Made, quantity: int = 1) -> str:
    """Put it into the basket and go to the checkout; its address."""
    data = {"variant_id": made.variant_id, "quantity": quantity, "next": "basket"}
    pages.post("/basket", data)
    return pages.post("/checkout/quote", page="/basket").response.headers["Location"]


def form_of(page: Page, **typed: object) -> dict[str, object]:
    hidden = {name: page.value(name) for name in ("csrf_token", "quote", "key", "terms_version")}
    return {**hidden, **typed}


def orders() -> list[Order]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Order).order_by(Order.id)))


def test_redeeming_with_a_new_address_keeps_it_and_shows_the_order(
    pages: PageClient, rich: Member, cup: Made
) -> None:
    pages.sign_in(rich.email)
    url = checkout(pages, cup, 2)
    page = pages.get(url)
    assert "400 points" in page.text
    assert "Your price is held until" in page.text
    answer = pages.post("/checkout", form_of(page, **TYPED), page=url)
    (order,) = orders()
    assert answer.response.headers["Location"] == f"/orders/{order.number}"
    assert order.address == ADDRESS
    assert order.terms_version == terms.CURRENT == "2026-11b"
    assert points.balance(rich.id, clock.now()).available == 400
    shown = pages.get(f"/orders/{order.number}")
    assert "Thank you. Your order is placed." in shown.text
    assert "Paid with 600 points" in shown.text
    assert "200031 Xuhui, Shanghai" in shown.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Address)) == 1
    assert "Your basket is empty" in pages.get("/basket").text


def test_the_same_post_twice_is_one_order_and_the_same_answer(
    pages: PageClient, rich: Member, cup: Made
) -> None:
    pages.sign_in(rich.email)
    url = checkout(pages, cup)
    form = form_of(pages.get(url), **TYPED)
    first = pages.post("/checkout", form, page=url)
    second = pages.post("/checkout", form, page="/basket")
    assert first.response.headers["Location"] == second.response.headers["Location"]
    assert len(orders()) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Address)) == 1


def test_a_key_with_another_request_is_a_conflict(pages: PageClient, rich: Member, cup: Made) -> None:
    pages.sign_in(rich.email)
    url = checkout(pages, cup)
    form = form_of(pages.get(url), **TYPED)
    other = checkout(pages, cup)
    changed = form_of(pages.get(other), **{**TYPED, "delivery": "pickup"}) | {"key": form["key"]}
    pages.post("/checkout", form, page=other)
    answer = pages.post("/checkout", changed, page="/account/orders", status=409)
    assert "already made with other contents" in answer.text
    assert len(orders()) == 1


def test_the_checkout_of_a_placed_order_leads_to_it(pages: PageClient, rich: Member, cup: Made) -> None:
    pages.sign_in(rich.email)
    url = checkout(pages, cup)
    pages.post("/checkout", form_of(pages.get(url), **TYPED), page=url)
    answer = pages.client.get(url)
    assert answer.headers["Location"] == f"/orders/{orders()[0].number}"


def test_refusals_keep_what_was_typed(pages: PageClient, rich: Member, cup: Made) -> None:
    pages.sign_in(rich.email)
    url = checkout(pages, cup)
    form = form_of(pages.get(url), **{**TYPED, "city": "", "line1": "7 Wukang Road"})
    answer = pages.post("/checkout", form, page=url, status=422)
    assert "What you typed has been kept" in answer.text
    assert answer.value("line1") == "7 Wukang Road"
    assert answer.value("key") == form["key"]
    form = form_of(pages.get(url), **{**TYPED, "terms": ""})
    answer = pages.post("/checkout", form, page=url, status=422)
    assert "Please read and accept the terms first." in answer.text
    assert not orders()


def test_too_few_points_say_how_many_and_charge_nothing(pages: PageClient, rich: Member, cup: Made) -> None:
    pages.sign_in(rich.email)
    url = checkout(pages, cup, 3)
    other = checkout(pages, cup, 0 + 1)
    pages.post("/checkout", form_of(pages.get(url), **TYPED), page=url)
    answer = pages.post("/checkout", form_of(pages.get(other), **TYPED), page=other, status=409)
    assert "Not enough points: 1,100 short" in answer.text
    assert len(orders()) == 1
    assert answer.value("recipient") == ADDRESS["recipient"]
    assert points.balance(rich.id, clock.now()).available == 100


def test_what_sold_out_at_the_last_moment_is_said_and_charges_nothing(
    pages: PageClient, rich: Member, cup: Made
) -> None:
    pages.sign_in(rich.email)
    url = checkout(pages, cup, 2)
    page = pages.get(url)
    with transaction():
        stock.adjust(cup.variant_id, change=-4, reason="written_off", actor=SYSTEM, at=clock.now())
    answer = pages.post("/checkout", form_of(page, **TYPED), page=url, status=409)
    assert "Only 1 of “Cup” left." in answer.text
    assert "have been kept" in answer.text
    assert points.balance(rich.id, clock.now()).available == 1_000


def test_a_lapsed_price_that_rose_is_asked_for_again_and_then_agreed_to(
    pages: PageClient, rich: Member, cup: Made
) -> None:
    pages.sign_in(rich.email)
    url = checkout(pages, cup)
    form = form_of(pages.get(url), **TYPED)
    now = clock.now()
    with transaction():
        offers.set_price(cup.offer_id, points=450, starts_at=now, actor=SYSTEM, at=now)
    with time_machine.travel(clock.now() + timedelta(minutes=11)):
        answer = pages.post("/checkout", form, page=url, status=409)
        assert "The price has changed from 300 points to 450 points." in answer.text
        assert not orders()
        assert answer.value("quote") != form["quote"]
        again = form_of(answer, **TYPED)
        pages.post("/checkout", again, page=url)
    assert [order.points for order in orders()] == [450]


def test_a_service_asks_for_no_address(pages: PageClient, rich: Member, course: Made) -> None:
    pages.sign_in(rich.email)
    url = checkout(pages, course)
    page = pages.get(url)
    assert "Nothing has to be sent" in page.text
    assert "Recipient" not in page.text
    pages.post("/checkout", form_of(page, terms="y"), page=url)
    assert orders()[0].delivery == "none"


def test_extra_fields_change_nothing(pages: PageClient, rich: Member, cup: Made) -> None:
    pages.sign_in(rich.email)
    url = checkout(pages, cup)
    form = form_of(
        pages.get(url), **TYPED, points="1", price="1", member="1", state="completed", is_staff="1"
    )
    pages.post("/checkout", form, page=url)
    (order,) = orders()
    assert (order.points, order.state, order.member_id) == (300, "paid", rich.id)


def test_another_members_quote_and_address_are_out_of_reach(
    pages: PageClient, rich: Member, zoe: Member, cup: Made, app: object
) -> None:
    pages.sign_in(rich.email)
    url = checkout(pages, cup)
    form = form_of(pages.get(url), **TYPED)
    pages.post("/checkout", form, page=url)
    mine = str(db.session.scalar(sa.select(Address.id)))
    with transaction():
        give_points(zoe.id, 1_000, at=clock.now())
    other = PageClient(app)  # type: ignore[arg-type]
    other.sign_in(zoe.email)
    assert other.client.get(url).headers["Location"] == "/basket"
    hers = checkout(other, cup)
    form = form_of(other.get(hers), delivery="standard", address=mine, terms="y")
    answer = other.post("/checkout", form, page=hers, status=422)
    assert "Choose where we should send it." in answer.text


def test_checkout_asks_visitors_to_sign_in(pages: PageClient) -> None:
    assert "/account/sign-in" in pages.client.get("/checkout").headers["Location"]


def test_the_terms_are_a_page_of_their_own_in_every_version(pages: PageClient) -> None:
    assert "held for ten minutes" in pages.get("/terms").text
    assert pages.get("/terms/2026-11").h1 == "Terms of redemption"
    pages.get("/terms/1999-01", status=404)

"""The basket: before and after sign-in, with live prices and what to do about what changed."""

import pytest

from mall.core import clock
from mall.core.actor import SYSTEM
from mall.core.db import transaction
from mall.domain.items import offers, stock
from mall.domain.items import service as items
from mall.domain.members.models import Member
from tests.support.items_factory import Made, add_way, make_item
from tests.support.pages import Page, PageClient


def put(pages: PageClient, made: Made, quantity: object = 1, **kwargs: object) -> Page:
    data = {"variant_id": made.variant_id, "quantity": quantity, "next": "basket"}
    return pages.post("/basket", data, page=f"/catalog/{made.item.slug}", **kwargs)  # type: ignore[arg-type]


def change_price(made: Made, to: int) -> None:
    now = clock.now()
    offers.set_price(made.offer_id, points=to, starts_at=now, actor=SYSTEM, at=now)


def line_url(page: Page) -> str:
    return next(
        form.get("action", "") for form in page.root.iter("form") if form.get("class") == "line-tools"
    )


def test_an_empty_basket_says_so(pages: PageClient) -> None:
    assert "Your basket is empty" in pages.get("/basket").text


def test_a_guest_fills_a_basket_and_is_asked_to_sign_in_only_to_redeem(pages: PageClient, cup: Made) -> None:
    put(pages, cup, 2)
    page = pages.get("/basket")
    assert "Cup" in page.text
    assert "600 points" in page.text
    assert "/account/sign-in?next=/basket" in page.links()


def test_signing_in_brings_the_guests_basket_along_and_adds_it_up(
    pages: PageClient, rich: Member, cup: Made
) -> None:
    pages.sign_in(rich.email)
    put(pages, cup, 2)
    pages.post("/account/sign-out", page="/basket")
    put(pages, cup, 2)
    pages.sign_in(rich.email)
    page = pages.get("/basket")
    assert page.value("quantity") == "4"
    assert "1,200 points" in page.text


def test_quantities_can_be_set_and_lines_taken_out_and_put_back(
    pages: PageClient, rich: Member, cup: Made
) -> None:
    pages.sign_in(rich.email)
    put(pages, cup)
    line = line_url(pages.get("/basket"))
    pages.post(line, {"quantity": 3}, page="/basket")
    assert pages.get("/basket").value("quantity") == "3"
    pages.post(line, {"remove": "1", "quantity": "nonsense"}, page="/basket")
    page = pages.get("/basket")
    assert "Taken out of your basket" in page.text
    pages.post("/basket", {"variant_id": page.value("variant_id"), "quantity": page.value("quantity")})
    page = pages.get("/basket")
    assert page.value("quantity") == "3"
    assert "Taken out" not in page.text


def test_with_htmx_the_answer_is_the_basket_alone_and_the_count(
    pages: PageClient, rich: Member, cup: Made
) -> None:
    pages.sign_in(rich.email)
    put(pages, cup)
    line = line_url(pages.get("/basket"))
    answer = pages.post(line, {"quantity": 2}, page="/basket", status=200, headers={"HX-Request": "true"})
    assert answer.html.startswith('<div id="basket">')
    assert 'id="basket-link"' in answer.html
    assert "hx-swap-oob" in answer.html
    added = put(pages, cup, status=200, headers={"HX-Request": "true"})
    assert "It is in your basket" in added.text
    assert "Basket, 3 items" in added.html


@pytest.mark.parametrize("bad", ["0", "-1", "1.5", "NaN", "１", "9" * 30, "100", ""])
def test_a_quantity_that_no_form_sends_is_refused(pages: PageClient, cup: Made, bad: str) -> None:
    put(pages, cup, bad or " ", status=422)
    assert "Your basket is empty" in pages.get("/basket").text


def test_an_unknown_variant_is_not_found(pages: PageClient, cup: Made) -> None:
    pages.post("/basket", {"variant_id": 10**9}, page="/account/sign-in", status=404)


def test_another_members_line_cannot_be_changed(
    pages: PageClient, app: object, rich: Member, zoe: Member, cup: Made
) -> None:
    pages.sign_in(rich.email)
    put(pages, cup)
    line = line_url(pages.get("/basket"))
    other = PageClient(app)  # type: ignore[arg-type]
    other.sign_in(zoe.email)
    other.post(line, {"remove": "1"}, page="/basket")
    assert pages.get("/basket").value("quantity") == "1"


def test_what_changed_since_is_said_and_what_cannot_be_had_blocks(
    pages: PageClient, rich: Member, cup: Made
) -> None:
    pages.sign_in(rich.email)
    put(pages, cup, 3)
    with transaction():
        change_price(cup, 250)
    assert "The price fell from 300 points to 250 points" in pages.get("/basket").text
    with transaction():
        change_price(cup, 320)
    page = pages.get("/basket")
    assert "The price rose from 300 points to 320 points" in page.text
    assert "Go to checkout" in page.text
    with transaction():
        stock.adjust(cup.variant_id, change=-3, reason="written_off", actor=SYSTEM, at=clock.now())
    page = pages.get("/basket")
    assert "Only 2 left" in page.text
    assert "Go to checkout" not in page.text
    with transaction():
        stock.adjust(cup.variant_id, change=-2, reason="written_off", actor=SYSTEM, at=clock.now())
    assert "Sold out" in pages.get("/basket").text
    with transaction():
        items.retire(cup.item_id, at=clock.now())
    assert "No longer offered" in pages.get("/basket").text


def test_a_basket_is_capped_by_the_limit_for_each_order(pages: PageClient, rich: Member) -> None:
    with transaction():
        lamp = make_item("Lamp", points=10, limits=items.Limits(per_order=2))
    pages.sign_in(rich.email)
    put(pages, lamp, 5)
    put(pages, lamp, 5)
    assert pages.get("/basket").value("quantity") == "2"


def test_what_is_missing_is_said_before_checkout(pages: PageClient, rich: Member, cup: Made) -> None:
    pages.sign_in(rich.email)
    put(pages, cup, 4)
    page = pages.get("/basket")
    assert "Not enough points: 200 short." in page.text
    assert "Go to checkout" not in page.text


def test_what_is_sold_out_is_not_put_in(pages: PageClient, rich: Member) -> None:
    with transaction():
        gone = make_item("Gone", points=10, stock=0)
    pages.sign_in(rich.email)
    answer = put(pages, gone, status=409)
    assert "sold out" in answer.text


def test_a_full_basket_costs_no_more_queries_than_a_small_one(pages: PageClient, rich: Member) -> None:
    with transaction():
        made = [make_item(f"Item {n}", points=1) for n in range(12)]
    pages.sign_in(rich.email)
    for one in made:
        put(pages, one)
    assert len(pages.get("/basket").queries) <= 4


def test_redeeming_now_is_for_this_item_alone_and_leaves_the_basket(
    pages: PageClient, rich: Member, cup: Made
) -> None:
    pages.sign_in(rich.email)
    put(pages, cup, 2)
    with transaction():
        other = make_item("Lamp", slug="lamp", points=100)
    answer = pages.post(
        "/basket",
        {"variant_id": other.variant_id, "quantity": 1, "next": "checkout"},
        page=f"/catalog/{other.item.slug}",
    )
    checkout = pages.get(answer.response.location)
    assert "Lamp" in checkout.text
    assert "Cup" not in checkout.text
    assert pages.get("/basket").value("quantity") == "2"


def test_redeeming_now_what_has_sold_out_meanwhile_shows_it_in_the_basket(
    pages: PageClient, rich: Member, cup: Made
) -> None:
    pages.sign_in(rich.email)
    answer = pages.post(
        "/basket",
        {"variant_id": cup.variant_id, "quantity": 99, "next": "checkout"},
        page=f"/catalog/{cup.item.slug}",
    )
    assert answer.response.location == "/basket"
    assert "Something in your basket has changed." in pages.get("/basket").text


def test_an_item_that_is_not_published_is_not_named(pages: PageClient, cup: Made) -> None:
    with transaction():
        secret = make_item("Autumn surprise", points=300, live=False)
    data = {"variant_id": secret.variant_id, "quantity": 1, "next": "basket"}
    page = pages.post("/basket", data, page=f"/catalog/{cup.item.slug}", status=404)
    assert "Autumn surprise" not in page.html
    assert "cannot find that item" in page.text


@pytest.fixture
def mixable() -> tuple[Made, int]:
    """1,000 points, or a mix worth 1,000 points or 100.00; its item and the offer of the mix."""
    with transaction():
        made = make_item("Deck", points=1_000, value=10_000)
        way = add_way(made.item_id, "range", points=1_000, cash=10_000, position=1, tier_discount="none")
    return made, way


@pytest.mark.parametrize("htmx", [True, False])
def test_adding_with_another_mix_says_that_what_was_there_is_paid_so_too(
    pages: PageClient, rich: Member, mixable: tuple[Made, int], htmx: bool
) -> None:
    made, way = mixable
    pages.sign_in(rich.email)
    headers = {"HX-Request": "true"} if htmx else {}

    def add(n: int, points: int) -> str:
        data = {"variant_id": made.variant_id, "quantity": n, "offer": way, "points_each": points}
        answer = pages.post("/basket", data, page="/basket", status=200 if htmx else 303, headers=headers)
        return answer.text if htmx else pages.get("/basket").text

    assert "are now" not in add(12, 500)
    assert "are now" not in add(1, 500)
    assert "All 15 are now 400 points + ¥60.00 each." in add(2, 400)

"""Points and cash in the basket and at the checkout: ways, mixes, points off, the best use of what expires, delivery."""

from datetime import timedelta
from xml.etree.ElementTree import Element

import pytest
from flask import Flask

from mall.core import clock
from mall.core.actor import SYSTEM
from mall.core.db import transaction
from mall.domain.items import offers
from mall.domain.members.models import Member
from mall.domain.orders import delivery_rates
from mall.domain.orders.delivery_rates import NewRate
from mall.domain.tiers import service as tiers
from tests.support.items_factory import Made, make_item
from tests.support.orders_factory import ADDRESS, give_points
from tests.support.pages import Page, PageClient

#: Mei has 1,000 points that expire in 400 days.
pytestmark = pytest.mark.usefixtures("rich")


def put(pages: PageClient, made: Made, **asked: object) -> Page:
    pages.post("/basket", {"variant_id": made.variant_id, **asked}, page=f"/catalog/{made.item.slug}")
    return pages.get("/basket")


def offer_of(made: Made, kind: str) -> int:
    return next(offer.id for offer in offers.offers(made.item_id) if offer.kind == kind)


def action(page: Page, css: str) -> str:
    return next(
        form.get("action", "") for form in page.root.iter("form") if css in form.get("class", "").split()
    )


def test_a_line_can_be_paid_in_another_way_and_by_another_mix(mei_pages: PageClient, kettle: Made) -> None:
    page = put(mei_pages, kettle)
    assert "Not enough points: 1,000 short." in page.text
    mixed = offer_of(kettle, "range")
    mei_pages.post(action(page, "line-pay"), {"offer": mixed}, page="/basket")
    mei_pages.post(action(page, "line-pay"), {"offer": mixed, f"points_each-{mixed}": 700}, page="/basket")
    page = mei_pages.get("/basket")
    assert "700 points + ¥39.00" in page.text
    assert page.value(f"points_each-{mixed}") == "700"
    assert "300 points" in page.text


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        (
            "1",
            "It takes at least 500 points for one. The nearest mix that can be paid is 500 points + ¥45.00.",
        ),
        ("9000", "It takes at most 2,000 points for one. The nearest mix that can be paid is 2,000 points."),
        ("1970", "The nearest mix that can be paid is 1,866 points + ¥4.02."),
        ("", "No number of points was given, so it is 2,000 points for one."),
    ],
)
def test_the_basket_and_the_checkout_say_why_another_mix_is_meant_as_the_item_page_does(
    mei_pages: PageClient, kettle: Made, rich: Member, typed: str, why: str
) -> None:
    with transaction():
        give_points(rich.id, 5_000, at=clock.now())
    mixed = offer_of(kettle, "range")
    page = put(mei_pages, kettle, offer=mixed, points_each=700)
    assert "nearest mix" not in page.text
    mei_pages.post(action(page, "line-pay"), {"offer": mixed, f"points_each-{mixed}": typed}, page="/basket")
    assert why in mei_pages.get("/basket").text
    assert why not in mei_pages.get("/basket").text  # said once
    shown = put_ranged(mei_pages, kettle)
    again = look(mei_pages, shown, **{"points_each-1": typed}) if typed else None
    if again:
        assert why in again.text
        assert why not in look(mei_pages, again, **{"points_each-1": again.value("points_each-1")}).text


def test_the_basket_and_the_checkout_say_how_many_points_are_used_as_money_off(
    mei_pages: PageClient, watch: Made
) -> None:
    put(mei_pages, watch)
    mei_pages.post("/basket/points", {"points": 9_000}, page="/basket")
    page = mei_pages.get("/basket")
    assert "The nearest mix that can be paid is 5,000 points + ¥50.00." in page.text
    assert "nearest mix" not in mei_pages.get("/basket").text


def test_points_take_money_off_up_to_the_share(mei_pages: PageClient, watch: Made) -> None:
    page = put(mei_pages, watch)
    assert "100 points take ¥1.00 off." in page.text
    mei_pages.post("/basket/points", {"points": 500}, page="/basket")
    page = mei_pages.get("/basket")
    assert "¥5.00 off for 500 points." in page.text
    assert "¥95.00" in page.text
    mei_pages.post("/basket/points", {"points": 99_999}, page="/basket")
    assert "¥50.00 off for 5,000 points." in mei_pages.get("/basket").text


def test_the_best_use_of_what_expires_is_one_press(mei_pages: PageClient, watch: Made, rich: Member) -> None:
    now = clock.now()
    with transaction():
        give_points(rich.id, 300, at=now, expires_at=now + timedelta(days=5))
    page = put(mei_pages, watch)
    assert "The best use of them here: 300 points + ¥97.00." in page.text
    mei_pages.post("/basket/best", page="/basket")
    page = mei_pages.get("/basket")
    assert "¥3.00 off for 300 points." in page.text
    assert "The best use" not in page.text


def test_the_best_use_changes_nothing_of_another_ones_basket(pages: PageClient, watch: Made) -> None:
    put(pages, watch)
    pages.post("/basket/best", page="/basket")
    assert "¥100.00" in pages.get("/basket").text


def test_a_price_that_rose_is_told_in_both_tenders(mei_pages: PageClient, app: Flask) -> None:
    with transaction():
        lamp = make_item("Lamp", points=500, cash=2_000)
    put(mei_pages, lamp)
    now = clock.now()
    with transaction():
        offers.set_price(offer_of(lamp, "combo"), points=600, cash=2_500, starts_at=now, actor=SYSTEM, at=now)
    page = mei_pages.get("/basket")
    assert "The price rose from 500 points + ¥20.00 to 600 points + ¥25.00" in page.text


TYPED = {**ADDRESS, "phone": "138 0013 8000", "address": "new", "terms": "y"}


@pytest.fixture
def parcel(app: Flask) -> Made:
    """800 points + 30.00; delivery is 12.00, priority delivery 20.00."""
    now = clock.now()
    with transaction():
        for method, fee in (("standard", 1_200), ("priority", 2_000)):
            delivery_rates.add(NewRate(method, "All", (), fee), actor=SYSTEM, at=now)
        return make_item("Parcel", points=800, cash=3_000)


def at_checkout(pages: PageClient, made: Made, **asked: object) -> Page:
    put(pages, made, **asked)
    return pages.get(pages.post("/checkout/quote", page="/basket").response.headers["Location"])


def look(pages: PageClient, page: Page, **chosen: object) -> Page:
    """Choose without JavaScript."""
    hidden = {name: page.value(name) for name in ("quote", "key", "terms_version")}
    url = f"/checkout?quote={hidden['quote']}"
    return pages.post("/checkout/look", {**hidden, **chosen}, page=url, status=200)


def test_the_fee_follows_the_delivery_chosen_before_anything_is_ordered(
    mei_pages: PageClient, parcel: Made
) -> None:
    page = at_checkout(mei_pages, parcel)
    assert "Redeem 800 points and pay ¥30.00" in page.text
    page = look(mei_pages, page, delivery="standard", **TYPED)
    assert "Redeem 800 points and pay ¥42.00" in page.text
    page = look(mei_pages, page, delivery="priority", **TYPED)
    assert "Redeem 800 points and pay ¥50.00" in page.text
    assert "Delivery¥20.00" in page.text
    assert page.value("recipient") == ADDRESS["recipient"]
    assert "Your points are held until then" in page.text


def test_points_can_still_take_money_off_at_the_checkout(mei_pages: PageClient, watch: Made) -> None:
    page = at_checkout(mei_pages, watch)
    assert "Pay ¥100.00" in page.text
    page = look(mei_pages, page, points_off=500)
    assert "Redeem 500 points and pay ¥95.00" in page.text
    assert "500 points as money off−¥5.00" in page.text
    assert "Pay ¥100.00" in look(mei_pages, page, points_off=0).text


def test_what_costs_more_by_another_delivery_is_agreed_to_first(mei_pages: PageClient, parcel: Made) -> None:
    page = at_checkout(mei_pages, parcel)
    hidden = {name: page.value(name) for name in ("quote", "key", "terms_version")}
    url = f"/checkout?quote={hidden['quote']}"
    page = mei_pages.post("/checkout", {**hidden, **TYPED, "delivery": "priority"}, page=url, status=409)
    assert "Was800 points + ¥30.00Now800 points + ¥50.00" in page.text
    assert "The delivery that you chose costs more." in page.text
    assert "Redeem 800 points and pay ¥50.00" in page.text


def test_another_ones_quote_cannot_be_looked_at(
    mei_pages: PageClient, parcel: Made, app: Flask, zoe: Member
) -> None:
    hers = at_checkout(mei_pages, parcel).value("quote")
    other = PageClient(app)
    other.sign_in(zoe.email or "")
    other.post("/checkout/look", {"quote": hers, "points_off": 0}, page="/basket", status=404)


def test_reading_aloud_names_both_tenders(mei_pages: PageClient, kettle: Made) -> None:
    page = put(mei_pages, kettle, offer=offer_of(kettle, "range"), points_each=700)
    slider = next(e for e in page.root.iter("input") if e.get("type") == "range")
    assert slider.get("aria-valuetext") == "700 points + ¥39.00"
    assert places(slider) == (500, 700, 1_866, 2_000)


def places(slider: Element) -> tuple[int, ...]:
    """Of a slider's places: the first, the present, the last but one, the last."""
    found = [int(place) for place in slider.get("data-mix-slide", "").split()]
    assert (slider.get("min"), slider.get("max")) == ("0", str(len(found) - 1))
    return found[0], found[int(slider.get("value", ""))], found[-2], found[-1]


def put_ranged(pages: PageClient, kettle: Made, points: int = 700) -> Page:
    return at_checkout(pages, kettle, offer=offer_of(kettle, "range"), points_each=points)


def test_the_mix_of_a_line_can_still_be_changed_at_the_checkout(mei_pages: PageClient, kettle: Made) -> None:
    page = put_ranged(mei_pages, kettle)
    assert "Redeem 700 points and pay ¥39.00" in page.text
    assert page.value("points_each-1") == "700"
    slider = next(e for e in page.root.iter("input") if e.get("id") == "slide-line-1")
    assert places(slider) == (500, 700, 1_866, 2_000)
    page = look(mei_pages, page, **{"points_each-1": 1_000})
    assert "Redeem 1,000 points and pay ¥30.00" in page.text
    assert page.value("points_each-1") == "1000"


def test_a_mix_that_was_typed_last_is_shown_before_it_is_ordered(mei_pages: PageClient, kettle: Made) -> None:
    page = put_ranged(mei_pages, kettle)
    hidden = {name: page.value(name) for name in ("quote", "key", "terms_version")}
    url = f"/checkout?quote={hidden['quote']}"
    typed = {**hidden, **TYPED, "delivery": "standard", "points_each-1": 900}
    page = mei_pages.post("/checkout", typed, page=url, status=409)
    assert "You chose another mix of points and cash." in page.text
    assert "Was700 points + ¥39.00Now900 points + ¥33.00" in page.text
    assert "Redeem 900 points and pay ¥33.00" in page.text
    agreed = {**typed, "points_each-1": page.value("points_each-1")}
    placed = mei_pages.post("/checkout", agreed, page=url)
    assert placed.response.headers["Location"].endswith("/pay")


def test_no_number_at_the_checkout_leads_beyond_the_offer(mei_pages: PageClient, kettle: Made) -> None:
    page = put_ranged(mei_pages, kettle)
    assert "Redeem 500 points and pay ¥45.00" in look(mei_pages, page, **{"points_each-1": 0}).text
    assert "Redeem for 2,000 points" in look(mei_pages, page, **{"points_each-1": 99_999}).text
    look(mei_pages, page, **{"points_each-7": 900})


def fees_of(page: Page) -> list[str]:
    """What stands beside each method, in the order of the page."""
    found = [e for e in page.root.iter("span") if "choice-fee" in (e.get("class") or "").split()]
    return [" ".join("".join(e.itertext()).split()) for e in found]


def test_each_method_says_what_it_costs_before_it_is_chosen(mei_pages: PageClient, app: Flask) -> None:
    now = clock.now()
    with transaction():
        for new in (
            NewRate("standard", "All", (), 1_200, 9_900),
            NewRate("priority", "China", ("CN",), 2_000),
            NewRate("priority", "Shanghai", ("CN/Shanghai",), 1_500),
        ):
            delivery_rates.add(new, actor=SYSTEM, at=now)
        made = make_item("Parcel", points=800, cash=3_000)
    page = at_checkout(mei_pages, made)
    assert fees_of(page) == ["from ¥12.00", "from ¥15.00", "Free of charge"]
    page = look(mei_pages, page, delivery="pickup", **TYPED)
    assert fees_of(page) == [
        "¥12.00 · free from ¥99.00 (¥61.00 to go; points count at their worth)",
        "¥15.00",
        "Free of charge",
    ]
    page = look(mei_pages, page, delivery="pickup", **{**TYPED, "country": "JP"})
    assert fees_of(page)[1] == "Not to this address"


def test_what_stands_beside_a_method_is_what_it_then_costs(
    mei_pages: PageClient, app: Flask, mei: Member
) -> None:
    now = clock.now()
    with transaction():
        delivery_rates.add(NewRate("priority", "All", (), 2_000), actor=SYSTEM, at=now)
        tiers.grant(mei.id, "gold", actor=SYSTEM, reason="test", at=now)
        made = make_item("Parcel", points=800, cash=3_000)
    page = look(mei_pages, at_checkout(mei_pages, made), delivery="priority", **TYPED)
    assert fees_of(page)[1] == "Free with Gold"
    assert "Redeem 800 points and pay ¥30.00" in page.text

"""The price that is ordered is the one that the button named, whatever happened to the quote since; nothing is guessed
from what is no number, and nothing that was typed last is dropped."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from mall.checkout import ordering
from mall.core import clock
from mall.core.db import db
from mall.domain.items import offers
from mall.domain.orders import agreeing
from mall.domain.orders.models import Order
from tests.support.items_factory import Made
from tests.support.orders_factory import ADDRESS
from tests.support.pages import Page, PageClient

#: Mei has 1,000 points that expire in 400 days.
pytestmark = pytest.mark.usefixtures("rich")

TYPED = {**ADDRESS, "phone": "138 0013 8000", "address": "new", "terms": "y", "delivery": "standard"}
NO_NUMBERS = ("-1", "1.5", "NaN", "１００", "9223372036854775808", "1e3")


def kettle_for(pages: PageClient, kettle: Made, points: int = 700) -> Page:
    """The checkout of the kettle, for so many points and the rest in cash."""
    way = next(offer.id for offer in offers.offers(kettle.item_id) if offer.kind == "range")
    return checkout(pages, kettle, offer=way, points_each=points)


def checkout(pages: PageClient, made: Made, **asked: object) -> Page:
    pages.post("/basket", {"variant_id": made.variant_id, **asked})
    return pages.get(pages.post("/checkout/quote", page="/basket").response.headers["Location"])


def filled(page: Page, **changes: object) -> dict[str, object]:
    """The form as it stands on the page, filled in."""
    names = ("csrf_token", "quote", "key", "terms_version", "agreed")
    mix = {name: value for name, value in page.fields("/checkout").items() if name.startswith("points_")}
    return {**{name: page.value(name) for name in names}, **mix, **TYPED, **changes}


def orders() -> list[tuple[int, int]]:
    """The points and cash of each order."""
    db.session.expire_all()
    return [tuple(row) for row in db.session.execute(sa.select(Order.points, Order.cash).order_by(Order.id))]


def test_the_form_carries_the_price_of_its_button(mei_pages: PageClient, kettle: Made) -> None:
    page = kettle_for(mei_pages, kettle)
    assert "Redeem 700 points and pay ¥39.00" in page.text
    assert page.value("agreed") == "700-3900"
    page = mei_pages.post(
        "/checkout/look", filled(page, **{"points_each-1": 1_000}), status=200, page="/basket"
    )
    assert "Redeem 1,000 points and pay ¥30.00" in page.text
    assert page.value("agreed") == "1000-3000"
    mei_pages.post("/checkout", filled(page), page="/basket")
    assert orders() == [(1_000, 3_000)]


@pytest.mark.parametrize("carried", ["its mix", "no mix"])
def test_a_look_from_another_tab_is_shown_before_it_is_ordered(
    mei_pages: PageClient, kettle: Made, carried: str
) -> None:
    page = kettle_for(mei_pages, kettle)
    form = filled(page)
    if carried == "no mix":
        form.pop("points_each-1")
    mei_pages.post("/checkout/look", filled(page, **{"points_each-1": 900}), status=200, page="/basket")
    answer = mei_pages.post("/checkout", form, status=409, page="/basket")
    assert orders() == []
    now = "700 points and pay ¥39.00" if carried == "its mix" else "900 points and pay ¥33.00"
    assert f"Redeem {now}" in answer.text
    mei_pages.post("/checkout", filled(answer), page="/basket")
    assert orders() == [(700, 3_900) if carried == "its mix" else (900, 3_300)]


def other_look_before_placing(
    pages: PageClient, page: Page, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    """Order, and when all is read and nothing is locked yet, have another tab choose another mix."""
    checked = ordering._check_terms

    def then_another_tab(form: object) -> None:
        checked(form)  # type: ignore[arg-type]
        pages.client.post("/checkout/look", data=filled(page, **{"points_each-1": 900}))

    monkeypatch.setattr(ordering, "_check_terms", then_another_tab)
    pages.post("/checkout", filled(page), status=status, page="/basket")


def test_a_look_that_comes_while_the_order_is_on_its_way_is_not_ordered(
    mei_pages: PageClient, kettle: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    other_look_before_placing(mei_pages, kettle_for(mei_pages, kettle), monkeypatch, 409)
    assert orders() == []


@pytest.mark.tampers
def test_without_the_check_it_would_be(
    mei_pages: PageClient, kettle: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    monkeypatch.setattr(agreeing, "check", lambda *_of, **_more: None)
    other_look_before_placing(mei_pages, kettle_for(mei_pages, kettle), monkeypatch, 303)
    assert orders() == [(900, 3_300)]


def test_the_same_order_sent_again_is_answered_by_the_order_whatever_it_says(
    mei_pages: PageClient, kettle: Made
) -> None:
    form = filled(kettle_for(mei_pages, kettle))
    first = mei_pages.post("/checkout", form, page="/basket")
    second = mei_pages.post("/checkout", {**form, "agreed": "1-1"}, page="/basket")
    assert first.response.headers["Location"] == second.response.headers["Location"]
    assert len(orders()) == 1


def test_a_form_that_says_no_price_agrees_to_the_quotes(mei_pages: PageClient, kettle: Made) -> None:
    form = filled(kettle_for(mei_pages, kettle))
    form.pop("agreed")
    mei_pages.post("/checkout", form, page="/basket")
    assert orders() == [(700, 3_900)]


@pytest.mark.parametrize("agreed", ["700", "-", "700-3900-", "７００-3900", "x", "700--1", "1e3-0"])
def test_what_is_no_price_is_refused(mei_pages: PageClient, kettle: Made, agreed: str) -> None:
    form = filled(kettle_for(mei_pages, kettle), agreed=agreed)
    mei_pages.post("/checkout", form, status=422, page="/basket")
    assert orders() == []


@pytest.mark.parametrize("url", ["/checkout", "/checkout/look"])
@pytest.mark.parametrize("typed", NO_NUMBERS)
def test_what_is_no_number_of_points_is_refused_beside_its_field(
    mei_pages: PageClient, kettle: Made, watch: Made, url: str, typed: str
) -> None:
    way = next(offer.id for offer in offers.offers(kettle.item_id) if offer.kind == "range")
    mei_pages.post("/basket", {"variant_id": watch.variant_id})
    page = checkout(mei_pages, kettle, offer=way, points_each=700)
    for name in ("points_each-2", "points_off"):
        answer = mei_pages.post(url, filled(page, **{name: typed}), status=422, page="/basket")
        field = next(e for e in answer.root.iter("input") if e.get("name") == name)
        assert field.get("value") == typed
        assert field.get("aria-invalid") == "true"
        beside = (field.get("aria-describedby") or "").split()[0]
        said = next(e for e in answer.root.iter("p") if e.get("id") == beside)
        assert f"“{typed}” cannot be used here." in "".join(said.itertext())
        assert answer.value("recipient") == ADDRESS["recipient"]
        assert answer.value("key") == page.value("key")
    assert orders() == []


def test_a_field_of_no_line_is_refused(mei_pages: PageClient, kettle: Made) -> None:
    form = filled(kettle_for(mei_pages, kettle), **{"points_each-x": "5"})
    mei_pages.post("/checkout", form, status=422, page="/basket")
    assert orders() == []


def test_a_mix_that_was_typed_last_outlives_another_mistake(mei_pages: PageClient, kettle: Made) -> None:
    page = kettle_for(mei_pages, kettle)
    for mistake in ({"terms": ""}, {"city": ""}):
        typed = filled(page, **{"points_each-1": 900, **mistake})
        answer = mei_pages.post("/checkout", typed, status=422, page="/basket")
        assert answer.value("points_each-1") == "900"
        assert "Redeem 900 points and pay ¥33.00" in answer.text
        assert answer.value("agreed") == "900-3300"
    assert orders() == []


def test_a_mix_that_was_typed_after_the_quotes_time_is_shown_first(
    mei_pages: PageClient, kettle: Made
) -> None:
    page = kettle_for(mei_pages, kettle)
    with time_machine.travel(clock.now() + timedelta(minutes=11)):
        typed = filled(page, **{"points_each-1": 900})
        answer = mei_pages.post("/checkout", typed, status=409, page="/basket")
        assert orders() == []
        assert "You chose another mix of points and cash." in answer.text
        assert answer.value("points_each-1") == "900"
        assert answer.value("quote") != page.value("quote")
        assert "Redeem 900 points and pay ¥33.00" in answer.text
        mei_pages.post("/checkout", filled(answer), page="/basket")
    assert orders() == [(900, 3_300)]


def test_a_look_at_a_lapsed_quote_keeps_the_mix(mei_pages: PageClient, kettle: Made) -> None:
    page = kettle_for(mei_pages, kettle)
    with time_machine.travel(clock.now() + timedelta(minutes=11)):
        typed = filled(page, **{"points_each-1": 900})
        answer = mei_pages.post("/checkout/look", typed, page="/basket", status=200)
        assert answer.value("points_each-1") == "900"


def test_an_emptied_field_is_no_points_off(mei_pages: PageClient, watch: Made) -> None:
    page = checkout(mei_pages, watch)
    page = mei_pages.post("/checkout/look", filled(page, points_off=500), status=200, page="/basket")
    assert "Redeem 500 points and pay ¥95.00" in page.text
    answer = mei_pages.post("/checkout", filled(page, points_off=""), status=409, page="/basket")
    assert "Pay ¥100.00" in answer.text
    assert orders() == []
    page = mei_pages.post("/checkout/look", filled(page, points_off=500), status=200, page="/basket")
    page = mei_pages.post("/checkout/look", filled(page, points_off=""), status=200, page="/basket")
    mei_pages.post("/checkout", filled(page), page="/basket")
    assert orders() == [(0, 10_000)]

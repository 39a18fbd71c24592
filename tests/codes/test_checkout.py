"""At checkout: wishes for services, and the words for what delivery costs."""

from datetime import datetime

import pytest
from flask import Flask

from mall.core.db import transaction
from mall.core.ids import MemberId
from mall.domain.members.models import Member
from mall.domain.orders import queries
from mall.domain.orders.delivery import Fee
from mall.web.delivery_words import fee_words
from tests.support.items_factory import make_item
from tests.support.orders_factory import fill_basket, give_points
from tests.support.pages import PageClient


@pytest.mark.parametrize(
    ("fee", "said"),
    [
        (Fee(0, "none"), "Free of charge"),
        (Fee(0, "tier", 800, 9900), "Free with Gold"),
        (Fee(0, "basket", 800, 9900), "Free from ¥99.00"),
        (Fee(800, "rate", 800, 9900, 1200), "¥8.00 · free from ¥99.00 (¥12.00 to go)"),
        (Fee(6000, "rate", 6000), "¥60.00"),
    ],
)
def test_why_delivery_costs_that(app: Flask, fee: Fee, said: str) -> None:
    with app.test_request_context():
        assert fee_words(fee, tier="Gold") == said


def test_a_wish_is_typed_with_the_order(pages: PageClient, mei: Member, at: datetime) -> None:
    with transaction():
        cup, massage = make_item("Cup", points=10), make_item("Massage", points=20, kind="service")
        give_points(MemberId(mei.id), 1_000, at=at)
        fill_basket(MemberId(mei.id), (cup.variant_id, 1), (massage.variant_id, 1), at=at)
    pages.sign_in(mei.email)
    where = pages.post("/checkout/quote", page="/basket").response.headers["Location"]
    page = pages.get(where)
    assert 'name="wish-2"' in page.html
    assert 'name="wish-1"' not in page.html
    names = ("quote", "key", "terms_version")
    form = {name: page.value(name) for name in names} | {"terms": "y", "delivery": "pickup", "address": "new"}
    refused = pages.post(
        "/checkout", {**form, "terms": "", "wish-2": "After six"}, page=where, status=422
    )  # what was typed stays
    assert "After six" in refused.html
    form |= {
        "wish-2": "After \x07six",
        "day-2": "2026-12-24",
        "wish-1": "a cup has none",
        "wish-99": "x",
        "day-1": "?",
    }
    placed = pages.post("/checkout", form, page=where)
    number = placed.response.headers["Location"].rsplit("/", 1)[1]
    first, second = queries.any_order(number, locale="en").lines
    assert (first.handed.wish, first.handed.wished_on) == ("", None)
    assert second.handed.wish == "After six"
    assert str(second.handed.wished_on) == "2026-12-24"

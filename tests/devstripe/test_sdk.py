"""The official SDK talks to the stand-in as to Stripe, over either transport."""

from collections.abc import Iterator
from typing import Any

import pytest
import stripe

from devstripe import API_VERSION
from devstripe.testing import Running, in_process, running

NOON = 1_800_000_000


def order(**changes: Any) -> Any:
    """What a shop asks for: two mugs and a fee."""
    return {
        "mode": "payment",
        "line_items": [
            {
                "price_data": {"currency": "cny", "unit_amount": 3000, "product_data": {"name": "Mug"}},
                "quantity": 2,
            },
            {
                "price_data": {"currency": "cny", "unit_amount": 800, "product_data": {"name": "Delivery"}},
                "quantity": 1,
            },
        ],
        "client_reference_id": "A-1",
        "metadata": {"order": "A-1"},
        "payment_intent_data": {"metadata": {"order": "A-1"}},
        "success_url": "http://127.0.0.1/return?session={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://127.0.0.1/basket",
        "expires_at": NOON + 31 * 60,
        **changes,
    }


@pytest.fixture(params=["http", "in process"])
def mock(request: pytest.FixtureRequest) -> Iterator[Running]:
    start = running if request.param == "http" else in_process
    with start(seed=1, start=NOON) as stand_in:
        yield stand_in


def test_the_modelled_version_is_the_one_the_sdk_pins() -> None:
    assert stripe.api_version == API_VERSION


def test_a_session_is_opened_paid_and_read_back(mock: Running) -> None:
    client = mock.client()
    made = client.v1.checkout.sessions.create(order())
    assert (made.status, made.payment_status, made.amount_total, made.livemode) == (
        "open",
        "unpaid",
        6800,
        False,
    )
    assert made.payment_intent is None
    assert made.url == f"{mock.app.world.public_url}/pay/{made.id}"

    assert mock.control.pay(made.id)["outcome"] == "succeeded"

    paid = client.v1.checkout.sessions.retrieve(
        made.id, {"expand": ["payment_intent.latest_charge", "line_items"]}
    )
    assert (paid.status, paid.payment_status, paid.url) == ("complete", "paid", None)
    intent = paid.payment_intent
    assert isinstance(intent, stripe.PaymentIntent)
    assert (intent.status, intent.amount_received, intent.metadata["order"]) == ("succeeded", 6800, "A-1")
    assert isinstance(intent.latest_charge, stripe.Charge)
    assert intent.latest_charge.paid
    assert paid.line_items is not None
    assert [(line.description, line.amount_total) for line in paid.line_items] == [
        ("Mug", 6000),
        ("Delivery", 800),
    ]
    assert [event["type"] for event in mock.control.events()] == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
    ]

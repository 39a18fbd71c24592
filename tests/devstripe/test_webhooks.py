"""Webhooks: signed as the SDK checks it, tried again, and everything that can go wrong with them."""

import itertools
import time
from collections.abc import Iterator

import pytest

from devstripe.testing import ControlError, Running, in_process, running
from tests.devstripe.endpoint import Endpoint, listening
from tests.devstripe.shop import NOON, line, order
from tests.support.patience import wait_for

PAID = [
    "payment_intent.created",
    "charge.succeeded",
    "payment_intent.succeeded",
    "checkout.session.completed",
]


@pytest.fixture
def shop() -> Endpoint:
    # The SDK holds the signature's time against the machine's clock; the stand-in's stands at NOON.
    return Endpoint(tolerance=int(abs(time.time() - NOON)) + 10**6)


@pytest.fixture
def mock(shop: Endpoint) -> Iterator[Running]:
    with in_process(seed=1, start=NOON, webhook=shop) as stand_in:
        yield stand_in


def paid(mock: Running) -> str:
    session = mock.client().v1.checkout.sessions.create(order(expires_at=mock.control.now() + 1860)).id
    mock.control.pay(session)
    return session


def test_nothing_is_sent_before_it_is_told_to(mock: Running, shop: Endpoint) -> None:
    paid(mock)
    assert shop.taken == []
    assert {d["state"] for ds in mock.control.deliveries().values() for d in ds} == {"held"}
    assert [d["status"] for d in mock.control.deliver()] == [200] * 4
    assert shop.types == PAID
    assert mock.control.deliver() == []
    assert {e["pending_webhooks"] for e in mock.control.events()} == {0}


def test_what_is_sent_is_what_the_api_tells(mock: Running, shop: Endpoint) -> None:
    session = paid(mock)
    mock.control.deliver()
    (event,) = [e for e in shop.taken if e.type == "checkout.session.completed"]
    told = mock.client().v1.events.retrieve(event.id)
    assert event.data.object.to_dict() == told.data.object.to_dict()
    assert event.data.object["id"] == session
    assert (event.livemode, event.api_version) == (False, told.api_version)


def test_every_order_of_a_sessions_events(mock: Running, shop: Endpoint) -> None:
    paid(mock)
    ids = [event["id"] for event in mock.control.events()]
    for permutation in itertools.permutations(ids):
        shop.taken.clear()
        mock.control.deliver(permutation)
        assert [event.id for event in shop.taken] == list(permutation)


def test_a_hundred_copies_at_once(mock: Running, shop: Endpoint) -> None:
    paid(mock)
    event = mock.control.events("checkout.session.completed")[0]["id"]
    done = mock.control.deliver([event], copies=100, parallel=True)
    assert [d["status"] for d in done] == [200] * 100
    assert {e.id for e in shop.taken} == {event}
    assert len(shop.taken) == 100


@pytest.mark.parametrize("signature", ["bad", "missing", "stale"])
def test_a_spoilt_signature_is_not_taken(mock: Running, shop: Endpoint, signature: str) -> None:
    shop.tolerance = int(time.time() - NOON) + 1800
    paid(mock)
    event = mock.control.events("checkout.session.completed")[0]["id"]
    assert mock.control.deliver([event])[0]["status"] == 200
    assert mock.control.deliver([event], twist={"signature": signature})[0]["status"] == 400


def test_well_signed_but_with_other_contents(mock: Running, shop: Endpoint) -> None:
    paid(mock)
    event = mock.control.events("checkout.session.completed")[0]["id"]
    mock.control.deliver(
        [event], twist={"set": {"amount_total": 1, "currency": "usd"}, "event": {"livemode": True}}
    )
    (told,) = shop.taken
    assert (told.data.object["amount_total"], told.data.object["currency"], told.livemode) == (1, "usd", True)
    signed = mock.control.signed(event)
    assert shop(signed.body, signed.headers) == 200
    assert shop.taken[1].data.object["amount_total"] == 6800
    assert shop(signed.body.replace(b"6800", b"6801"), signed.headers) == 400


def test_faults_of_webhooks_in_line(mock: Running, shop: Endpoint) -> None:
    mock.control.fault("drop", event="payment_intent.*", times=2)
    mock.control.fault("duplicate", event="charge.succeeded", copies=3)
    mock.control.fault("twist", event="checkout.session.completed", twist={"set": {"currency": "usd"}})
    paid(mock)
    assert mock.control.faults() == []
    mock.control.deliver()
    assert shop.types == ["charge.succeeded"] * 3 + ["checkout.session.completed"]
    assert shop.taken[-1].data.object["currency"] == "usd"


def test_a_fault_for_ever_stays_until_cleared(mock: Running, shop: Endpoint) -> None:
    mock.control.fault("drop", times=None)
    paid(mock)
    paid(mock)
    mock.control.clear_faults()
    paid(mock)
    mock.control.deliver()
    assert shop.types == PAID


def test_an_unknown_event_or_fault_is_said_to_be_unknown(mock: Running) -> None:
    with pytest.raises(ControlError, match="no event evt_1none"):
        mock.control.deliver(["evt_1none"])
    with pytest.raises(ControlError, match="no event evt_1none"):
        mock.control.signed("evt_1none")
    with pytest.raises(ControlError, match="no fault 'rain'"):
        mock.control.fault("rain")
    with pytest.raises(ControlError, match="Not a fault"):
        mock.control.fault("hold", colour="red")


def test_a_shop_that_was_away_is_told_again_with_a_new_signature_and_the_same_event() -> None:
    with listening() as shop, running(webhook=shop.url, deliver="auto") as mock:
        shop.answers = [500, 302]
        session = mock.client().v1.checkout.sessions.create(_short()).id
        mock.client().v1.checkout.sessions.expire(session)
        wait_for(lambda: bool(shop.taken), "a webhook")
        assert shop.types == ["checkout.session.expired"]
        assert len(shop.headers) == 3
        first, *_, last = [header.split(",")[0] for header in shop.headers]
        assert first < last
        wait_for(lambda: next(iter(mock.control.deliveries().values()))[0]["state"] == "done", "its end")


def _short() -> object:
    return order(expires_at=int(time.time()) + 1900, line_items=[line("Mug", 500)])


def test_webhooks_go_out_by_themselves_in_order_and_held_ones_when_released() -> None:
    with listening() as shop, running(webhook=shop.url, deliver="auto") as mock:
        mock.control.fault("hold", event="charge.succeeded")
        mock.control.fault("delay", event="payment_intent.created", seconds=1.0)
        session = mock.client().v1.checkout.sessions.create(_short()).id
        mock.control.pay(session)
        wait_for(lambda: len(shop.taken) == 3, "three webhooks")
        assert shop.types == [
            "payment_intent.succeeded",
            "checkout.session.completed",
            "payment_intent.created",
        ]
        mock.control.deliver()
        assert shop.types[-1] == "charge.succeeded"


def test_a_session_that_expires_tells_the_shop_though_nobody_asks() -> None:
    with listening() as shop, running(webhook=shop.url, deliver="auto") as mock:
        mock.client().v1.checkout.sessions.create(_short())
        mock.control.advance(1901)
        shop.tolerance = 10**6
        wait_for(lambda: bool(shop.taken), "a webhook")
        assert shop.types == ["checkout.session.expired"]


def test_a_receiver_that_breaks_does_not_end_the_deliveries() -> None:
    seen: list[bytes] = []

    def breaks_once(body: bytes, headers: object) -> int:
        seen.append(body)
        if len(seen) == 1:
            raise RuntimeError("on purpose")
        return 200

    with running(webhook=breaks_once, deliver="auto") as mock:
        made = mock.client().v1.checkout.sessions.create(_short())
        mock.client().v1.checkout.sessions.expire(made.id)
        wait_for(lambda: len(seen) == 2, "a second try")
        assert seen[0] == seen[1]

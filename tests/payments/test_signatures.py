"""Which webhooks are Stripe's: those signed over exactly these bytes, lately."""

import json
from datetime import datetime, timedelta

import pytest
import stripe
import time_machine

from devstripe.testing import Running
from mall.domain.payments import rules
from mall.domain.payments.errors import BadEvent, BadSignature
from mall.domain.payments.gateway import TOLERANCE, Gateway
from tests.payments.test_gateway import body

SECRET = "whsec_test"
EVENT = {
    "id": "evt_1", "object": "event", "type": "checkout.session.completed", "created": 1764000000, "livemode": False,
    "data": {"object": {"id": "cs_test_1", "object": "checkout.session", "client_reference_id": "R-1-1"}},
}  # fmt: skip
PAYLOAD = json.dumps(EVENT).encode()


@pytest.fixture
def theirs() -> Gateway:
    return Gateway(api_key="sk_test_1", webhook_secret=SECRET)


def sign(payload: bytes, secret: str = SECRET, at: datetime | None = None) -> str:
    stamp = int(at.timestamp()) if at else None
    return str(
        stripe.WebhookSignature.generate_signature_header(payload.decode("utf-8", "replace"), secret, stamp)
    )


def test_what_stripe_signed_is_read_and_kept_as_it_came(theirs: Gateway) -> None:
    event = theirs.parse_event(PAYLOAD, sign(PAYLOAD))
    assert (event.id, event.kind, event.object_id, event.livemode) == (
        "evt_1",
        "checkout.session.completed",
        "cs_test_1",
        False,
    )
    assert event.payload.encode() == PAYLOAD
    assert event.reference == "R-1-1"


@pytest.mark.parametrize(
    "signature",
    [
        "", "t=1", "v1=abc", "t=x,v1=abc", "nonsense", "t=1764000000,v1=", "t=1764000000,v0=abc", "é", "t=1,v1=é",
        "t=99999999999999999999,v1=00", ",", "=", "t=,v1=",
    ],
)  # fmt: skip
def test_a_bad_signature_is_no_event(theirs: Gateway, signature: str) -> None:
    with pytest.raises(BadSignature):
        theirs.parse_event(PAYLOAD, signature)


def test_a_signature_with_another_secret_or_over_other_bytes_is_none(theirs: Gateway) -> None:
    with pytest.raises(BadSignature):
        theirs.parse_event(PAYLOAD, sign(PAYLOAD, "whsec_other"))
    with pytest.raises(BadSignature):
        theirs.parse_event(PAYLOAD + b" ", sign(PAYLOAD))
    with pytest.raises(BadSignature):
        theirs.parse_event(b"\xff\xfe", sign(PAYLOAD))


def test_without_a_secret_nothing_is_signed() -> None:
    with pytest.raises(BadSignature):
        Gateway(api_key="sk_test_1", webhook_secret="").parse_event(PAYLOAD, sign(PAYLOAD, ""))


def test_an_old_signature_is_none_however_right(theirs: Gateway, at: datetime) -> None:
    signature = sign(PAYLOAD, at=at)
    with time_machine.travel(at + timedelta(seconds=TOLERANCE), tick=False):
        assert theirs.parse_event(PAYLOAD, signature).id == "evt_1"
    with time_machine.travel(at + timedelta(seconds=TOLERANCE + 1), tick=False), pytest.raises(BadSignature):
        theirs.parse_event(PAYLOAD, signature)


@pytest.mark.parametrize(
    "payload",
    [
        b"", b"[]", b"null", b"7", b"{", b'"event"', b"{}", b'{"data": {"object": {}}}', b"[" * 100_000,
        json.dumps({**EVENT, "livemode": "false"}).encode(),
        json.dumps({**EVENT, "created": "now"}).encode(),
        json.dumps({**EVENT, "created": 10**30}).encode(),
        json.dumps({**EVENT, "id": ""}).encode(),
        json.dumps({**EVENT, "object": "v2.core.event"}).encode(),
        json.dumps({**EVENT, "data": {"object": []}}).encode(),
        json.dumps({**EVENT, "data": []}).encode(),
        json.dumps({**EVENT, "data": {"object": {"id": 7}}}).encode(),
    ],
)  # fmt: skip
def test_what_is_signed_and_no_event_is_refused_too(theirs: Gateway, payload: bytes) -> None:
    with pytest.raises(BadEvent):
        theirs.parse_event(payload, sign(payload))


def test_every_event_of_a_session_reads_as_what_it_is(
    gateway: Gateway, dev_stripe: Running, at: datetime
) -> None:
    session = gateway.create_session(body(at), key="k1")
    dev_stripe.control.decline(session.id)
    dev_stripe.control.pay(session.id)
    intent = gateway.retrieve_session(session.id).intent_id
    dev_stripe.control.dispute(str(intent))
    told = dev_stripe.control.events()
    kinds = [event["type"] for event in told]
    assert {"checkout.session.completed", "charge.dispute.created"} <= set(kinds) & rules.EVENTS
    with time_machine.travel(at, tick=False):
        for raw in told:
            webhook = dev_stripe.control.signed(raw["id"])
            event = gateway.parse_event(webhook.body, webhook.headers["Stripe-Signature"])
            assert (event.id, event.kind, event.object_id) == (
                raw["id"],
                raw["type"],
                raw["data"]["object"]["id"],
            )
            if event.object_kind == "checkout.session":
                assert event.reference == session.reference
            if event.object_kind in ("dispute", "charge"):
                assert event.payment_intent == intent

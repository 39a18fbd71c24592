"""The gateway against the development Stripe, through the real SDK."""

import json
import threading
import time
from datetime import datetime, timedelta

import pytest
import stripe

from devstripe.testing import Running
from mall.domain.payments import rules
from mall.domain.payments.errors import KeyMisused, Misconfigured, Refused, Unknown
from mall.domain.payments.gateway import API_VERSION, Gateway, refund_params, session_params
from tests.support.patience import PATIENCE
from tests.support.payments_factory import pay_request
from tests.support.stripe import gateway_to, over_http

NUMBER = "R-7K3Q-9XWD-2F5M"
LINES = (rules.PayLine("搪瓷杯", 3000, 2), rules.PayLine("Delivery", 1000))


def body(at: datetime, attempt: int = 1, **changes: object) -> str:
    request = pay_request(NUMBER, *LINES, locale="zh-Hant", **changes)
    made = rules.session_body(request, attempt=attempt, expires_at=at + rules.SESSION_LIFE)
    return json.dumps(made, ensure_ascii=False)


def refund_body(intent: str, amount: int = 1000, reference: str = "refund-1") -> str:
    return json.dumps(
        rules.refund_body(
            payment_intent=intent, amount=amount, currency="CNY", reference=reference, number=NUMBER
        )
    )


def paid(gateway: Gateway, dev_stripe: Running, at: datetime) -> str:
    """A paid session's payment intent."""
    session = gateway.create_session(body(at), key="k1")
    dev_stripe.control.pay(session.id)
    intent = gateway.retrieve_session(session.id).intent_id
    assert intent
    return intent


def test_the_pinned_version_is_the_one_that_the_sdk_was_made_for() -> None:
    assert stripe.api_version == API_VERSION


def test_a_session_is_made_for_exactly_what_is_due(
    gateway: Gateway, dev_stripe: Running, at: datetime
) -> None:
    session = gateway.create_session(body(at), key="k1")
    assert (session.status, session.payment_status) == ("open", "unpaid")
    assert (session.amount, session.currency, session.mode) == (4000, "CNY", "payment")
    assert session.reference == f"{NUMBER}-1"
    assert session.metadata == {"order": NUMBER, "attempt": f"{NUMBER}-1"}
    assert session.expires_at == at + timedelta(minutes=31)
    assert session.url is not None
    dev_stripe.control.pay(session.id)
    done = gateway.retrieve_session(session.id)
    assert done.intent is not None
    assert done.intent.charge is not None
    assert (done.status, done.payment_status, done.intent.status) == ("complete", "paid", "succeeded")
    assert (done.intent.received, done.intent.charge.captured, done.intent.charge.refunded) == (4000, 4000, 0)


def test_only_cards_are_offered_no_tax_is_added_and_no_currency_converted(
    gateway: Gateway, dev_stripe: Running, at: datetime
) -> None:
    session = gateway.create_session(body(at), key="k1")
    told = dev_stripe.client().v1.checkout.sessions.retrieve(session.id, {"expand": ["line_items"]}).to_dict()  # type: ignore[no-untyped-call]
    assert told["payment_method_types"] == ["card"]
    assert told["automatic_tax"]["enabled"] is False
    assert told["adaptive_pricing"]["enabled"] is False
    assert told["locale"] == "zh-TW"
    lines = [
        (line["description"], line["quantity"], line["amount_total"]) for line in told["line_items"]["data"]
    ]
    assert lines == [("搪瓷杯", 2, 3000), ("Delivery", 1, 1000)]


def test_what_goes_out_is_what_is_stored(at: datetime) -> None:
    """The typed parameters leave nothing out and add nothing."""
    stored = json.loads(body(at))
    assert session_params(stored) == stored
    without = json.loads(body(at, email=None))
    assert session_params(without) == without
    refund = json.loads(refund_body("pi_1"))
    assert refund_params(refund) == refund


def test_the_same_key_and_body_is_the_same_session_and_another_body_is_refused(
    gateway: Gateway, dev_stripe: Running, at: datetime
) -> None:
    first = gateway.create_session(body(at), key="k1")
    assert gateway.create_session(body(at), key="k1").id == first.id
    with pytest.raises(KeyMisused):
        gateway.create_session(body(at, attempt=2), key="k1")
    assert len(list(gateway.sessions(at))) == 1


@pytest.mark.parametrize("kind", ["timeout_after", "reset_after", "error_after"])
def test_what_got_lost_on_the_way_back_is_unknown_and_found_again(
    gateway: Gateway, dev_stripe: Running, at: datetime, kind: str
) -> None:
    dev_stripe.control.fault(kind, path="/v1/checkout/sessions", method="POST")
    with pytest.raises(Unknown):
        gateway.create_session(body(at), key="k1")
    found = gateway.find_session(f"{NUMBER}-1", at - timedelta(minutes=1), at + rules.KEY_LIFE)
    assert found is not None
    if kind == "error_after":  # Stripe keeps a 500 with the key, and gives it again
        with pytest.raises(Unknown):
            gateway.create_session(body(at), key="k1")
    else:
        assert gateway.create_session(body(at), key="k1").id == found.id
    assert len(list(gateway.sessions(at))) == 1


@pytest.mark.parametrize("kind", ["timeout_before", "reset_before", "error_before", "rate_limit"])
def test_what_never_arrived_is_unknown_and_made_at_the_next_try(
    gateway: Gateway, dev_stripe: Running, at: datetime, kind: str
) -> None:
    dev_stripe.control.fault(kind, path="/v1/checkout/sessions", method="POST")
    with pytest.raises(Unknown):
        gateway.create_session(body(at), key="k1")
    assert gateway.find_session(f"{NUMBER}-1", at - timedelta(minutes=1), at + rules.KEY_LIFE) is None
    key = "k2" if kind == "error_before" else "k1"  # a 500 is kept with its key
    assert gateway.create_session(body(at), key=key).status == "open"


def test_it_tries_once(gateway: Gateway, dev_stripe: Running, at: datetime) -> None:
    """Repeating is the worker's, with the same key and body; the SDK does none of it by itself."""
    dev_stripe.control.fault("reset_before", times=None)
    with pytest.raises(Unknown):
        gateway.create_session(body(at), key="k1")
    assert len(dev_stripe.control.requests("/v1/checkout/sessions")) == 1


def test_a_body_of_long_ago_is_refused_for_sure(gateway: Gateway, dev_stripe: Running, at: datetime) -> None:
    dev_stripe.control.advance(120)
    with pytest.raises(Refused) as refused:
        gateway.create_session(body(at), key="k1")
    assert refused.value.param == "expires_at"


def test_a_wrong_key_proves_nothing(dev_stripe: Running, at: datetime) -> None:
    wrong = Gateway(
        api_key="sk_test_wrong",
        webhook_secret="whsec_x",
        api_base=dev_stripe.url,
        http_client=dev_stripe.http_client,
    )
    with pytest.raises(Misconfigured):
        wrong.create_session(body(at), key="k1")


def test_what_is_not_there_is_refused(gateway: Gateway) -> None:
    for ask in (
        gateway.retrieve_session,
        gateway.expire_session,
        gateway.retrieve_refund,
        gateway.retrieve_dispute,
    ):
        with pytest.raises(Refused) as refused:
            ask("cs_test_none")
        assert refused.value.code == "resource_missing"


def test_expiring_tells_what_the_session_is_afterwards(
    gateway: Gateway, dev_stripe: Running, at: datetime
) -> None:
    open_one = gateway.create_session(body(at), key="k1")
    assert gateway.expire_session(open_one.id).status == "expired"
    assert gateway.expire_session(open_one.id).status == "expired"
    paid_one = gateway.create_session(body(at, attempt=2), key="k2")
    dev_stripe.control.pay(paid_one.id)
    after = gateway.expire_session(paid_one.id)
    assert (after.status, after.payment_status) == ("complete", "paid")
    assert after.intent is not None


def test_sessions_are_listed_beyond_a_page_and_by_time(
    gateway: Gateway, dev_stripe: Running, at: datetime
) -> None:
    for attempt in range(1, 104):
        gateway.create_session(body(at, attempt), key=f"k{attempt}")
    dev_stripe.control.advance(20)
    gateway.create_session(body(at, 104), key="k104")
    listed = list(gateway.sessions(at))
    assert [s.reference for s in listed] == [f"{NUMBER}-{n}" for n in range(104, 0, -1)]
    assert len(list(gateway.sessions(at, at + timedelta(seconds=20)))) == 103
    assert [s.reference for s in gateway.sessions(at + timedelta(seconds=20))] == [f"{NUMBER}-104"]
    found = gateway.find_session(f"{NUMBER}-1", at, at + timedelta(seconds=1))
    assert found is not None
    assert found.id == listed[-1].id


def test_cash_goes_back_once_and_can_be_found(gateway: Gateway, dev_stripe: Running, at: datetime) -> None:
    intent = paid(gateway, dev_stripe, at)
    assert list(gateway.refunds_of(intent)) == []
    dev_stripe.control.fault("timeout_after", path="/v1/refunds")
    with pytest.raises(Unknown):
        gateway.create_refund(refund_body(intent), key="refund-1")
    (found,) = gateway.refunds_of(intent)
    again = gateway.create_refund(refund_body(intent), key="refund-1")
    assert found == again
    assert (again.amount, again.currency, again.status, again.reference) == (
        1000,
        "CNY",
        "succeeded",
        "refund-1",
    )
    assert gateway.retrieve_refund(again.id) == again
    assert [refund.id for refund in gateway.refunds(at)] == [again.id]
    with pytest.raises(Refused):
        gateway.create_refund(refund_body(intent, 3001, "refund-2"), key="refund-2")
    session = next(iter(gateway.sessions(at)))
    assert session.intent is not None
    assert session.intent.charge is not None
    assert session.intent.charge.refunded == 1000


def test_a_dispute_is_read_with_the_payment_it_is_about(
    gateway: Gateway, dev_stripe: Running, at: datetime
) -> None:
    intent = paid(gateway, dev_stripe, at)
    made = dev_stripe.control.dispute(intent)["id"]
    dispute = gateway.retrieve_dispute(made)
    assert (dispute.state, dispute.amount, dispute.currency, dispute.payment_intent) == (
        "open",
        4000,
        "CNY",
        intent,
    )
    assert dispute.due_by is not None
    dev_stripe.control.close_dispute(made, won=False)
    assert gateway.retrieve_dispute(made).state == "lost"


def test_a_silent_stripe_is_given_up_in_time(at: datetime) -> None:
    with over_http(start=int(at.timestamp())) as slow:
        slow.control.fault("timeout_before", seconds=PATIENCE)
        hasty = gateway_to(slow, timeout=(0.5, 0.5))
        began = time.monotonic()
        with pytest.raises(Unknown, match="no answer"):
            hasty.create_session(body(at), key="k1")
        assert time.monotonic() - began < PATIENCE


def test_nobody_there_is_unknown_and_asked_for_directly(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is on this machine is asked for without the proxy that the environment names."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with over_http(start=int(at.timestamp())) as here:
        assert gateway_to(here).create_session(body(at), key="k1").status == "open"
        gone = gateway_to(here)
    with pytest.raises(Unknown):
        gone.create_session(body(at), key="k1")


def test_threads_share_a_gateway(at: datetime) -> None:
    with over_http(start=int(at.timestamp())) as here:
        gateway = gateway_to(here)
        made: list[str] = []
        threads = [
            threading.Thread(
                target=lambda n=n: made.append(gateway.create_session(body(at, n), key=f"k{n}").id)
            )
            for n in range(1, 9)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(set(made)) == 8


def test_the_mode_is_read_off_the_key() -> None:
    modes = {
        key: Gateway(api_key=key, webhook_secret="").livemode
        for key in ("sk_live_1", "rk_live_1", "sk_test_1")
    }
    assert modes == {"sk_live_1": True, "rk_live_1": True, "sk_test_1": False}

"""Faults of API requests: what the caller sees, and what was done all the same."""

import threading
import time

import pytest
import stripe

from devstripe.testing import ControlError, Running, in_process, running
from tests.devstripe.shop import NOON, order
from tests.support.patience import PATIENCE, wait_for

KEY = {"idempotency_key": "order-A-1"}


def impatient(mock: Running) -> stripe.StripeClient:
    """A client that waits for half a second, and asks once: for what is not to be answered."""
    if mock.http_client is not None:
        return mock.client(max_network_retries=0)
    return mock.client(max_network_retries=0, http_client=stripe.RequestsClient(timeout=0.5))  # type: ignore[no-untyped-call]


@pytest.mark.parametrize(
    ("kind", "done"), [("timeout_before", 0), ("timeout_after", 1), ("reset_before", 0), ("reset_after", 1)]
)
def test_no_answer_is_a_connection_error_whatever_was_done(either: Running, kind: str, done: int) -> None:
    either.control.fault(kind, path="/v1/checkout/sessions", method="POST")
    with pytest.raises(stripe.APIConnectionError) as caught:
        impatient(either).v1.checkout.sessions.create(order(), KEY)  # type: ignore[arg-type]
    assert caught.value.should_retry
    wait_for(lambda: bool(either.control.requests(method="POST")), "the request that got no answer")
    sessions = either.client(max_network_retries=0).v1.checkout.sessions
    assert len(sessions.list().data) == done
    made = sessions.create(order(), KEY)  # type: ignore[arg-type]
    assert (made.last_response.headers.get("Idempotent-Replayed") == "true") is bool(done)
    assert [s.id for s in sessions.list()] == [made.id]
    assert [(r["status"], r["fault"]) for r in either.control.requests(method="POST")] == [
        (200 if done else None, kind),
        (200, None),
    ]


def test_the_sdks_own_retry_finds_what_was_done(either: Running) -> None:
    either.control.fault("reset_after", method="POST")
    made = either.client(max_network_retries=1).v1.checkout.sessions.create(order())
    assert [s.id for s in either.client().v1.checkout.sessions.list()] == [made.id]


def test_a_fault_strikes_only_what_it_is_for_and_as_often_as_told(mock: Running) -> None:
    sessions = mock.client(max_network_retries=0).v1.checkout.sessions
    mock.control.fault("error_before", path="/v1/refunds")
    mock.control.fault("error_before", method="GET", times=2)
    made = sessions.create(order())
    for _ in range(2):
        with pytest.raises(stripe.APIError):
            sessions.retrieve(made.id)
    assert sessions.retrieve(made.id).id == made.id
    assert [(f["kind"], f["times"]) for f in mock.control.faults()] == [("error_before", 1)]


def test_too_many_requests_are_429_and_not_done(either: Running) -> None:
    either.control.fault("rate_limit")
    sessions = either.client(max_network_retries=0).v1.checkout.sessions
    with pytest.raises(stripe.RateLimitError) as caught:
        sessions.create(order())
    assert caught.value.http_status == 429
    assert sessions.list().data == []


def test_a_timeout_ends_when_the_caller_goes_away() -> None:
    with running(seed=1, start=NOON) as mock:
        mock.control.fault("timeout_before", seconds=PATIENCE)
        before = time.monotonic()
        with pytest.raises(stripe.APIConnectionError):
            impatient(mock).v1.checkout.sessions.list()
    assert time.monotonic() - before < PATIENCE


def test_a_slow_answer_is_an_answer(either: Running) -> None:
    either.control.fault("slow", seconds=0.2)
    before = time.monotonic()
    assert either.client().v1.checkout.sessions.create(order()).status == "open"
    assert time.monotonic() - before >= 0.2


def test_the_log_tells_what_was_asked_and_never_the_key_that_authorises(either: Running) -> None:
    either.client().v1.checkout.sessions.create(order(), KEY)  # type: ignore[arg-type]
    (asked,) = either.control.requests()
    assert (asked["method"], asked["path"], asked["status"], asked["at"]) == (
        "POST",
        "/v1/checkout/sessions",
        200,
        NOON,
    )
    assert asked["headers"]["Idempotency-Key"] == "order-A-1"
    assert asked["headers"]["Stripe-Version"] == stripe.api_version
    assert "line_items[0][price_data][unit_amount]=3000" in asked["params"]
    assert asked["form"]["success_url"] == "http://127.0.0.1/return?session={CHECKOUT_SESSION_ID}"
    assert either.api_key not in str(asked)


def test_both_transports_ask_the_same() -> None:
    asked = []
    for start in (running, in_process):
        with start(seed=1, start=NOON) as mock:
            made = mock.client().v1.checkout.sessions.create(order(), KEY)  # type: ignore[arg-type]
            mock.client().v1.checkout.sessions.retrieve(made.id, {"expand": ["payment_intent"]})
            asked.append(mock.control.requests())
    assert asked[0] == asked[1]


def test_a_reset_forgets_everything_and_begins_with_the_same_ids(mock: Running) -> None:
    sessions = mock.client().v1.checkout.sessions
    first = sessions.create(order())
    mock.control.advance(3600)
    mock.control.fault("error_before", times=None)
    mock.control.reset()
    assert (mock.control.requests(), mock.control.events(), mock.control.faults()) == ([], [], [])
    assert mock.control.now() == NOON
    assert sessions.list().data == []
    mock.control.reset()
    assert sessions.create(order()).id == first.id


def test_the_clock_follows_the_machine_unless_it_is_stopped() -> None:
    with in_process() as mock:
        assert abs(mock.control.now() - time.time()) < 30
        assert mock.control.advance(3600) - time.time() > 3500
        assert mock.control.freeze(NOON) == NOON
        time.sleep(1.1)
        assert mock.control.now() == NOON
        assert abs(mock.control.thaw() - time.time()) < 30
        assert mock.control.advance(-3600) - time.time() < -3500
        assert abs(mock.control.thaw() - time.time()) < 30


def test_a_control_that_is_not_there_says_so(mock: Running) -> None:
    with pytest.raises(ControlError, match="There is no control"):
        mock.control._ask("POST", "weather")
    with pytest.raises(ControlError, match="No such"):
        mock.control.pay("cs_test_none")


@pytest.mark.races
def test_many_at_once_lose_nothing() -> None:
    with running(seed=1) as mock:
        ids: list[str] = []

        def ask() -> None:
            client = mock.client()
            for _ in range(5):
                made = client.v1.checkout.sessions.create(order(expires_at=int(time.time()) + 3600))
                mock.control.pay(made.id)
                ids.append(made.id)

        threads = [threading.Thread(target=ask) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        listed = list(mock.client().v1.checkout.sessions.list({"status": "complete"}).auto_paging_iter())
        assert sorted(s.id for s in listed) == sorted(ids)
        assert len(set(ids)) == 30
        assert len(mock.control.events("checkout.session.completed")) == 30

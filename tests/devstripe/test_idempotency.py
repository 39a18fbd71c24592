"""Idempotency keys, as https://docs.stripe.com/api/idempotent_requests has them."""

import threading
from types import SimpleNamespace
from typing import Any

import pytest
import stripe

from devstripe import api
from devstripe.testing import Running, in_process
from tests.devstripe.shop import NOON, order
from tests.support.patience import PATIENCE, wait_for

KEY: Any = {"idempotency_key": "order-A-1"}


def headers(thing: Any) -> Any:
    return thing.last_response.headers


def test_the_same_request_gets_the_same_answer_and_is_done_once(either: Running) -> None:
    sessions = either.client().v1.checkout.sessions
    first = sessions.create(order(), KEY)
    again = sessions.create(order(), KEY)
    assert again.to_dict() == first.to_dict()
    assert len(sessions.list().data) == 1
    assert "Idempotent-Replayed" not in headers(first)
    assert headers(again)["idempotent-replayed"] == "true"
    assert headers(again)["original-request"] == headers(first)["request-id"] != headers(again)["request-id"]
    assert [r["replayed"] for r in either.control.requests(method="POST")] == [0, 1]


def test_the_answer_is_the_one_given_then_not_how_things_are_now(mock: Running) -> None:
    sessions = mock.client().v1.checkout.sessions
    made = sessions.create(order(), KEY)
    mock.control.pay(made.id)
    assert sessions.create(order(), KEY).status == "open"


def test_the_order_of_parameters_does_not_matter(mock: Running) -> None:
    sessions = mock.client().v1.checkout.sessions
    first = sessions.create(order(), KEY)
    assert sessions.create(dict(reversed(order().items())), KEY).id == first.id  # type: ignore[arg-type]


def test_another_body_under_the_same_key_is_refused(either: Running) -> None:
    sessions = either.client().v1.checkout.sessions
    sessions.create(order(), KEY)
    with pytest.raises(stripe.IdempotencyError, match="same parameters") as caught:
        sessions.create(order(client_reference_id="A-2"), KEY)
    assert caught.value.http_status == 400
    assert len(sessions.list().data) == 1


def test_another_address_under_the_same_key_is_refused(mock: Running) -> None:
    client = mock.client()
    made = client.v1.checkout.sessions.create(order(), KEY)
    with pytest.raises(stripe.IdempotencyError, match="same endpoint"):
        client.v1.checkout.sessions.expire(made.id, {}, KEY)


def test_a_500_is_kept_and_given_again(mock: Running) -> None:
    sessions = mock.client(max_network_retries=0).v1.checkout.sessions
    mock.control.fault("error_before")
    for _ in range(2):
        with pytest.raises(stripe.APIError) as caught:
            sessions.create(order(), KEY)
        assert caught.value.http_status == 500
    assert sessions.list().data == []
    assert sessions.create(order(), {"idempotency_key": "another"}).status == "open"


def test_a_500_after_the_work_hides_what_was_done(mock: Running) -> None:
    sessions = mock.client(max_network_retries=0).v1.checkout.sessions
    mock.control.fault("error_after")
    for _ in range(2):
        with pytest.raises(stripe.APIError):
            sessions.create(order(), KEY)
    assert len(sessions.list().data) == 1


def test_a_refusal_by_the_work_itself_is_kept(mock: Running) -> None:
    client = mock.client()
    made = client.v1.checkout.sessions.create(order())
    mock.control.pay(made.id)
    intent = str(client.v1.checkout.sessions.retrieve(made.id).payment_intent)
    for replayed in (None, "true"):
        with pytest.raises(stripe.InvalidRequestError) as caught:
            client.v1.refunds.create({"payment_intent": intent, "amount": 7000}, KEY)
        assert caught.value.headers.get("idempotent-replayed") == replayed


def test_what_fails_validation_is_not_kept(mock: Running) -> None:
    sessions = mock.client().v1.checkout.sessions
    with pytest.raises(stripe.InvalidRequestError):
        sessions.create(order(expires_at=NOON + 60), KEY)
    mock.control.fault("rate_limit")
    with pytest.raises(stripe.RateLimitError):
        sessions.create(order(), KEY)
    assert sessions.create(order(), KEY).status == "open"


def test_a_key_is_forgotten_after_a_day(mock: Running) -> None:
    sessions = mock.client().v1.checkout.sessions
    asked = order(expires_at=NOON + 24 * 60 * 60)
    first = sessions.create(asked, KEY)
    mock.control.advance(23 * 60 * 60 + 29 * 60)
    assert sessions.create(asked, KEY).id == first.id
    mock.control.advance(31 * 60)
    assert sessions.create(order(expires_at=NOON + 26 * 60 * 60), KEY).id != first.id


def test_a_key_of_more_than_255_characters_is_refused(mock: Running) -> None:
    with pytest.raises(stripe.IdempotencyError, match="at most 255"):
        mock.client().v1.checkout.sessions.create(order(), {"idempotency_key": "k" * 256})


@pytest.mark.races
def test_two_at_once_under_one_key_are_done_once_and_one_is_told_to_wait(
    either: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    second_was_told, answers = threading.Event(), []
    # The slow one is as slow as it takes for the other to come meanwhile.
    monkeypatch.setattr(api, "time", SimpleNamespace(sleep=lambda _seconds: second_was_told.wait(PATIENCE)))
    either.control.fault("slow", seconds=1.0)

    def ask() -> None:
        sessions = either.client(max_network_retries=0).v1.checkout.sessions
        try:
            answers.append(sessions.create(order(), KEY).id)
        except stripe.StripeError as error:
            answers.append((error.http_status, error.error.code if error.error else None))

    first = threading.Thread(target=ask)
    first.start()
    wait_for(lambda: bool(either.app.world.under_way), "the first request")
    ask()
    second_was_told.set()
    first.join()
    refusal, made = answers
    assert refusal == (409, "idempotency_key_in_use")
    assert [s.id for s in either.client().v1.checkout.sessions.list()] == [made]
    assert either.client().v1.checkout.sessions.create(order(), KEY).id == made


@pytest.mark.races
def test_the_sdk_waits_and_then_gets_the_first_answer() -> None:
    with in_process(seed=1, start=NOON) as mock:
        mock.control.fault("slow", seconds=0.3)
        ids: list[str] = []

        def ask() -> None:
            ids.append(mock.client(max_network_retries=9).v1.checkout.sessions.create(order(), KEY).id)

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(ids) == 4
        assert len(set(ids)) == 1

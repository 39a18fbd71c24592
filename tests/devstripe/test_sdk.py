"""The official SDK talks to the stand-in as to Stripe, over either transport."""

import pytest
import stripe

from devstripe import API_VERSION
from devstripe.testing import Running, in_process
from tests.devstripe.shop import NOON, line, order


def test_the_modelled_version_is_the_one_the_sdk_pins() -> None:
    assert stripe.api_version == API_VERSION


def test_a_session_is_opened_paid_and_read_back(either: Running) -> None:
    client = either.client()
    made = client.v1.checkout.sessions.create(order())
    assert (made.status, made.payment_status, made.amount_total, made.livemode) == (
        "open",
        "unpaid",
        6800,
        False,
    )
    assert made.payment_intent is None
    assert made.url == f"{either.app.world.public_url}/pay/{made.id}"

    assert either.control.pay(made.id)["outcome"] == "succeeded"

    expand = {"expand": ["payment_intent.latest_charge", "line_items"]}
    paid = client.v1.checkout.sessions.retrieve(made.id, expand)  # type: ignore[arg-type]
    assert (paid.status, paid.payment_status, paid.url) == ("complete", "paid", None)
    intent = paid.payment_intent
    assert isinstance(intent, stripe.PaymentIntent)
    assert (intent.status, intent.amount_received, intent.metadata["order"]) == ("succeeded", 6800, "A-1")
    assert isinstance(intent.latest_charge, stripe.Charge)
    assert intent.latest_charge.paid
    assert paid.line_items is not None
    assert [(row.description, row.amount_total) for row in paid.line_items] == [
        ("Mug", 6000),
        ("Delivery", 800),
    ]
    assert [event["type"] for event in either.control.events()] == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
    ]


def test_an_id_stays_an_id_unless_it_is_expanded(mock: Running) -> None:
    client = mock.client()
    made = client.v1.checkout.sessions.create(order())
    mock.control.pay(made.id)
    bare = client.v1.checkout.sessions.retrieve(made.id)
    assert isinstance(bare.payment_intent, str)
    assert "line_items" not in bare
    with pytest.raises(stripe.InvalidRequestError, match=r"cannot be expanded \(metadata\)"):
        client.v1.checkout.sessions.retrieve(made.id, {"expand": ["metadata"]})


def test_nothing_of_ours_leaves(mock: Running) -> None:
    client = mock.client()
    made = client.v1.checkout.sessions.create(order())
    mock.control.pay(made.id)
    client.v1.refunds.create({"payment_intent": _intent(mock, made.id)})
    things = [
        client.v1.checkout.sessions.retrieve(made.id, {"expand": ["payment_intent.latest_charge.refunds"]}),
        client.v1.checkout.sessions.list({"expand": ["data.line_items"]}),
        client.v1.checkout.sessions.line_items.list(made.id),
        client.v1.events.list(),
    ]
    for thing in things:
        assert '"_' not in str(thing), thing


def _intent(mock: Running, session: str) -> str:
    intent = mock.client().v1.checkout.sessions.retrieve(session).payment_intent
    assert isinstance(intent, str)
    return intent


def test_lists_come_newest_first_and_page_on(either: Running) -> None:
    client = either.client()
    ids = [client.v1.checkout.sessions.create(order()).id for _ in range(5)]
    first = client.v1.checkout.sessions.list({"limit": 2})
    assert [s.id for s in first.data] == ids[:2:-1]
    assert first.has_more
    assert [s.id for s in first.auto_paging_iter()] == ids[::-1]
    before = client.v1.checkout.sessions.list({"limit": 2, "ending_before": ids[0]})
    assert [s.id for s in before.data] == [ids[2], ids[1]]
    assert before.has_more
    last = client.v1.checkout.sessions.list({"limit": 2, "starting_after": ids[1]})
    assert ([s.id for s in last.data], last.has_more) == ([ids[0]], False)


def test_lists_filter_by_payment_status_and_time(mock: Running) -> None:
    client = mock.client()
    one = client.v1.checkout.sessions.create(order()).id
    mock.control.advance(60)
    two = client.v1.checkout.sessions.create(order(expires_at=NOON + 7200)).id
    mock.control.pay(one)
    sessions = client.v1.checkout.sessions
    assert [s.id for s in sessions.list({"payment_intent": _intent(mock, one)})] == [one]
    assert [s.id for s in sessions.list({"status": "open"})] == [two]
    assert [s.id for s in sessions.list({"created": {"gte": NOON + 60}})] == [two]
    assert [s.id for s in sessions.list({"created": {"lt": NOON + 60}})] == [one]
    assert [s.id for s in sessions.list({"created": NOON})] == [one]
    assert sessions.list({"payment_intent": "pi_3none"}).data == []
    with pytest.raises(stripe.InvalidRequestError, match="No such"):
        sessions.list({"starting_after": "cs_test_gone"})


def test_a_session_expires_at_once_when_asked_and_only_while_open(mock: Running) -> None:
    client = mock.client()
    made = client.v1.checkout.sessions.create(order())
    ended = client.v1.checkout.sessions.expire(made.id)
    assert (ended.status, ended.payment_status, ended.url) == ("expired", "unpaid", None)
    assert [e["type"] for e in mock.control.events()] == ["checkout.session.expired"]
    with pytest.raises(stripe.InvalidRequestError, match="has a status of `expired`"):
        client.v1.checkout.sessions.expire(made.id)
    assert mock.control.pay(made.id)["outcome"] == "closed"

    paid = client.v1.checkout.sessions.create(order())
    mock.control.pay(paid.id)
    with pytest.raises(stripe.InvalidRequestError, match="has a status of `complete`"):
        client.v1.checkout.sessions.expire(paid.id)
    assert client.v1.checkout.sessions.retrieve(paid.id).status == "complete"


def test_a_session_expires_by_itself_on_the_second(either: Running) -> None:
    client = either.client()
    made = client.v1.checkout.sessions.create(order())
    either.control.advance(31 * 60 - 1)
    assert client.v1.checkout.sessions.retrieve(made.id).status == "open"
    either.control.advance(1)
    assert client.v1.checkout.sessions.retrieve(made.id).status == "expired"
    assert [e["type"] for e in either.control.events()] == ["checkout.session.expired"]


def test_a_session_that_nobody_told_of_the_time_expires_when_it_is_asked_for(mock: Running) -> None:
    client = mock.client()
    made = client.v1.checkout.sessions.create(order())
    mock.app.world.advance(31 * 60)
    assert client.v1.checkout.sessions.retrieve(made.id).status == "expired"


def test_by_default_a_session_lives_for_a_day(mock: Running) -> None:
    made = order()
    del made["expires_at"]
    assert mock.client().v1.checkout.sessions.create(made).expires_at == NOON + 24 * 60 * 60


def test_the_same_seed_makes_the_same_history() -> None:
    def history() -> list[object]:
        with in_process(seed=7, start=NOON) as stand_in:
            client = stand_in.client()
            made = client.v1.checkout.sessions.create(order(), {"idempotency_key": "k"})
            stand_in.control.decline(made.id)
            stand_in.control.pay(made.id)
            return [*stand_in.control.events(), *stand_in.control.requests()]

    assert history() == history()


def test_another_seed_makes_other_ids() -> None:
    ids = set()
    for seed in (1, 2, None, None):
        with in_process(seed=seed, start=NOON) as stand_in:
            ids.add(stand_in.client().v1.checkout.sessions.create(order()).id)
    assert len(ids) == 4


def test_events_are_retrieved_and_listed_by_type(mock: Running) -> None:
    client = mock.client()
    made = client.v1.checkout.sessions.create(order(line_items=[line("Mug", 500)]))
    mock.control.pay(made.id)
    events = client.v1.events
    done = events.list({"type": "checkout.session.completed"}).data
    assert [e.data.object["id"] for e in done] == [made.id]
    assert events.retrieve(done[0].id).to_dict() == done[0].to_dict()
    assert {e.type for e in events.list({"type": "payment_intent.*"})} == {
        "payment_intent.created",
        "payment_intent.succeeded",
    }
    both = events.list({"types": ["charge.succeeded", "checkout.session.completed"]})
    assert {e.type for e in both} == {"charge.succeeded", "checkout.session.completed"}
    with pytest.raises(stripe.InvalidRequestError, match="No such event"):
        events.retrieve("evt_1none")

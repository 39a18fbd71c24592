"""The store of webhooks: once each, as received, and only of our mode. Disputes."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from mall.core.db import db, transaction
from mall.domain.members.models import Member
from mall.domain.orders.alerts import alerts
from mall.domain.payments import events, objects, queries
from mall.domain.payments.models import StripeEvent
from mall.domain.payments.objects import Event, StripeDispute
from tests.support.patience import PATIENCE
from tests.support.payments_factory import begin
from tests.support.racing import connections, race

Order = tuple[int, str]


def event(id: str = "evt_1", kind: str = "checkout.session.completed", **changes: object) -> Event:
    raw = {
        "id": id, "object": "event", "type": kind, "created": 1764000000, "livemode": False,
        "data": {"object": {"id": "cs_test_1", "object": "checkout.session", "name": "梅 \u0001"}}, **changes,
    }  # fmt: skip
    return objects.event(raw, json.dumps(raw, indent=3, ensure_ascii=False))


def store(told: Event, at: datetime, *, livemode: bool = False) -> bool:
    with transaction():
        return events.store_event(told, livemode=livemode, at=at)


def kept(id: str = "evt_1") -> queries.EventView:
    found = queries.event(id)
    assert found is not None
    return found


def test_an_event_is_kept_once_as_it_came(app: Flask, at: datetime) -> None:
    told = event()
    assert store(told, at) is True
    assert store(told, at + timedelta(seconds=1)) is False
    assert store(event(pending_webhooks=0), at + timedelta(seconds=2)) is False
    found = kept()
    assert (found.payload, found.state, found.received_at) == (told.payload, "stored", at)
    assert found.created == datetime.fromtimestamp(1764000000, UTC)
    assert found.body["data"]["object"]["name"] == "梅 \u0001"
    assert queries.waiting_events(before=found.received_at) == [found]


def test_an_event_of_the_other_mode_is_quarantined(app: Flask, at: datetime) -> None:
    assert store(event(livemode=True), at) is False
    assert store(event("evt_2"), at, livemode=True) is False
    assert {kept("evt_1").state, kept("evt_2").state} == {"quarantined"}
    assert kept().error == "livemode is True, not False"
    assert alerts(at).quarantined == 2


def test_an_event_that_the_mall_does_not_act_on_is_kept_and_ignored(app: Flask, at: datetime) -> None:
    assert store(event(kind="payment_intent.created"), at) is False
    assert kept().state == "ignored"


def test_what_became_of_an_event_is_written_down_and_stays(app: Flask, at: datetime) -> None:
    for id in ("evt_1", "evt_2"):
        store(event(id), at)
    later = at + timedelta(seconds=5)
    with transaction():
        assert events.mark_event("evt_1", "applied", at=later) is True
        assert events.mark_event("evt_1", "quarantined", at=later, error="x") is False
        assert events.mark_event("evt_2", "quarantined", at=later, error="amount is 1, not 3000") is True
        assert events.mark_event("evt_2", "applied", at=later) is True
        assert events.mark_event("evt_9", "applied", at=later) is False
    assert (kept().state, kept().handled_at) == ("applied", later)


def test_events_that_hang_are_counted(app: Flask, at: datetime) -> None:
    store(event(), at)
    assert not alerts(at + timedelta(minutes=59))
    assert alerts(at + timedelta(minutes=60)).unhandled == 1


def test_only_what_was_handled_is_ever_deleted(app: Flask, at: datetime) -> None:
    for id in ("evt_1", "evt_2", "evt_3"):
        store(event(id), at)
    with transaction():
        events.mark_event("evt_2", "applied", at=at)
        events.mark_event("evt_3", "quarantined", at=at)
        assert events.purge_events(before=at, limit=9) == 0
        assert events.purge_events(before=at + timedelta(days=90), limit=9) == 1
    assert queries.event("evt_2") is None
    assert kept("evt_1").state == "stored"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE stripe_event SET payload = '{}'",
        "UPDATE stripe_event SET kind = 'x'",
        "UPDATE stripe_event SET livemode = true",
        "UPDATE stripe_event SET id = 'evt_9'",
        "DELETE FROM stripe_event",
    ],
)
def test_the_database_refuses_to_rewrite_an_event(app: Flask, at: datetime, statement: str) -> None:
    store(event(), at)
    with pytest.raises(sa.exc.DatabaseError, match="stripe_event"), transaction() as session:
        session.execute(sa.text(statement))
    assert kept().payload == event().payload


def test_the_database_refuses_to_replace_an_event(app: Flask, at: datetime) -> None:
    store(event(), at)
    columns = ", ".join(queries.EventView.__slots__)
    statement = f"INSERT OR REPLACE INTO stripe_event ({columns}) SELECT {columns} FROM stripe_event"
    if db.session.get_bind().dialect.name == "postgresql":
        statement = "TRUNCATE stripe_event"
    with pytest.raises(sa.exc.DatabaseError, match="stripe_event"), transaction() as session:
        session.execute(sa.text(statement))


@pytest.mark.races
def test_a_hundred_of_the_same_are_stored_once(fresh_app: Flask, at: datetime) -> None:
    with connections(fresh_app, 16):
        told = race(fresh_app, [lambda: store(event(), at)] * 100, threads=16)
    assert sorted(map(str, told)) == ["False"] * 99 + ["True"]


@pytest.mark.races
def test_without_the_guard_the_same_event_would_be_taken_for_new_twice(
    fresh_app: Flask, at: datetime
) -> None:
    """Negative control: reading first, and then inserting what was not there, breaks on the second."""

    def naive() -> bool:
        if queries.event("evt_1") is not None:
            return False
        both_have_read.wait(PATIENCE)
        with transaction() as session:
            told = event()
            session.add(
                StripeEvent(
                    id=told.id, kind=told.kind, object_id=told.object_id, created=told.created, livemode=False,
                    payload=told.payload, received_at=at, state="stored",
                )
            )  # fmt: skip
        return True

    import threading

    both_have_read = threading.Barrier(2)
    with connections(fresh_app, 2):
        told = race(fresh_app, [naive, naive], threads=2)
    assert sum(isinstance(outcome, sa.exc.DatabaseError) for outcome in told) == 1


def dispute(status: str, state: str, amount: int = 3000) -> StripeDispute:
    return StripeDispute(
        id="dp_1", state=state, status=status, amount=amount, currency="CNY", reason="fraudulent", livemode=False,
        payment_intent="pi_1", charge="ch_1", created=datetime(2026, 11, 22, 3, tzinfo=UTC),
        due_by=datetime(2026, 12, 1, tzinfo=UTC),
    )  # fmt: skip


def test_a_dispute_opens_moves_and_closes_once(order: Order, mei: Member, at: datetime) -> None:
    payment = begin(order, at)

    def mirror(told: StripeDispute, after: int) -> queries.DisputeView:
        with transaction():
            return events.mirror_dispute(payment.id, order[0], told, at=at + timedelta(days=after))

    first = mirror(dispute("needs_response", "open"), 0)
    assert (first.state, first.status, first.closed_at) == ("open", "needs_response", None)
    assert queries.open_disputes() == [first]
    assert mirror(dispute("under_review", "open", 2500), 1).amount == 2500
    lost = mirror(dispute("lost", "lost"), 2)
    assert (lost.state, lost.closed_at) == ("lost", at + timedelta(days=2))
    late = mirror(dispute("needs_response", "open"), 3)
    assert late == lost
    assert queries.disputes_of(order[0]) == [lost]
    assert queries.open_disputes() == []


def test_a_dispute_that_is_over_when_we_first_hear_of_it(order: Order, at: datetime) -> None:
    payment = begin(order, at)
    with transaction():
        found = events.mirror_dispute(payment.id, order[0], dispute("won", "won"), at=at)
    assert (found.state, found.closed_at) == ("won", at)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE dispute SET state = 'open', closed_at = NULL",
        "UPDATE dispute SET state = 'won'",
        "UPDATE dispute SET payment_id = 7",
        "UPDATE dispute SET stripe_id = 'x'",
        "DELETE FROM dispute",
    ],
)
def test_the_database_refuses_to_rewrite_a_dispute(order: Order, at: datetime, statement: str) -> None:
    payment = begin(order, at)
    with transaction():
        events.mirror_dispute(payment.id, order[0], dispute("lost", "lost"), at=at)
    with pytest.raises(sa.exc.DatabaseError, match="dispute"), transaction() as session:
        session.execute(sa.text(statement))

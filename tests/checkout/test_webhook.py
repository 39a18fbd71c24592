"""Stripe's webhook: what is kept and what is not, and what the worker makes of it."""

import threading
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from devstripe.testing import Running
from mall.core.actor import as_member
from mall.core.db import db, transaction
from mall.domain.orders import expiring
from mall.domain.outbox.models import OutboxMessage
from mall.domain.payments import queries as payments
from mall.domain.payments.models import StripeEvent
from mall.web import paying
from mall.worker.delivery import Tally
from mall.worker.handlers import lanes
from mall.worker.running import deliver
from tests.support.story import LET_GO, PAID, WAITING, Story
from tests.support.stripe import WEBHOOK

pytestmark = pytest.mark.usefixtures("clock")


def stored() -> list[tuple[str, str]]:
    """Kind and state of every stored event."""
    db.session.expire_all()
    rows = db.session.execute(sa.select(StripeEvent.kind, StripeEvent.state).order_by(StripeEvent.kind))
    return [(row.kind, row.state) for row in rows]


def work(story: Story) -> Tally:
    """All that is due in the outbox, at the story's time."""
    return deliver(story.now)


def test_a_webhook_pays_the_order_however_often_it_comes(story: Story, dev_stripe: Running) -> None:
    dev_stripe.control.pay(story.open())
    answers = dev_stripe.control.deliver(copies=20)
    assert {answer["status"] for answer in answers} == {200}
    assert story.state == "awaiting_payment"  # the webhook itself sets nothing
    work(story)
    assert (story.state, story.held) == ("paid", PAID)
    assert ("checkout.session.completed", "applied") in stored()
    assert len(stored()) == len({answer["event"] for answer in answers})
    assert work(story).failed == 0


@pytest.mark.parametrize("twist", ["bad", "stale", "missing"])
def test_what_stripe_did_not_sign_just_now_is_refused_and_not_kept(
    story: Story, dev_stripe: Running, twist: str
) -> None:
    dev_stripe.control.pay(story.open())
    answers = dev_stripe.control.deliver(twist={"signature": twist})
    assert {answer["status"] for answer in answers} == {400}
    assert stored() == []
    assert (
        db.session.scalars(sa.select(OutboxMessage.id).where(OutboxMessage.kind == "stripe.event")).all()
        == []
    )


def test_what_is_too_large_or_no_event_is_refused(story: Story, dev_stripe: Running, app: Flask) -> None:
    client = app.test_client()
    assert client.post(WEBHOOK, data=b"x" * (1024 * 1024 + 1)).status_code == 413
    assert client.post(WEBHOOK, data=b"{}", headers={"Stripe-Signature": "t=1,v1=0"}).status_code == 400
    assert client.get(WEBHOOK).status_code == 405
    assert stored() == []


@pytest.mark.parametrize(
    "twist",
    [
        {"set": {"amount_total": 1}},
        {"set": {"currency": "eur"}},
        {"set": {"livemode": True}},
        {"event": {"livemode": True}},
        {"set": {"client_reference_id": "R-0000-0000-0000-1"}},
    ],
    ids=str,
)
def test_what_is_signed_and_does_not_match_is_quarantined(
    story: Story, dev_stripe: Running, twist: dict[str, Any]
) -> None:
    dev_stripe.control.pay(story.open())
    completed = [event["id"] for event in dev_stripe.control.events("checkout.session.completed")]
    dev_stripe.control.deliver(completed, twist=twist)
    work(story)
    assert stored() == [("checkout.session.completed", "quarantined")]
    assert (story.state, story.held) == ("awaiting_payment", WAITING)


def test_events_that_nobody_acts_upon_are_kept_and_ignored(story: Story, dev_stripe: Running) -> None:
    dev_stripe.control.pay(story.open())
    other = [e["id"] for e in dev_stripe.control.events() if not e["type"].startswith("checkout.session")]
    assert other
    dev_stripe.control.deliver(other)
    work(story)
    assert {state for _, state in stored()} <= {"ignored", "applied"}
    assert story.state == "awaiting_payment"


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_a_sessions_events_in_every_order_end_the_same(
    story: Story, dev_stripe: Running, order: tuple[int, ...]
) -> None:
    """Declined, paid, and an "expired" that Stripe would not send: whatever comes when, the order is paid."""
    session = story.open()
    dev_stripe.control.decline(session)
    dev_stripe.control.pay(session)
    events = [event["id"] for event in dev_stripe.control.events()][:3]
    for place in [place for place in order if place < len(events)]:
        dev_stripe.control.deliver([events[place]])
        work(story)
    paying.look(story.id, now=story.now)
    assert (story.state, story.held) == ("paid", PAID)


def test_an_expired_event_after_paid_changes_nothing(story: Story, dev_stripe: Running) -> None:
    session = story.open()
    dev_stripe.control.pay(session)
    completed = dev_stripe.control.events("checkout.session.completed")[0]["id"]
    dev_stripe.control.deliver([completed])
    work(story)
    expired = {"event": {"type": "checkout.session.expired", "id": "evt_late"}, "set": {"status": "expired"}}
    dev_stripe.control.deliver([completed], twist=expired)
    work(story)
    assert (story.state, story.held) == ("paid", PAID)


def test_a_webhook_before_the_sessions_id_is_saved_is_applied_by_its_reference(
    story: Story, dev_stripe: Running
) -> None:
    """Killed after Stripe accepted, before the id was saved: the event knows the attempt by its name."""
    dev_stripe.control.fault("timeout_after", path="*/checkout/sessions", method="POST")
    paying.try_to_open(story.id)
    session = next(iter(paying.gateway().sessions(story.at - timedelta(hours=1))))
    dev_stripe.control.pay(session.id)
    dev_stripe.control.deliver()
    work(story)
    assert (story.state, story.held) == ("paid", PAID)


def test_money_for_an_order_that_was_closed_goes_back_by_itself(story: Story, dev_stripe: Running) -> None:
    session = story.open()
    with transaction():
        expiring.begin(story.id, why="member", actor=as_member(story.member.id), at=story.at)
    paying.end(story.id, now=story.now)
    dev_stripe.control.pay(session, late=True)
    dev_stripe.control.deliver()
    lane = lanes(threading.Event(), story.now)[0]
    assert lane.drain().failed == 0
    assert (story.state, story.held, story.strays()) == ("cancelled", LET_GO, 1)


def test_an_event_that_cannot_be_applied_leaves_the_others_alone(story: Story, dev_stripe: Running) -> None:
    dev_stripe.control.pay(story.open())
    completed = dev_stripe.control.events("checkout.session.completed")[0]["id"]
    poison = {"event": {"id": "evt_poison"}, "set": {"created": "yesterday"}}
    dev_stripe.control.deliver([completed], twist=poison)
    dev_stripe.control.deliver([completed])
    work(story)
    assert sorted(state for _, state in stored()) == ["applied", "quarantined"]
    assert story.state == "paid"


def test_an_event_about_an_attempt_that_is_not_there_yet_waits(
    story: Story, dev_stripe: Running, clock: time_machine.Traveller
) -> None:
    """Webhooks may overtake the commit that they are about: then they are applied after it."""
    dev_stripe.control.pay(story.open())
    attempt = payments.of_order(story.id)[0]
    completed = dev_stripe.control.events("checkout.session.completed")[0]["id"]
    hidden = f"{attempt.number}-7"
    strange = {
        "event": {"id": "evt_early"},
        "set": {"client_reference_id": hidden, "id": "cs_test_early", "metadata": {"attempt": hidden}},
    }
    dev_stripe.control.deliver([completed], twist=strange)
    assert work(story).failed == 1
    assert stored() == [("checkout.session.completed", "stored")]
    story.at += timedelta(minutes=31)
    work(story)
    assert stored() == [("checkout.session.completed", "quarantined")]

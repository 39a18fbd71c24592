"""Webhooks that come before what they are about, whose keeper dies, or that cannot be applied."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from devstripe.testing import Running
from mall.core.db import db, transaction
from mall.domain.members.models import Member
from mall.domain.orders import attempts
from mall.domain.outbox.rules import LEASE
from mall.domain.payments.models import StripeEvent
from mall.web import paying
from mall.worker.running import deliver
from tests.simulator.dying import Killed, Life
from tests.support.items_factory import make_item
from tests.support.orders_factory import PAYING, give_points
from tests.support.poison import stock_is_gone
from tests.support.story import CASH, PAID, PRICE, Story
from tests.support.stripe import WEBHOOK


@pytest.fixture(autouse=True)
def clock(at: datetime) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(at, tick=False) as traveller:
        yield traveller


class NotCommitted(Exception):
    """The transaction at hand has not been committed yet."""


def completed(stripe: Running) -> list[str]:
    """Stripe's events that say that somebody has paid, the first first."""
    return [event["id"] for event in stripe.control.events("checkout.session.completed")]


def states() -> list[str]:
    """What became of the stored events, in the order in which they came."""
    return list(db.session.scalars(sa.select(StripeEvent.state).order_by(StripeEvent.received_at)))


def test_a_webhook_before_the_commit_is_applied_after_it(story: Story, dev_stripe: Running) -> None:
    """Stripe knows of an attempt, and it is paid, before the transaction that begins it is committed."""
    paying.gateway().expire_session(story.open())
    paying.look(story.id, now=story.now)
    with suppress(NotCommitted), transaction():
        early = attempts.again(story.id, PAYING, at=story.at)
        raise NotCommitted
    session = paying.gateway().create_session(early.request, key=early.key)
    dev_stripe.control.pay(session.id)
    dev_stripe.control.deliver(completed(dev_stripe))
    assert deliver(story.now).failed == 1
    assert (story.state, states()) == ("awaiting_payment", ["stored"])
    with transaction():
        begun = attempts.again(story.id, PAYING, at=story.at)
    assert (begun.reference, begun.request) == (early.reference, early.request)
    story.at += timedelta(seconds=20)
    assert deliver(story.now).failed == 0
    assert (story.state, story.held, states()) == ("paid", PAID, ["applied"])


def test_killed_after_a_webhook_is_kept_it_is_applied_all_the_same(
    app: Flask, story: Story, dev_stripe: Running
) -> None:
    """Stripe had no answer, and sends it again: it is known then, and must have been enqueued when it was kept."""
    dev_stripe.control.pay(story.open())
    webhook, life = dev_stripe.control.signed(completed(dev_stripe)[0]), Life()
    db.session.commit()  # what was only read: the test's one connection has a savepoint for it
    with life.at_commits(), life.another(fuse=1), suppress(Killed):
        app.test_client().post(WEBHOOK, data=webhook.body, headers=dict(webhook.headers))
    db.session.rollback()
    assert states() == ["stored"]
    dev_stripe.control.deliver(completed(dev_stripe))
    deliver(story.now)
    assert (story.state, story.held, states()) == ("paid", PAID, ["applied"])


@pytest.mark.parametrize("fuse", range(8))
def test_a_worker_killed_while_it_applies_a_webhook_is_followed_by_another(
    story: Story, dev_stripe: Running, fuse: int
) -> None:
    dev_stripe.control.pay(story.open())
    db.session.commit()
    dev_stripe.control.deliver(completed(dev_stripe))
    life = Life()
    with life.at_commits(), life.another(fuse), pytest.raises(Killed):
        deliver(story.now)
    db.session.rollback()
    story.at += LEASE + timedelta(seconds=1)
    deliver(story.now)
    assert (story.state, story.held, states()) == ("paid", PAID, ["applied"])


def test_a_poison_event_leaves_those_behind_it_alone(
    story: Story, mei: Member, dev_stripe: Running, at: datetime
) -> None:
    """The first of two orders cannot be settled, for its stock is not what it should be; once that is mended, it is."""
    with transaction():
        give_points(mei.id, PRICE, at=at - timedelta(days=1))
        pan = make_item("Pan", points=PRICE, cash=CASH, stock=5)
    second = Story(mei, pan, at)
    for one in (story, second):
        dev_stripe.control.pay(one.open())
    with stock_is_gone(story.item.variant_id):
        dev_stripe.control.deliver(completed(dev_stripe))
        tally = deliver(story.now)
        assert (tally.delivered > 0, tally.failed) == (True, 1)
        assert (story.state, second.state) == ("awaiting_payment", "paid")
    story.at += timedelta(seconds=20)
    assert deliver(story.now).failed == 0
    assert (story.state, set(states())) == ("paid", {"applied"})

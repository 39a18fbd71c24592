"""A job's round: one row that cannot be dealt with does not stop those behind it, and its clock goes on."""

from datetime import datetime, timedelta

import time_machine
from flask import Flask, current_app

from devstripe.testing import Running
from mall.core.db import transaction
from mall.domain.members.models import Member
from mall.domain.payments import queries as payments
from mall.domain.payments.errors import Refused, Unknown, Unreadable
from mall.worker import cash
from mall.worker.rounds import SILENCES, each, passing
from tests.simulator.dying import Life, Wire
from tests.support.orders_factory import give_points
from tests.support.story import PRICE, Story
from tests.support.stripe import gateway_to


def test_a_failure_leaves_the_others_alone_and_silence_ends_the_round(app: Flask) -> None:
    def step(n: int) -> None:
        if n % 10 == 0:
            raise Refused("resource_missing", "poison")
        if n > 100:
            raise Unknown("no answer")

    found = each("test", [10, 1, 20, 2, 101, 3, 102, 103], step)
    assert (found.done, len(found.failed), found.cut) == ([1, 2, 3], 5, False)
    found = each("test", [101, 102, 103, 104, 1], step)
    assert (len(found.failed), found.done, found.cut) == (SILENCES, [], True)


def test_an_answer_that_cannot_be_read_is_no_silence(app: Flask) -> None:
    def step(n: int) -> None:
        raise Unreadable("no amount") if n == 0 else Unknown("no answer")

    found = each("test", [0] * (SILENCES + 1), step)
    assert (len(found.failed), found.cut) == (SILENCES + 1, False)
    found = each("test", [1, 1, 0, 1, 1, 0], step)
    assert (len(found.failed), found.cut) == (6, False), "Stripe answered between"


def test_a_jobs_clock_goes_on_while_it_works(at: datetime) -> None:
    with time_machine.travel(at + timedelta(hours=5), tick=False) as clock:
        now = passing(at)
        assert now() == at
        clock.shift(timedelta(seconds=90))
        assert now() == at + timedelta(seconds=90)


def test_what_a_job_reads_last_is_dated_when_it_was_read(
    story: Story, mei: Member, dev_stripe: Running, at: datetime
) -> None:
    """Each call of Stripe takes ten seconds."""
    with transaction():
        give_points(mei.id, PRICE, at=at - timedelta(days=1))
    second = Story(mei, story.item, at)
    for one in (story, second):
        one.open()
    with time_machine.travel(at, tick=False) as clock:
        wire = Wire(dev_stripe.http_client, Life(), lambda: clock.shift(timedelta(seconds=5)))  # type: ignore[arg-type]
        current_app.extensions["payments"] = gateway_to(dev_stripe, http_client=wire)
        later = at + timedelta(minutes=11)
        assert cash.reconcile(later) == 2
    read = [payments.of_order(one.id)[0].mirrored_at for one in (story, second)]
    assert read == [later + timedelta(seconds=10), later + timedelta(seconds=20)]

"""Stripe is asked about a payment no more often than it helps, however many pages and workers want to know."""

from datetime import timedelta

import pytest
import time_machine

from devstripe.testing import Running
from mall.checkout.paying import SEEN
from mall.core.db import transaction
from mall.domain.payments.objects import Session
from mall.web import paying
from mall.worker import cash
from tests.support.orders_factory import give_points
from tests.support.pages import MEMBER_QUERIES, PageClient
from tests.support.story import PRICE, Story

pytestmark = pytest.mark.usefixtures("clock")

#: A look at the return page that has Stripe's answer settles it, under locks (decision 0043); the others keep the limit.
ANSWERED = 13


def asked(stripe: Running) -> int:
    return len(stripe.control.requests("/v1/checkout/sessions/", "GET"))


def test_a_return_page_that_is_loaded_again_and_again_asks_every_two_seconds(
    pages: PageClient, story: Story, dev_stripe: Running, clock: time_machine.Traveller
) -> None:
    assert timedelta(seconds=2) == SEEN
    pages.sign_in(story.member.email or "")
    story.open()
    here = f"/orders/{story.placed.number}/return"
    for questions in (1, 2, 3):
        clock.shift(SEEN)
        for limit in (ANSWERED, MEMBER_QUERIES, MEMBER_QUERIES):
            pages.get(here, queries=limit)
        assert asked(dev_stripe) == questions
        clock.shift(SEEN - timedelta(milliseconds=1))
        pages.get(here)
        assert asked(dev_stripe) == questions
        clock.shift(timedelta(milliseconds=1))


def test_while_stripe_is_silent_the_return_page_asks_after_longer_and_longer_pauses(
    pages: PageClient, story: Story, dev_stripe: Running, clock: time_machine.Traveller
) -> None:
    """However often it is loaded; it says each time that nobody answers, and keeps to its statements."""
    pages.sign_in(story.member.email or "")
    story.open()
    here = f"/orders/{story.placed.number}/return"
    dev_stripe.control.fault("timeout_before", method="GET", times=None)
    clock.shift(SEEN)
    for questions, pause in enumerate((5, 10, 20, 20), start=1):
        for _ in range(4):
            assert "We cannot reach the card payment just now." in pages.get(here).text
        assert asked(dev_stripe) == questions
        clock.shift(timedelta(seconds=pause, milliseconds=-1))
        assert "We cannot reach the card payment just now." in pages.get(here).text
        assert asked(dev_stripe) == questions
        clock.shift(timedelta(milliseconds=1))
    dev_stripe.control.clear_faults()
    assert "No payment has arrived" in pages.get(here, queries=ANSWERED).text
    clock.shift(SEEN)
    pages.get(here, queries=ANSWERED)
    assert asked(dev_stripe) == 6, "and then it asks as often as ever"


def test_while_one_return_page_waits_for_stripe_the_others_do_not(
    pages: PageClient,
    story: Story,
    dev_stripe: Running,
    monkeypatch: pytest.MonkeyPatch,
    clock: time_machine.Traveller,
) -> None:
    pages.sign_in(story.member.email or "")
    story.open()
    here = f"/orders/{story.placed.number}/return"
    clock.shift(SEEN)
    stripe, others = paying.gateway(), []
    ask = stripe.retrieve_session

    def slowly(session: str) -> Session:
        for _ in range(8):
            clock.shift(SEEN)
            others.append("We are asking whether your payment has arrived." in pages.client.get(here).text)
        return ask(session)

    monkeypatch.setattr(stripe, "retrieve_session", slowly)
    assert pages.client.get(here).status_code == 200
    assert others == [True] * 8
    assert asked(dev_stripe) == 1


def test_what_another_worker_reads_meanwhile_is_not_read_once_more(
    story: Story, dev_stripe: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two workers have listed the same two orders; the other one is faster."""
    with transaction():
        give_points(story.member.id, PRICE, at=story.at)
    other = Story(story.member, story.item, story.at)
    for one in (story, other):
        one.open()
    late, stripe = story.at + cash.UNSEEN, paying.gateway()
    ask = stripe.retrieve_session

    def while_the_other_reads_both(session: str) -> Session:
        monkeypatch.undo()
        for one in (story, other):
            paying.look(one.id, now=lambda: late)
        return ask(session)

    monkeypatch.setattr(stripe, "retrieve_session", while_the_other_reads_both)
    cash.reconcile(late)
    assert asked(dev_stripe) == 3  # both by the other one, and the first, which was being asked about


def test_what_was_read_just_now_is_not_asked_for_again(story: Story, dev_stripe: Running) -> None:
    session, soon = story.open(), timedelta(seconds=2)
    there = f"/v1/checkout/sessions/{session}"
    for seconds, asked in ((0, 0), (1, 0), (2, 1), (3, 1), (4, 2)):
        at = story.at + timedelta(seconds=seconds)
        paying.look(story.id, seen=soon, now=lambda at=at: at)  # type: ignore[misc]
        assert len(dev_stripe.control.requests(there, "GET")) == asked, seconds
    paying.look(story.id, now=lambda: at)
    assert len(dev_stripe.control.requests(there, "GET")) == 3, "unless one must know"

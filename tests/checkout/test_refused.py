"""Stripe says no where the mall asks about a session: the member reads words, and the worker goes on."""

from datetime import timedelta

import pytest
import time_machine

from devstripe.testing import Running
from mall.domain.payments import queries as payments
from mall.domain.payments.errors import Refused
from mall.web import paying
from tests.support.pages import PageClient
from tests.support.story import WAITING, Story, url

pytestmark = pytest.mark.usefixtures("clock")


def forget(story: Story, stripe: Running) -> None:
    """Stripe does not know the order's session any more: it refuses whatever is asked about it."""
    session = story.open()
    stripe.control.reset()
    with pytest.raises(Refused, match="resource_missing"):
        paying.gateway().retrieve_session(session)


def test_the_return_page_has_words_for_a_refusal(
    mei_pages: PageClient, story: Story, dev_stripe: Running, clock: time_machine.Traveller
) -> None:
    forget(story, dev_stripe)
    clock.shift(timedelta(seconds=5))
    page = mei_pages.get(url(story, "return"))
    assert "We cannot reach the card payment" in page.text
    assert (story.state, story.held) == ("awaiting_payment", WAITING)
    fragment = mei_pages.client.get(url(story, "return"), headers={"HX-Request": "true"})
    assert fragment.status_code == 200


def test_giving_up_has_words_for_a_refusal(mei_pages: PageClient, story: Story, dev_stripe: Running) -> None:
    forget(story, dev_stripe)
    mei_pages.post(url(story, "give-up"), page=url(story, "pay"))
    assert (story.state, story.held) == ("expiring", WAITING)
    assert "We are closing your order" in mei_pages.get(url(story)).text


def test_the_button_has_words_for_a_refusal_and_begins_another_attempt(
    mei_pages: PageClient, story: Story, dev_stripe: Running, clock: time_machine.Traveller
) -> None:
    """Nobody had asked for two minutes: Stripe takes no session that would end so soon, so there certainly is none."""
    clock.shift(timedelta(minutes=2))
    dev_stripe.control.advance(120)
    answer = mei_pages.post(url(story, "pay"))
    assert answer.response.headers["Location"] == url(story, "pay")
    assert "does not answer just now" in mei_pages.get(url(story, "pay")).text
    assert [one.state for one in payments.of_order(story.id)] == ["closed"]
    assert mei_pages.post(url(story, "pay")).response.headers["Location"].startswith(dev_stripe.url)
    assert [one.state for one in payments.of_order(story.id)] == ["closed", "open"]

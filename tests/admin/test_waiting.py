"""An order that waits for its cash, at the desk."""

from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine

from devstripe.testing import Running
from mall.domain.audit import queries as audit
from mall.domain.members.models import Member
from mall.web import paying
from tests.support.pages import PageClient
from tests.support.story import LET_GO, PAID, WAITING, Story

WHY = {"reason": "The test account was emptied"}


@pytest.fixture(autouse=True)
def clock(at: datetime) -> Iterator[None]:
    with time_machine.travel(at, tick=False):
        yield


@pytest.fixture
def desk(pages: PageClient, sam: Member) -> PageClient:
    pages.sign_in(sam.email or "")
    return pages


def test_staff_see_that_it_waits_and_until_when(desk: PageClient, story: Story, dev_stripe: Running) -> None:
    page = desk.get(f"/admin/orders/{story.placed.number}")
    assert "Waiting for the cash" in page.text
    assert "12:15" in page.text
    assert "Cancel the order" not in page.text


def test_asking_stripe_finds_the_payment(desk: PageClient, story: Story, dev_stripe: Running) -> None:
    dev_stripe.control.pay(story.open())
    here = f"/admin/orders/{story.placed.number}"
    desk.post(f"{here}/ask", page=here)
    assert (story.state, story.held) == ("paid", PAID)


def test_asking_a_silent_stripe_says_so(desk: PageClient, story: Story, dev_stripe: Running) -> None:
    story.open()
    dev_stripe.control.fault("reset_before")
    here = f"/admin/orders/{story.placed.number}"
    desk.post(f"{here}/ask", page=here)
    assert "Stripe does not answer" in desk.get(here).text
    assert story.held == WAITING


def test_closing_gives_everything_back_and_is_in_the_trail(
    desk: PageClient, story: Story, dev_stripe: Running, lee: Member
) -> None:
    story.open()
    here = f"/admin/orders/{story.placed.number}"
    desk.post(f"{here}/close", page=here)
    assert (story.state, story.held) == ("cancelled", LET_GO)
    assert "Waiting for the cash" not in desk.get(here).text


def test_closing_what_was_paid_meanwhile_is_paid(desk: PageClient, story: Story, dev_stripe: Running) -> None:
    dev_stripe.control.pay(story.open())
    here = f"/admin/orders/{story.placed.number}"
    desk.post(f"{here}/close", page=here)
    assert (story.state, story.held) == ("paid", PAID)


def test_an_order_that_was_over_by_time_is_not_said_to_be_paid_nor_put_to_who_pressed(
    desk: PageClient, story: Story, dev_stripe: Running
) -> None:
    story.open()
    story.close("time")
    paying.end(story.id, now=story.now)
    assert story.state == "expired"
    here = f"/admin/orders/{story.placed.number}"
    desk.post(f"{here}/close", page=here)
    text = desk.get(here).text
    assert "The order is closed. What was held is back." in text
    assert "A payment had arrived" not in text
    assert audit.trail(action="order.close") == []


def test_a_session_that_stripe_does_not_know_is_declared_over_and_lets_go(
    desk: PageClient, story: Story, dev_stripe: Running
) -> None:
    story.open()
    here = f"/admin/orders/{story.placed.number}"
    desk.post(f"{here}/session-over", WHY, page=here)
    assert story.held == WAITING  # Stripe knows it: nothing is over
    dev_stripe.control.reset()
    assert "Stripe does not answer" not in desk.get(here).text
    desk.post(f"{here}/close", page=here)
    assert (story.state, story.held) == ("expiring", WAITING)
    desk.post(f"{here}/session-over", {"reason": " "}, page=here)
    assert (story.state, story.held) == ("expiring", WAITING)
    assert "Say why" in desk.get(here).text
    desk.post(f"{here}/session-over", WHY, page=here)
    assert (story.state, story.held) == ("cancelled", LET_GO)
    (deed,) = audit.trail(action="order.session_over")
    assert deed.reason == WHY["reason"]


def test_a_live_session_is_not_declared_over_with_a_test_key(
    desk: PageClient, story: Story, dev_stripe: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor the other way round: keys of one mode know no session of the other, and it may be paid all the same."""
    story.open()
    here = f"/admin/orders/{story.placed.number}"
    dev_stripe.control.reset()
    desk.post(f"{here}/close", page=here)
    asked = len(dev_stripe.control.requests("/checkout/sessions"))
    with monkeypatch.context() as keys:
        keys.setattr(paying.gateway(), "livemode", True)
        desk.post(f"{here}/session-over", WHY, page=here)
        assert "Stripe does not answer" in desk.get(here).text
    assert (story.state, story.held) == ("expiring", WAITING)
    assert len(dev_stripe.control.requests("/checkout/sessions")) == asked
    assert list(audit.trail(action="order.session_over")) == []
    desk.post(f"{here}/session-over", WHY, page=here)
    assert (story.state, story.held) == ("cancelled", LET_GO)

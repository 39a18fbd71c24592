"""Paying by card, as a member sees it: the page that keeps things, Stripe's page and back, giving up, ordering again."""

from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask

from devstripe.testing import Running
from mall.core.actor import SYSTEM
from mall.core.db import transaction
from mall.domain.items import offers
from mall.domain.members.models import Member
from mall.domain.orders import quoting
from mall.domain.orders.documents import issuing
from mall.domain.payments import queries as payments
from mall.worker import cash, documents, running
from tests.checkout.test_asking_seldom import ANSWERED
from tests.support.pages import PageClient
from tests.support.story import LET_GO, PAID, WAITING, Story, url

pytestmark = pytest.mark.usefixtures("clock")


def pay_page(pages: PageClient, story: Story) -> str:
    """Press the button; the address of Stripe's page."""
    return pages.post(url(story, "pay")).response.headers["Location"]


def pay_there(pages: PageClient, story: Story, stripe: Running, clock: time_machine.Traveller) -> None:
    """Go to Stripe's page and pay; it takes a few seconds."""
    pay_page(pages, story)
    clock.shift(timedelta(seconds=5))
    stripe.control.pay(session_of(story))


def session_of(story: Story) -> str:
    return payments.of_order(story.id)[-1].session_id or ""


def test_the_page_says_what_is_kept_until_when_and_what_it_costs(
    mei_pages: PageClient, story: Story, dev_stripe: Running
) -> None:
    page = mei_pages.get(url(story, "pay"))
    assert page.h1 == "Pay for your order"
    for said in (
        "Kettle",
        "2,000 points",
        "To pay by card",
        "Kept for you until 12:15",
        "Nothing has",
    ):
        assert said in page.text, said
    assert 'datetime="2026-11-22T04:15:00+00:00"' in page.html


def test_our_pages_speak_the_members_language_of_today_not_that_of_placing(
    mei_pages: PageClient, story: Story, dev_stripe: Running
) -> None:
    pay_page(mei_pages, story)
    mei_pages.post("/language", {"lang": "zh-Hans"}, page=url(story))
    for page, english in (("pay", "by card"), ("return", "by card"), ("", "Pay now")):
        shown = mei_pages.get(url(story, page))
        assert '<html lang="zh-Hans"' in shown.html
        assert english not in shown.text


def test_the_button_leads_to_stripe_and_back_to_the_paid_order(
    mei_pages: PageClient, story: Story, dev_stripe: Running, clock: time_machine.Traveller
) -> None:
    there = pay_page(mei_pages, story)
    assert there.startswith(dev_stripe.url)
    assert pay_page(mei_pages, story) == there  # a second click, another tab: the same session
    pay_there(mei_pages, story, dev_stripe, clock)
    answer = mei_pages.client.get(url(story, "return"))
    assert (answer.status_code, answer.headers["Location"]) == (303, url(story))
    assert (story.state, story.held) == ("paid", PAID)
    page = mei_pages.get(url(story))
    assert "Your payment has arrived" in page.text
    assert "Your receipt follows in a moment." in page.text
    assert "comes back with its own expiry date. The cash goes back to the card that paid it." in page.text
    with transaction():
        number = issuing.receipt(story.id, merchant=documents.merchant(), at=story.at)
    page = mei_pages.get(url(story))
    assert number is not None
    assert number in page.text
    assert "follows in a moment" not in page.text


def test_a_forged_return_never_pays_and_tells_the_truth(
    mei_pages: PageClient, story: Story, dev_stripe: Running, clock: time_machine.Traveller
) -> None:
    pay_page(mei_pages, story)
    clock.shift(timedelta(seconds=5))
    forged = url(story, "return?session_id=cs_test_paid&paid=1&redirect_status=succeeded")
    page = mei_pages.get(forged, queries=ANSWERED)
    assert "No payment has arrived for this order yet" in page.text
    assert (story.state, story.held) == ("awaiting_payment", WAITING)


def test_the_return_page_asks_again_slower_each_time_and_without_scripts_too(
    mei_pages: PageClient, story: Story, dev_stripe: Running
) -> None:
    pay_page(mei_pages, story)
    first = mei_pages.get(url(story, "return")).html
    assert 'hx-trigger="load delay:2s"' in first
    assert '<noscript><meta http-equiv="refresh" content="4; url=' in first
    later = mei_pages.get(url(story, "return?looks=10")).html
    assert 'hx-trigger="load delay:21s"' in later
    last = mei_pages.get(url(story, "return?looks=99")).html
    assert "hx-trigger" not in last
    assert "you need not wait here" in last
    fragment = mei_pages.client.get(url(story, "return"), headers={"HX-Request": "true"})
    assert "<html" not in fragment.get_data(as_text=True)
    dev_stripe.control.pay(session_of(story))
    assert story.state == "awaiting_payment"


def test_htmx_is_led_to_the_order_once_it_is_paid(
    mei_pages: PageClient, story: Story, dev_stripe: Running, clock: time_machine.Traveller
) -> None:
    pay_there(mei_pages, story, dev_stripe, clock)
    answer = mei_pages.client.get(url(story, "return"), headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, url(story))


def test_when_stripe_is_silent_the_pages_say_so_and_nothing_is_lost(
    mei_pages: PageClient, story: Story, dev_stripe: Running, clock: time_machine.Traveller
) -> None:
    dev_stripe.control.fault("timeout_after", path="*/checkout/sessions", method="POST")
    assert pay_page(mei_pages, story) == url(story, "pay")
    assert "has not answered yet" in mei_pages.get(url(story, "pay")).text
    assert (story.state, story.held) == ("unknown", WAITING)
    clock.shift(timedelta(seconds=31))
    assert pay_page(mei_pages, story).startswith(dev_stripe.url)
    dev_stripe.control.fault("reset_before", times=None)
    clock.shift(timedelta(seconds=3))
    assert "We cannot reach the card payment" in mei_pages.get(url(story, "return")).text


def test_giving_up_brings_everything_back_at_once(
    mei_pages: PageClient, story: Story, dev_stripe: Running
) -> None:
    pay_page(mei_pages, story)
    mei_pages.post(url(story, "give-up"), page=url(story, "pay"))
    assert (story.state, story.held) == ("cancelled", LET_GO)
    page = mei_pages.get(url(story))
    assert "Nothing was charged, and your points are back" in page.text
    assert "What you had chosen" in page.text
    assert "What you redeemed" not in page.text
    mei_pages.client.get(url(story, "pay"))
    assert mei_pages.client.get(url(story, "pay")).status_code == 303


def test_the_cancel_page_of_an_order_that_is_not_paid_offers_to_give_it_up(
    mei_pages: PageClient, story: Story, dev_stripe: Running
) -> None:
    page = mei_pages.get(url(story, "cancel"))
    assert "You have not paid it yet." in page.text
    assert url(story, "pay") in page.links()
    assert url(story, "give-up") in {form.get("action") for form in page.root.iter("form")}
    mei_pages.post(url(story, "cancel"), {"reason": "typed elsewhere"}, page=url(story, "pay"), status=200)
    assert story.state in ("reserved", "awaiting_payment")
    mei_pages.post(url(story, "give-up"), page=url(story, "cancel"))
    assert (story.state, story.held) == ("cancelled", LET_GO)


def test_cancelling_what_was_paid_by_card_is_foreseen_in_few_statements(
    mei_pages: PageClient, story: Story, dev_stripe: Running, clock: time_machine.Traveller
) -> None:
    pay_there(mei_pages, story, dev_stripe, clock)
    mei_pages.client.get(url(story, "return"))
    mei_pages.get(url(story))
    page = mei_pages.get(url(story, "cancel"))
    for panel in ("Points that come back", "Cash to the card", "Points that the cash had earned"):
        assert panel in page.text


def test_giving_up_after_paying_in_another_tab_keeps_the_order(
    mei_pages: PageClient, story: Story, dev_stripe: Running
) -> None:
    pay_page(mei_pages, story)
    dev_stripe.control.pay(session_of(story))
    mei_pages.post(url(story, "give-up"), page=url(story, "pay"))
    assert (story.state, story.held) == ("paid", PAID)
    page = mei_pages.get(url(story)).text
    assert "Your payment had arrived already: the order is placed." in page
    told = page.split("What happened")[1]
    assert "The payment had arrived already, so the order stands." in told
    assert "Cancelling was asked for" in told
    assert "Cancelled" not in told


def test_giving_up_without_an_answer_is_finished_by_the_worker(
    mei_pages: PageClient, story: Story, dev_stripe: Running, clock: time_machine.Traveller
) -> None:
    pay_page(mei_pages, story)
    dev_stripe.control.fault("reset_before")
    mei_pages.post(url(story, "give-up"), page=url(story, "pay"))
    assert (story.state, story.held) == ("expiring", WAITING)
    assert "We are closing your order" in mei_pages.get(url(story)).text
    clock.shift(timedelta(seconds=40))
    running.deliver()
    assert (story.state, story.held) == ("cancelled", LET_GO)


def test_after_the_time_is_up_nobody_is_sent_to_pay(
    mei_pages: PageClient, story: Story, dev_stripe: Running, clock: time_machine.Traveller
) -> None:
    token = mei_pages._token(url(story, "pay"))
    clock.shift(timedelta(minutes=15))
    answer = mei_pages.client.post(url(story, "pay"), data={"csrf_token": token})
    assert answer.headers["Location"] == url(story)
    assert dev_stripe.control.requests("/checkout/sessions") == []
    cash.close_overdue(story.at + timedelta(minutes=15))
    page = mei_pages.get(url(story))
    assert "Expiring" in page.text or "Expired" in page.text
    assert "Nothing was charged" in page.text
    assert "Order again" in page.text


def test_the_orders_page_says_where_it_stands(
    mei_pages: PageClient, story: Story, dev_stripe: Running, clock: time_machine.Traveller
) -> None:
    page = mei_pages.get(url(story))
    for said in ("Reserved", "while you pay", "¥30.00 by card", "Pay now", "Kept for you until 12:15"):
        assert said in page.text, said
    assert "Awaiting payment" not in page.text
    there = pay_page(mei_pages, story)
    assert there.startswith(dev_stripe.url)
    assert "Awaiting payment" in mei_pages.get(url(story)).text
    assert "Awaiting payment" in mei_pages.get("/account/orders").text
    assert "¥30.00" in mei_pages.get("/account/orders").text


def test_another_members_order_cannot_be_seen_paid_or_given_up(
    pages: PageClient, story: Story, zoe: Member, dev_stripe: Running
) -> None:
    pages.sign_in(zoe.email or "")
    token = pages._token("/account/profile")
    for page in ("pay", "return"):
        assert pages.client.get(url(story, page)).status_code == 404
    for page in ("pay", "give-up", "again"):
        assert pages.client.post(url(story, page), data={"csrf_token": token}).status_code == 404
    assert story.held == WAITING


def test_checkout_with_cash_commits_asks_stripe_and_shows_what_is_kept(
    mei_pages: PageClient, story: Story, dev_stripe: Running, at: datetime
) -> None:
    with transaction():
        offers.set_price(story.item.offer_id, points=100, cash=500, starts_at=at, actor=SYSTEM, at=at)
        quote = quoting.make_quote(
            member=story.member.id, at=at, lines=[quoting.Ask(story.item.variant_id, 1)]
        ).id
    page = mei_pages.get(f"/checkout?quote={quote}")
    form = {name: page.value(name) for name in ("quote", "key", "terms_version")}
    answer = mei_pages.post(
        "/checkout", {**form, "delivery": "pickup", "terms": "y"}, page=f"/checkout?quote={quote}"
    )
    assert answer.response.headers["Location"].endswith("/pay")
    asked = dev_stripe.control.requests("/checkout/sessions", "POST")
    assert len(asked) == 1
    assert "¥5.00" in mei_pages.get(answer.response.headers["Location"]).text


def test_the_same_things_can_be_ordered_again(
    mei_pages: PageClient, story: Story, dev_stripe: Running, app: Flask
) -> None:
    pay_page(mei_pages, story)
    mei_pages.post(url(story, "give-up"), page=url(story, "pay"))
    answer = mei_pages.post(url(story, "again"), page="/account/profile")
    assert "/checkout?quote=" in answer.response.headers["Location"]

"""Refunds and disputes from Stripe's signed webhook to what people see: nothing but the wire is replaced."""

from datetime import datetime

import pytest
from flask import Flask

from devstripe.testing import Running
from mall.core.db import transaction
from mall.domain.members.models import Member
from mall.domain.orders import refunding
from mall.domain.orders.refunding import queries as refunds
from mall.domain.orders.refunding.errors import RefundDisputed
from mall.domain.payments import queries as payments
from mall.worker.running import deliver
from tests.orders.refunding.conftest import Sale
from tests.support.pages import PageClient

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def sale(app: Flask, mei: Member, sam: Member, dev_stripe: Running, at: datetime) -> Sale:
    made = Sale(dev_stripe, mei, sam, at)
    told(made)
    return made


def told(sale: Sale, *, copies: int = 1) -> list[str]:
    """Deliver Stripe's events to the endpoint, then all that is due in the outbox; the kinds of the events."""
    answers = sale.stripe.control.deliver(copies=copies)
    assert {answer["status"] for answer in answers} <= {200}
    assert deliver(lambda: sale.at).failed == 0
    kinds = {event["id"]: event["type"] for event in sale.stripe.control.events()}
    return sorted({kinds[answer["event"]] for answer in answers})


def sent(sale: Sale) -> tuple[int, str]:
    """A refund of one kettle that Stripe has taken; our id of it and Stripe's."""
    asked = sale.refund(unsent=1)
    assert deliver(lambda: sale.at).failed == 0
    return asked.id, sale.row(asked.id).stripe_id or ""


def test_a_pending_refund_is_done_by_its_webhook(sale: Sale) -> None:
    sale.stripe.control.begin_refunds("pending")
    refund, stripe_id = sent(sale)
    assert sale.row(refund).state == "sent"
    sale.stripe.control.settle_refund(stripe_id)
    assert [kind for kind in told(sale, copies=3) if kind.startswith("refund.")]
    assert sale.row(refund).state == "succeeded"
    assert sale.events.count("refund_sent") == 1
    assert sale.events.count("credit_note") == 1


def test_a_refund_that_fails_days_later_is_a_task_on_the_desk(sale: Sale, pages: PageClient) -> None:
    refund, stripe_id = sent(sale)
    told(sale)
    assert sale.row(refund).state == "succeeded"
    balance = sale.balance
    sale.stripe.control.fail_refund(stripe_id)
    assert "refund.failed" in told(sale, copies=3)
    assert (sale.row(refund).state, sale.balance) == ("failed", balance)
    assert sale.events.count("refund_failed") == 1
    assert refunds.failed() == 1
    pages.sign_in("sam@example.com")
    assert "Refunds that failed" in pages.get("/admin").text
    assert sale.row(refund).key in pages.get("/admin/refunds").text


def test_what_could_not_be_sent_back_is_not_said_to_be_given_back(sale: Sale, pages: PageClient) -> None:
    def sums(path: str = f"/orders/{sale.number}") -> str:
        return pages.get(path).text.split("What happened")[0]

    def shown(*said: str) -> None:
        text = sums()
        for words in said:
            assert words in text, words

    stuck = "could not be sent back yet"
    pages.sign_in("mei@example.com")
    refund, stripe_id = sent(sale)
    told(sale)
    shown("Given back101 points + ¥10.01", "Net202 points + ¥20.02")
    assert stuck not in sums()
    sale.stripe.control.fail_refund(stripe_id)
    told(sale)
    shown("Given back101 points", "Net202 points + ¥30.03", f"¥10.01 {stuck}.", f"Its cash {stuck}.")
    assert "Given back101 points + " not in sums()
    others = sale.refund(unsent=1)  # another one, that arrives: what failed is only the first
    deliver(lambda: sale.at)
    told(sale)
    assert sale.row(others.id).state == "succeeded"
    shown("Given back202 points + ¥10.01", "Net101 points + ¥20.02", f"¥10.01 {stuck}.")
    assert sums().count(f"Its cash {stuck}.") == 1
    pages.client.delete_cookie("mall")
    pages.sign_in("sam@example.com")
    assert "Could not be sent back yet–¥10.01" in sums(f"/admin/orders/{sale.number}")
    with transaction():
        refunding.retry(refund, actor=sale.staff, at=sale.at)
    deliver(lambda: sale.at)
    told(sale)
    pages.client.delete_cookie("mall")
    pages.sign_in("mei@example.com")
    shown("Given back202 points + ¥20.02", "Net101 points + ¥10.01")
    assert stuck not in sums()


def test_an_order_that_was_given_back_whole_says_net_of_both(sale: Sale, pages: PageClient) -> None:
    sale.refund(unsent=3)
    deliver(lambda: sale.at)
    pages.sign_in("mei@example.com")
    assert "Net0 points + ¥0.00" in pages.get(f"/orders/{sale.number}").text


def test_a_webhook_that_nobody_signed_fails_no_refund(sale: Sale) -> None:
    refund, stripe_id = sent(sale)
    told(sale)
    sale.stripe.control.fail_refund(stripe_id)
    answers = sale.stripe.control.deliver(twist={"signature": "bad"})
    assert {answer["status"] for answer in answers} == {400}
    deliver(lambda: sale.at)
    assert sale.row(refund).state == "succeeded"


@pytest.mark.parametrize("won", [True, False])
def test_a_dispute_freezes_the_order_until_its_webhook_says_how_it_ended(sale: Sale, won: bool) -> None:
    intent = payments.of_order(sale.id)[-1].payment_intent or ""
    dispute = sale.stripe.control.dispute(intent)["id"]
    assert "charge.dispute.created" in told(sale, copies=2)
    with pytest.raises(RefundDisputed):
        sale.refund(unsent=1)
    sale.stripe.control.close_dispute(dispute, won=won)
    assert "charge.dispute.closed" in told(sale, copies=2)
    ended = "won" if won else "lost"
    assert [kind for kind in sale.events if "dispute" in kind] == ["disputed", f"dispute_{ended}"]
    assert [one.state for one in payments.disputes_of(sale.id)] == [ended]
    assert sale.refund(unsent=1).cash == (1_001 if won else 0)

"""The nightly look at Stripe's own lists finds what neither a webhook nor a sweep told."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from devstripe.testing import Running
from mall.core.actor import as_staff
from mall.core.db import db, transaction
from mall.core.ids import OrderId
from mall.domain.members.models import Member
from mall.domain.orders import refunding
from mall.domain.orders.models import Order, Refund
from mall.domain.payments import events, objects, queries, service
from mall.web import paying
from mall.worker import refunds
from mall.worker.comparing import KEEP_EVENTS, KEEP_REQUESTS, compare_with_stripe, forget_requests
from tests.support.cash_factory import paid_order
from tests.support.items_factory import Made
from tests.support.orders_factory import place_order
from tests.support.pages import PageClient


@pytest.fixture
def waiting(dev_stripe: Running, mei: Member, kettle: Made, at: datetime) -> OrderId:
    """An order of 300 points and 30.00 whose session is open."""
    placed = place_order(mei.id, (kettle.variant_id, 1), at=at)
    paying.open_session(placed.id, now=lambda: at)
    return placed.id


def session_of(order: OrderId) -> str:
    (payment,) = queries.of_order(order)
    return str(payment.session_id)


def test_a_payment_that_nobody_told_us_of_pays_its_order(
    waiting: OrderId, dev_stripe: Running, at: datetime
) -> None:
    night = at + timedelta(hours=1)
    assert compare_with_stripe(night) == 0
    dev_stripe.control.pay(session_of(waiting))
    assert compare_with_stripe(night) == 1
    assert db.session.get_one(Order, waiting, populate_existing=True).state == "paid"
    assert compare_with_stripe(night) == 0


def test_a_refund_made_by_hand_is_told(
    waiting: OrderId, dev_stripe: Running, at: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    dev_stripe.control.pay(session_of(waiting))
    night = at + timedelta(hours=1)
    compare_with_stripe(night)
    (payment,) = queries.of_order(waiting)
    dev_stripe.client().v1.refunds.create({"payment_intent": str(payment.payment_intent), "amount": 500})
    compare_with_stripe(night)
    assert queries.of_order(waiting)[0].refunded == 500
    assert compare_with_stripe(night) == 1  # it is told every night, until it is older than we look back
    assert "compare.refund_unknown" in caplog.text


def test_a_refund_that_failed_weeks_later_becomes_a_task_though_nobody_told_us(
    dev_stripe: Running, mei: Member, kettle: Made, sam: Member, at: datetime
) -> None:
    placed = paid_order(dev_stripe, mei.id, (kettle.variant_id, 1), at=at)
    with transaction():
        asked = refunding.request(placed.id, None, actor=as_staff(sam.id), at=at).id
    assert refunds.send(asked, now=lambda: at) == "succeeded"
    (made,) = dev_stripe.client().v1.refunds.list().data
    dev_stripe.control.advance(29 * 86_400)
    dev_stripe.control.fail_refund(made.id)
    night = at + timedelta(days=29, hours=12)
    assert compare_with_stripe(night) == 1
    row = db.session.get_one(Refund, asked, populate_existing=True)
    assert (row.state, row.error) == ("failed", "expired_or_canceled_card")
    assert compare_with_stripe(night) == 0, "it is behind no longer"


@pytest.mark.parametrize("won", [True, False])
def test_a_dispute_is_found_and_its_end_too_though_nobody_told_us(
    won: bool, dev_stripe: Running, mei: Member, kettle: Made, at: datetime
) -> None:
    placed = paid_order(dev_stripe, mei.id, (kettle.variant_id, 1), at=at)
    (payment,) = queries.of_order(placed.id)
    opened = dev_stripe.control.dispute(str(payment.payment_intent))
    night = at + timedelta(hours=1)
    assert (compare_with_stripe(night), compare_with_stripe(night)) == (1, 0)
    assert [one.state for one in queries.disputes_of(placed.id)] == ["open"]
    dev_stripe.control.close_dispute(opened["id"], won=won)
    months = at + timedelta(days=90)
    assert (compare_with_stripe(months), compare_with_stripe(months)) == (1, 0)
    assert [one.state for one in queries.disputes_of(placed.id)] == ["won" if won else "lost"]


def test_a_dispute_that_ended_otherwise_than_we_have_it_is_told_to_staff_once(
    dev_stripe: Running, mei: Member, kettle: Made, lee: Member, pages: PageClient, at: datetime
) -> None:
    placed = paid_order(dev_stripe, mei.id, (kettle.variant_id, 1), at=at)
    (payment,) = queries.of_order(placed.id)
    this = str(dev_stripe.control.dispute(str(payment.payment_intent))["id"])
    dev_stripe.control.close_dispute(this, won=False)
    night = at + timedelta(hours=1)
    assert (compare_with_stripe(night), compare_with_stripe(night)) == (1, 0)
    dev_stripe.control.tamper(this, status="won")
    compare_with_stripe(night)
    compare_with_stripe(night)
    assert [one.state for one in queries.disputes_of(placed.id)] == ["lost"]
    (told,) = queries.differences()
    assert (told.kind, told.object_id) == ("compare.dispute_differs", placed.number)
    pages.sign_in(lee.email or "")
    page = pages.get("/admin/trouble").text
    for said in ("A dispute that ended otherwise than we have it", this, "Stripe says won, we have lost"):
        assert said in page, said


def test_without_an_answer_nothing_is_lost(waiting: OrderId, dev_stripe: Running, at: datetime) -> None:
    dev_stripe.control.pay(session_of(waiting))
    dev_stripe.control.fault("timeout_before", path="/v1/checkout/sessions", method="GET")
    assert compare_with_stripe(at + timedelta(hours=1)) == 0
    assert compare_with_stripe(at + timedelta(days=2)) == 1


def test_what_holds_personal_data_is_forgotten_in_time(
    waiting: OrderId, dev_stripe: Running, app: Flask, at: datetime
) -> None:
    dev_stripe.control.pay(session_of(waiting))
    compare_with_stripe(at + timedelta(hours=1))
    raw = {
        "id": "evt_1", "object": "event", "type": "refund.created", "created": 1764000000, "livemode": False,
        "data": {"object": {"id": "re_1"}},
    }  # fmt: skip
    with transaction():
        events.store_event(objects.event(raw, "{}"), livemode=False, at=at)
        events.mark_event("evt_1", "applied", at=at)
    assert forget_requests(at + KEEP_REQUESTS) == 0
    assert forget_requests(at + KEEP_REQUESTS + timedelta(seconds=5)) == 1
    assert queries.of_order(waiting)[0].request == ""
    assert forget_requests(at + KEEP_EVENTS + timedelta(seconds=1)) == 1
    assert queries.event("evt_1") is None


def test_what_nobody_can_explain_stands_before_staff_until_they_set_it_aside(
    waiting: OrderId, dev_stripe: Running, pages: PageClient, lee: Member, at: datetime
) -> None:
    dev_stripe.control.pay(session_of(waiting))
    night = at + timedelta(hours=1)
    compare_with_stripe(night)
    (payment,) = queries.of_order(waiting)
    made = dev_stripe.client().v1.refunds.create(
        {"payment_intent": str(payment.payment_intent), "amount": 500}
    )
    compare_with_stripe(night)
    compare_with_stripe(night)  # told once
    pages.sign_in(lee.email or "")
    home = pages.get("/admin").text
    assert "Stripe's lists differ from ours in 1 place" in home
    assert "quarantined" not in home
    page = pages.get("/admin/trouble")
    for said in ("A refund that nobody asked for here", made.id, payment.number, "500 CNY"):
        assert said in page.text, said
    there = f"/admin/trouble/webhooks/compare.refund_unknown:{made.id}/set-aside"
    pages.post(there, {"reason": "Made at Stripe by finance"}, page="/admin/trouble")
    compare_with_stripe(night)
    assert "All is well" in pages.get("/admin/trouble").text


def test_a_session_that_outlives_its_attempt_is_expired_at_stripe(
    waiting: OrderId, dev_stripe: Running, at: datetime
) -> None:
    (payment,) = queries.of_order(waiting)
    with transaction():
        service.gone(payment.id, "lost", at=at)
    assert compare_with_stripe(at + timedelta(hours=1)) == 1
    assert paying.gateway().retrieve_session(session_of(waiting)).status == "expired"

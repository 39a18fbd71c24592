"""What staff see of messages that were given up, quarantined webhooks and payments that do not fit, and what they can do."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from mall.admin.trouble import SHOWN
from mall.core import clock
from mall.core.db import db, transaction
from mall.domain.audit.models import AuditRecord
from mall.domain.members.models import Member
from mall.domain.outbox.models import OutboxMessage
from mall.domain.payments import events, service
from mall.domain.payments.models import StripeEvent
from tests.support.outbox_factory import put, row
from tests.support.pages import PageClient
from tests.support.payments_factory import an_order, begin


@pytest.fixture
def dead(app: Flask) -> list[int]:
    """Two messages that were given up, one of them a mail."""
    made = [
        *put("order.placed", payload={"order_id": 5, "number": "R-1", "member_id": 7}),
        *put("mail.written", payload={"to": "mei@example.com", "subject": "Hi", "text": "https://secret"}),
    ]
    with transaction():
        db.session.execute(
            sa.update(OutboxMessage).values(dead_at=clock.now(), attempts=14, error="SMTP said no")
        )
    return made


@pytest.fixture
def quarantined(app: Flask) -> str:
    now = clock.now()
    with transaction():
        db.session.add(
            StripeEvent(
                id="evt_odd", kind="checkout.session.completed", object_id="cs_1", created=now, livemode=False,
                payload="{}", received_at=now - timedelta(hours=1), state="quarantined", error="amount is 1, not 3000",
            )
        )  # fmt: skip
    return "evt_odd"


@pytest.fixture
def hanging(app: Flask) -> datetime:
    """A webhook that was stored, and no worker has seen to it since."""
    now = clock.now()
    with transaction():
        db.session.add(
            StripeEvent(
                id="evt_waits", kind="charge.dispute.created", object_id="dp_9", created=now, livemode=False,
                payload="{}", received_at=now, state="stored",
            )
        )  # fmt: skip
    return now


def deeds() -> list[tuple[str, str]]:
    return [
        (found.action, found.reason)
        for found in db.session.scalars(sa.select(AuditRecord).order_by(AuditRecord.id))
    ]


def test_all_is_well_when_nothing_waits(pages: PageClient, lee: Member) -> None:
    pages.sign_in(lee.email or "")
    assert "All is well" in pages.get("/admin/trouble").text
    assert "needs a person" not in pages.get("/admin").text


def test_staff_see_what_was_given_up_and_nothing_personal(
    pages: PageClient, lee: Member, dead: list[int], quarantined: str
) -> None:
    pages.sign_in(lee.email or "")
    home = pages.get("/admin").text
    assert "2 messages could not be delivered" in home
    assert "1 webhook of Stripe is quarantined" in home
    page = pages.get("/admin/trouble")
    for said in (
        "Tell the member that the order was placed",
        "order.placed",
        "R-1",
        "The mail server did not take it.",
        "SMTP said no",
        "amount is 1, not 3000",
        "mail.written",
    ):
        assert said in page.text, said
    assert "mei@example.com" not in page.html
    assert "secret" not in page.html


def test_a_mail_that_was_given_up_names_its_member_and_order(
    pages: PageClient, lee: Member, mei: Member
) -> None:
    data = {"order_id": 5, "number": "R-9"}
    put("mail.member", payload={"member_id": mei.id, "kind": "order.shipped", "data": data})
    with transaction():
        db.session.execute(
            sa.update(OutboxMessage).values(dead_at=clock.now(), attempts=14, error="SMTPGone")
        )
    pages.sign_in(lee.email or "")
    page = pages.get("/admin/trouble")
    assert "By mail: Tell the member that a parcel was sent" in page.text
    assert f'href="/admin/members/{mei.number}"' in page.html
    assert 'href="/admin/orders/R-9"' in page.html


def test_many_old_webhooks_hide_neither_a_new_one_nor_a_difference(pages: PageClient, lee: Member) -> None:
    now = clock.now()
    with transaction():
        for n in range(SHOWN + 5):
            db.session.add(
                StripeEvent(
                    id=f"evt_{n:03}", kind="checkout.session.completed", object_id="cs_1", created=now,
                    livemode=False, payload="{}", received_at=now - timedelta(hours=n + 2), state="quarantined",
                    error="odd",
                )
            )  # fmt: skip
        events.store_difference("compare.refund_unknown", "re_1", "5 CNY", of="R-1", livemode=False, at=now)
    pages.sign_in(lee.email or "")
    text = pages.get("/admin/trouble").text
    assert "A refund that nobody asked for here" in text
    assert "evt_000" in text
    assert f"evt_{SHOWN:03}" not in text
    assert "Only the newest 100 are shown." in text


def test_a_webhook_that_waits_for_an_hour_is_told(pages: PageClient, lee: Member, hanging: datetime) -> None:
    with time_machine.travel(hanging + timedelta(minutes=59), tick=False):
        pages.sign_in(lee.email or "")
        assert "needs a person" not in pages.get("/admin").text
        assert "All is well" in pages.get("/admin/trouble").text
    with time_machine.travel(hanging + timedelta(hours=1), tick=False):
        assert "1 webhook of Stripe has waited for an hour" in pages.get("/admin").text
        listed = pages.get("/admin/trouble").text
        assert "dp_9" in listed
        assert "All is well" not in listed


@pytest.mark.tampers  # the order was paid in points: its books do not add up with cash
def test_a_payment_is_listed_however_often_stripe_was_asked(
    pages: PageClient, lee: Member, mei: Member, at: datetime
) -> None:
    payment, since = begin(an_order(mei.id, at), at), at + timedelta(minutes=61)
    with transaction():
        service.claim(payment.id, at=since)
        service.unknown(payment.id, "no answer: timed out", at=since)
    with time_machine.travel(since, tick=False):
        pages.sign_in(lee.email or "")
        assert "1 payment has had no answer for an hour" in pages.get("/admin").text
        listed = pages.get("/admin/trouble").text
        assert payment.reference in listed
        assert "no answer: timed out" in listed


def test_one_message_or_all_are_delivered_again(pages: PageClient, lee: Member, dead: list[int]) -> None:
    pages.sign_in(lee.email or "")
    pages.post(f"/admin/trouble/messages/{dead[0]}/retry", page="/admin/trouble")
    assert (row(dead[0]).dead_at, row(dead[0]).attempts) == (None, 0)
    assert row(dead[1]).dead_at is not None
    pages.post("/admin/trouble/messages/retry", page="/admin/trouble")
    assert row(dead[1]).dead_at is None
    pages.post(f"/admin/trouble/messages/{dead[0]}/retry", page="/admin/trouble")
    assert [action for action, _ in deeds()] == ["trouble.retry", "trouble.retry_all"]


def test_a_message_is_given_up_with_a_reason_only(pages: PageClient, lee: Member, dead: list[int]) -> None:
    pages.sign_in(lee.email or "")
    there = f"/admin/trouble/messages/{dead[1]}/discard"
    pages.post(there, {"reason": "  "}, page="/admin/trouble")
    assert row(dead[1]).dead_at is not None
    pages.post(there, {"reason": "The address does not exist"}, page="/admin/trouble")
    assert (row(dead[1]).dead_at, row(dead[1]).payload) == (None, {})
    assert row(dead[1]).done_at is not None
    assert deeds() == [("trouble.discard", "The address does not exist")]


def test_a_webhook_is_set_aside_with_a_reason(pages: PageClient, lee: Member, quarantined: str) -> None:
    pages.sign_in(lee.email or "")
    there = f"/admin/trouble/webhooks/{quarantined}/set-aside"
    pages.post(there, {"reason": "Somebody tried a test event"}, page="/admin/trouble")
    db.session.expire_all()
    assert db.session.get_one(StripeEvent, quarantined).state == "ignored"
    assert deeds() == [("trouble.set_aside", "Somebody tried a test event")]


def test_finance_sees_it_and_changes_nothing(pages: PageClient, fin: Member, dead: list[int]) -> None:
    pages.sign_in(fin.email or "")
    page = pages.get("/admin/trouble")
    assert "order.placed" in page.text
    assert "Deliver again" not in page.text

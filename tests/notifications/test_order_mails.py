"""What a member hears about an order: in the mall and by mail, in their language, once."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask_babel import force_locale
from flask_mailman import EmailMultiAlternatives
from html5lib import HTMLParser

from devstripe.testing import Running
from mall.core.actor import SYSTEM
from mall.core.db import transaction
from mall.core.ids import MemberId, OrderId
from mall.domain.items import service as items
from mall.domain.members.models import Member
from mall.domain.notifications import queries
from mall.domain.orders import cancelling, shipping
from mall.domain.orders import queries as order_queries
from mall.domain.orders.service import Placed
from mall.web import wording
from mall.worker import refunds
from tests.codes.test_giving import bought
from tests.orders.refunding.conftest import Sale
from tests.support.cash_factory import make_combo, paid_order
from tests.support.cast import person
from tests.support.codes_factory import add_codes, make_pool, secret
from tests.support.items_factory import make_item
from tests.support.mailbox import Mailbox
from tests.support.orders_factory import NONE, give_points, place_order


def an_order(member: Member, at: datetime) -> Placed:
    with transaction():
        texts = {"zh-Hans": items.Text("降噪耳机"), "zh-Hant": items.Text("降噪耳機")}
        made = make_item("Quiet <Headphones>", points=1_800, stock=5, texts=texts)
        give_points(member.id, 5_000, at=at)
    return place_order(member.id, (made.variant_id, 2), at=at)


def parts(mail: EmailMultiAlternatives) -> tuple[str, str]:
    """Text and HTML."""
    (html, kind), *_ = mail.alternatives
    assert kind == "text/html"
    HTMLParser(strict=True).parse(html)
    return mail.body, html


def test_an_order_is_confirmed_in_the_mall_and_by_mail(mei: Member, mailbox: Mailbox, at: datetime) -> None:
    order = an_order(mei, at)
    (mail,) = mailbox.deliver()
    assert mail.subject == f"We have your order {order.number}"
    assert mail.to == ["Mei <mei@example.com>"]
    text, html = parts(mail)
    assert "2 × Quiet <Headphones>: 3,600 points" in text
    assert "Quiet &lt;Headphones&gt;" in html
    for part in (text, html):
        assert f"http://127.0.0.1:8000/orders/{order.number}" in part
        assert "Hello Mei" in part
        assert "None" not in part
    (row,) = queries.inbox(mei.id)
    assert row.kind == "order.placed"
    assert mailbox.deliver() == []
    assert len(queries.inbox(mei.id)) == 1


def test_a_mail_sent_again_is_the_same_mail(mei: Member, mailbox: Mailbox, at: datetime) -> None:
    from mall.worker.mailing import written

    order = an_order(mei, at)
    (mail,) = mailbox.deliver()
    (row,) = queries.inbox(mei.id)
    first, second = (written(mei.id, row.kind, row.data, 77) for _ in range(2))
    assert first is not None
    assert second is not None
    assert first.message()["Message-ID"] == second.message()["Message-ID"] == "<outbox-77@example.com>"
    assert mail.message()["Message-ID"].startswith("<outbox-")
    assert mail.message()["Auto-Submitted"] == "auto-generated"
    assert order.number in mail.subject


def test_shipping_is_told_with_the_tracking_number(mei: Member, mailbox: Mailbox, at: datetime) -> None:
    order = an_order(mei, at)
    mailbox.deliver()
    with transaction():
        shipping.ship(
            OrderId(order.id),
            carrier="SF Express",
            tracking="SF1234567",
            actor=SYSTEM,
            at=at + timedelta(days=1),
        )
    (mail,) = mailbox.deliver()
    assert mail.subject == f"Your order {order.number} is on its way"
    for part in parts(mail):
        assert "We handed it to SF Express; the tracking number is SF1234567." in part


def test_a_parcel_without_tracking_is_told_in_plainer_words(
    mei: Member, mailbox: Mailbox, at: datetime
) -> None:
    order = an_order(mei, at)
    mailbox.deliver()
    with transaction():
        shipping.ship(OrderId(order.id), actor=SYSTEM, at=at + timedelta(days=1))
    (mail,) = mailbox.deliver()
    assert "We handed it to the carrier." in mail.body


def test_a_cancelled_order_says_what_came_back(mei: Member, mailbox: Mailbox, at: datetime) -> None:
    order = an_order(mei, at)
    mailbox.deliver()
    with transaction():
        cancelling.cancel(
            OrderId(order.id), actor=SYSTEM, reason="changed my mind", at=at + timedelta(hours=1)
        )
    (mail,) = mailbox.deliver()
    assert "is cancelled." in mail.body
    assert "3,600 points are back where they came from" in mail.body


@pytest.mark.parametrize(
    ("language", "name"), [("zh-Hans", "降噪耳机"), ("zh-Hant", "降噪耳機"), ("en", "Quiet")]
)
def test_the_mail_is_in_the_members_language(
    app: Flask, password_hash: str, mailbox: Mailbox, at: datetime, language: str, name: str
) -> None:
    an_order(person("Lin", password_hash, language=language), at)
    (mail,) = mailbox.deliver()
    text, html = parts(mail)
    assert name in text
    assert f'lang="{language}"' in html
    assert mail.message()["Content-Language"] == language


def test_a_member_without_an_address_is_told_in_the_mall_alone(
    mei: Member, mailbox: Mailbox, at: datetime
) -> None:
    an_order(mei, at)
    with transaction() as session:
        session.merge(mei).email = None
    assert mailbox.deliver() == []
    assert mailbox.tally.failed == 0
    assert len(queries.inbox(mei.id)) == 1


def test_a_name_cannot_write_headers(app: Flask, password_hash: str, mailbox: Mailbox, at: datetime) -> None:
    member = person("Eve", password_hash)
    with transaction() as session:
        session.merge(member).name = 'Eve\r\nBcc: all@example.com, "x" <y@example.com>'
    an_order(member, at)
    (mail,) = mailbox.deliver()
    raw = mail.message().as_string()
    head = raw.split("\n\n", 1)[0]
    assert "\nBcc:" not in head
    assert len(mail.recipients()) == 1


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "2,000 points and ¥30.00"), ("zh-Hans", "¥30.00"), ("zh-Hant", "30.00")],
)
def test_a_paid_order_names_its_cash_and_its_receipt(
    dev_stripe: Running, password_hash: str, mailbox: Mailbox, at: datetime, language: str, said: str
) -> None:
    member = person("Lin", password_hash, language=language)
    with transaction():
        kettle = make_combo("Kettle", points=2_000, cash=3_000)
        give_points(member.id, 5_000, at=at - timedelta(days=1))
    order = paid_order(dev_stripe, member.id, (kettle.variant_id, 1), at=at)
    (mail,) = [one for one in mailbox.deliver() if order.number in one.subject]
    ((_, number),) = order_queries.any_order(order.number, locale="en").documents
    for part in parts(mail):
        assert said in part
        assert "2,000" in part
        assert f"http://127.0.0.1:8000/documents/{number}" in part
        assert "None" not in part
    (row,) = [row for row in queries.inbox(member.id) if row.kind == "order.placed"]
    with force_locale(language.replace("-", "_")):
        line = wording.line(row.kind, row.data)
    assert said in line
    assert "2,000" in line


def test_a_refund_names_what_came_back_and_why(
    dev_stripe: Running, mei: Member, ada: Member, mailbox: Mailbox, at: datetime
) -> None:
    sale = Sale(dev_stripe, mei, ada, at)
    mailbox.deliver()
    done = sale.refund(unsent=2, reason="Arrived <too> late")
    refunds.send(done.id, now=lambda: at)
    (mail,) = mailbox.deliver()
    assert mail.subject == f"Refund for your order {sale.number}"
    ((_, _), (_, number)) = order_queries.any_order(sale.number, locale="en").documents
    text, html = parts(mail)
    for part in (text, html):
        for said in (
            "Kettle × 2",
            "202 points are back",
            "¥20.02 goes back to the card",
            f"/documents/{number}",
        ):
            assert said in part
        assert "20 points that this cash had earned were taken back" in part, text
        assert "None" not in part
        assert "part or all" not in part
    assert "Why: Arrived <too> late" in text
    assert "Why: Arrived &lt;too&gt; late" in html


def test_a_refund_whose_cash_is_on_its_way_says_that_its_credit_note_follows(
    dev_stripe: Running, mei: Member, ada: Member, mailbox: Mailbox, at: datetime
) -> None:
    sale = Sale(dev_stripe, mei, ada, at)
    mailbox.deliver()
    dev_stripe.control.begin_refunds("pending")
    sale.refund(unsent=1)
    (mail,) = mailbox.deliver()
    for part in parts(mail):
        assert "The credit note follows on the order" in part
        assert "/documents/" not in part


def test_a_part_cancelled_names_the_part_and_why(mei: Member, mailbox: Mailbox, at: datetime) -> None:
    order = an_order(mei, at)
    mailbox.deliver()
    (line,) = order_queries.any_order(order.number, locale="en").lines
    with transaction():
        cancelling.cancel(
            OrderId(order.id), lines=[(line.id, 1)], actor=SYSTEM, reason="one is enough", at=at
        )
    (mail,) = mailbox.deliver()
    text, html = parts(mail)
    assert "Quiet <Headphones> × 1" in text
    assert "Quiet &lt;Headphones&gt; × 1" in html
    for part in (text, html):
        assert "Why: one is enough" in part
        assert "3,600" not in part


def test_of_codes_that_were_given_nothing_is_being_got_ready(
    app: Flask, mei: Member, mailbox: Mailbox, at: datetime
) -> None:
    with transaction():
        made = make_pool(3, at=at)
    order = bought(mei, made.variant_id, 1, at)
    placed, codes = sorted(mailbox.deliver(), key=lambda mail: "codes" in mail.subject)
    assert "points were redeemed." in placed.body
    assert "getting it ready" not in placed.body
    assert codes.subject == f"Your codes of order {order.number} are ready"


def test_of_codes_paid_with_cash_too_nothing_is_being_got_ready(
    dev_stripe: Running, mei: Member, mailbox: Mailbox, at: datetime
) -> None:
    with transaction():
        made = make_item("Film voucher", points=100, cash=1_000, stock=0, kind="digital")
        add_codes(made.variant_id, [secret(n) for n in range(3)], at=at)
        give_points(mei.id, 5_000, at=at - timedelta(days=1))
    order = paid_order(dev_stripe, MemberId(mei.id), (made.variant_id, 1), at=at, delivery=NONE)
    (mail,) = [one for one in mailbox.deliver() if one.subject == f"We have your order {order.number}"]
    assert "Paid with" in mail.body
    assert "getting it ready" not in mail.body

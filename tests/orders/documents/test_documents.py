"""Receipts and credit notes: numbered without gaps, once each, with the tax of their day; as a page and a PDF."""

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from devstripe.testing import Running
from mall.account.joining import join
from mall.core.db import db, transaction
from mall.domain.members.models import Member
from mall.domain.orders.documents import issuing, reading, taxing
from mall.domain.orders.documents.issuing import Merchant
from mall.domain.orders.models import Document
from mall.web.documents.sheet import sheet
from mall.worker import refunds
from tests.orders.refunding.conftest import Sale
from tests.support.pages import PageClient
from tests.support.racing import connections, race
from tests.support.stripe import stripe_for

MERCHANT = Merchant("积分商城", "上海市徐汇区衡山路1号", "91310000MA1K", "Asia/Shanghai")


def vat(rate: int, since: date) -> None:
    with transaction():
        taxing.set_rate("goods", rate, name={"en": "VAT", "zh-Hans": "增值税"}, starts_on=since)


@pytest.fixture
def sale(app: Flask, mei: Member, sam: Member, dev_stripe: Running, at: datetime) -> Sale:
    vat(1_300, date(2026, 1, 1))
    return Sale(dev_stripe, mei, sam, at)


def receipt(sale: Sale) -> str:
    with transaction():
        number = issuing.receipt(sale.id, merchant=MERCHANT, at=sale.at)
    assert number is not None
    return number


def credit(sale: Sale, unsent: int, at: datetime | None = None) -> str:
    asked = sale.refund(unsent=unsent)
    refunds.send(asked.id, now=lambda: sale.at)
    with transaction():
        number = issuing.credit_note(asked.id, merchant=MERCHANT, at=at or sale.at)
        assert issuing.credit_note(asked.id, merchant=MERCHANT, at=at or sale.at) == number
    assert number is not None
    return number


def test_an_order_has_one_receipt_and_it_says_all(sale: Sale) -> None:
    number = receipt(sale)
    assert (number, receipt(sale)) == ("RC-2026-000001", "RC-2026-000001")
    kept = reading.by_number(number, member=sale.member.id).data
    assert (kept["cash"], kept["points"], kept["order"]) == (3_003, 303, sale.number)
    assert [(tax["rate"], tax["gross"], tax["tax"], tax["net"]) for tax in kept["taxes"]] == [
        (1_300, 3_003, 345, 2_658)
    ]
    assert "receipt" in sale.events


def test_credit_notes_keep_the_receipts_rate_and_give_back_its_tax(sale: Sale) -> None:
    receipt(sale)
    vat(900, date(2026, 11, 23))
    later = sale.at + timedelta(days=40)
    numbers = [credit(sale, 1), credit(sale, 1), credit(sale, 1, later)]
    assert numbers == ["CN-2026-000001", "CN-2026-000002", "CN-2027-000001"]
    taxes = [reading.by_number(number, member=None).data["taxes"][0] for number in numbers]
    assert {tax["rate"] for tax in taxes} == {1_300}
    assert sum(tax["tax"] for tax in taxes) == 345


def test_a_number_that_was_rolled_back_is_given_again(sale: Sale) -> None:
    def crash() -> None:
        with transaction():
            issuing.receipt(sale.id, merchant=MERCHANT, at=sale.at)
            raise RuntimeError("crash")

    with pytest.raises(RuntimeError, match="crash"):
        crash()
    assert receipt(sale) == "RC-2026-000001"


@pytest.mark.tampers
def test_a_document_is_never_changed(sale: Sale) -> None:
    receipt(sale)
    for change in ("UPDATE document SET serial = 9", "DELETE FROM document", "DELETE FROM tax_rate"):
        with pytest.raises(sa.exc.IntegrityError, match="never changed"), transaction():
            db.session.execute(sa.text(change))


def test_a_rate_stands_once_for_a_day(sale: Sale) -> None:
    with pytest.raises(taxing.RateStands):
        vat(600, date(2026, 1, 1))


def test_the_member_reads_and_keeps_it_and_nobody_else_sees_it(
    app: Flask, sale: Sale, pages: PageClient, zoe: Member
) -> None:
    number = receipt(sale)
    pages.sign_in("mei@example.com")
    page = pages.get(f"/documents/{number}")
    assert "¥30.03" in page.text
    assert "¥3.45" in page.text
    assert ("Mei", sale.member.number) == sheet(reading.by_number(number, member=None), locale="en").member
    assert "<b>Mei</b>" in page.html
    assert "Mei" not in str(reading.by_number(number, member=sale.member.id).data)  # see decision 0041
    assert f"/documents/{number}" in pages.get(f"/orders/{sale.number}").links()
    for language in ("zh-Hant", "en"):
        pages.client.set_cookie("locale", language)
        answer = pages.client.get(f"/documents/{number}.pdf")
        assert answer.mimetype == "application/pdf"
        assert answer.data.startswith(b"%PDF-")
        assert b"/FontFile3" in answer.data  # the characters are embedded
    other = PageClient(app)
    other.sign_in("zoe@example.com")
    assert other.client.get(f"/documents/{number}").status_code == 404
    assert other.client.get(f"/documents/{number}.pdf").status_code == 404


def test_staff_read_it_too(sale: Sale, pages: PageClient, fin: Member) -> None:
    number = receipt(sale)
    credit(sale, 1)
    pages.sign_in("fin@example.com")
    assert "¥30.03" in pages.get(f"/admin/documents/{number}").text
    assert "¥10.01" in pages.get("/admin/documents/CN-2026-000001").text
    assert pages.client.get(f"/admin/documents/{number}.pdf").data.startswith(b"%PDF-")


@pytest.mark.races
def test_many_at_once_leave_no_gap_and_no_number_twice(fresh_app: Flask, at: datetime) -> None:
    with connections(fresh_app, 8), stripe_for(fresh_app, at) as stripe, fresh_app.app_context():
        with transaction():
            staff = join(email="s@example.com", name="", language="en", confirmed=True, at=at)
            people = [
                join(email=f"m{n}@example.com", name="", language="en", confirmed=True, at=at)
                for n in range(6)
            ]
        orders = [Sale(stripe, person, staff, at).id for person in people]
        db.session.remove()

        def issue(order: int) -> str | None:
            with transaction():
                return issuing.receipt(order, merchant=MERCHANT, at=at)

        results = race(fresh_app, [lambda o=order: issue(o) for order in orders * 2], threads=8)
        numbers = {f"RC-2026-{n:06}" for n in range(1, 7)}
        assert set(results) == numbers
        assert set(db.session.scalars(sa.select(Document.number))) == numbers

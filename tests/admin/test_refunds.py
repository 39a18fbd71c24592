"""Refunds at the desk: form, preview, confirmation; what waits for somebody; rights and the trail."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from devstripe.testing import Running
from mall.core.db import transaction
from mall.domain.audit import queries as audit
from mall.domain.members import rules
from mall.domain.members.models import Member
from mall.domain.payments import queries as payments
from mall.domain.payments.errors import Unknown
from mall.worker import refunds
from tests.orders.refunding.conftest import Sale
from tests.support.items_factory import make_item
from tests.support.orders_factory import give_points, place_order
from tests.support.pages import STAFF_QUERIES, Page, PageClient


@pytest.fixture
def sale(app: Flask, mei: Member, ada: Member, dev_stripe: Running, at: object) -> Sale:
    return Sale(dev_stripe, mei, ada, at)  # type: ignore[arg-type]


@pytest.fixture
def desk(pages: PageClient, sam: Member) -> PageClient:
    pages.sign_in("sam@example.com")
    return pages


def preview(desk: PageClient, sale: Sale, unsent: int, *, status: int = 200) -> Page:
    asked = {f"unsent-{sale.line.id}": str(unsent), "reason": "Arrived too late"}
    return desk.post(f"/admin/orders/{sale.number}/refund", asked, status=status, queries=STAFF_QUERIES)


def confirm(desk: PageClient, sale: Sale, shown: Page, *, status: int = 303) -> Page:
    line = sale.line.id
    fields = {
        name: shown.value(name) for name in ("expect", "key", "reason", f"unsent-{line}", f"returned-{line}")
    }
    return desk.post(f"/admin/orders/{sale.number}/refund/confirm", fields, status=status)


def test_what_is_confirmed_is_what_was_shown(desk: PageClient, sale: Sale) -> None:
    form = desk.get(f"/admin/orders/{sale.number}/refund")
    assert "Kettle" in form.text
    shown = preview(desk, sale, 2)
    for words in ("202", "¥20.02", "103", "99", "Valid until", "Taken from available points"):
        assert words in shown.text
    assert sale.line.cancelled == 0  # nothing has happened yet
    confirm(desk, sale, shown)
    assert (sale.line.cancelled, sale.order.cash_back) == (2, 2_002)
    confirm(desk, sale, shown)  # a double click
    assert sale.line.cancelled == 2
    order = desk.get(f"/admin/orders/{sale.number}").text
    assert "Refunding" in order
    assert "Arrived too late" in order


def test_the_form_begins_with_nothing_and_can_begin_with_all(desk: PageClient, sale: Sale) -> None:
    address, field = f"/admin/orders/{sale.number}/refund", f"unsent-{sale.line.id}"
    form = desk.get(address)
    assert form.value(field) == "0"
    assert f"{address}?all=1" in form.links()
    assert desk.get(f"{address}?all=1").value(field) == "3"


def test_what_changed_meanwhile_is_shown_instead(desk: PageClient, sale: Sale) -> None:
    shown = preview(desk, sale, 1)
    sale.refund(unsent=1)
    anew = confirm(desk, sale, shown, status=409)
    assert "Something has changed since this was shown" in anew.text
    assert anew.value("expect") != shown.value("expect")
    assert sale.line.cancelled == 1
    confirm(desk, sale, anew)
    assert sale.line.cancelled == 2


def test_more_than_there_is_is_refused_with_a_sentence(desk: PageClient, sale: Sale) -> None:
    refused = preview(desk, sale, 9, status=422)
    field = f"unsent-{sale.line.id}"
    (said,) = (each for each in refused.root.iter("p") if each.get("id") == f"{field}-error")
    assert "3 are left; you asked for 9." in "".join(said.itertext())
    assert refused.value(field) == "9"
    preview(desk, sale, 0, status=409)
    asked = {f"unsent-{sale.line.id}": "１", "reason": "Arrived too late"}
    desk.post(f"/admin/orders/{sale.number}/refund", asked, status=422)


def test_a_failed_refund_waits_on_the_desk_and_is_sent_again_or_settled(
    desk: PageClient, sale: Sale, lee: Member
) -> None:
    asked = sale.refund(unsent=1)
    assert asked.key in desk.get("/admin/refunds").text  # on its way
    refunds.send(asked.id, now=lambda: sale.at)
    stripe_id = sale.row(asked.id).stripe_id or ""
    sale.stripe.control.fail_refund(stripe_id)
    refunds.look(stripe_id, asked.key, now=lambda: sale.at)
    listed = desk.get("/admin/refunds")
    assert "Refund failed" in listed.text
    assert "The card has expired or was cancelled." in listed.text
    assert "Refunds that failed" in desk.get("/admin").text
    assert "Refund failed" in desk.get(f"/admin/orders/{sale.number}").text
    desk.post(f"/admin/refunds/{asked.key}/retry", {}, status=303)
    assert sale.row(asked.id).state == "sent"
    refunds.send(asked.id, now=lambda: sale.at)
    stripe_id = sale.row(asked.id).stripe_id or ""
    sale.stripe.control.fail_refund(stripe_id)
    refunds.look(stripe_id, asked.key, now=lambda: sale.at)
    assert f"/admin/refunds/{asked.key}/settle" not in desk.get("/admin/refunds").html
    desk.client.delete_cookie("mall")
    desk.sign_in("lee@example.com")
    desk.post(f"/admin/refunds/{asked.key}/settle", {"note": "x"}, page="/admin/refunds", status=422)
    desk.post(
        f"/admin/refunds/{asked.key}/settle", {"note": "By bank transfer"}, page="/admin/refunds", status=303
    )
    assert sale.row(asked.id).state == "settled_by_hand"
    assert "Refund failed" not in desk.get("/admin/refunds").text
    trail = desk.get("/admin/audit?about=order").text
    for words in ("Refund sent again", "Refund settled by hand", "By bank transfer", asked.key):
        assert words in trail


def test_what_was_refunded_has_a_list_of_its_own(desk: PageClient, sale: Sale) -> None:
    there, refunded = f"/admin/orders/{sale.number}", "/admin/orders?show=refunded"
    assert there not in desk.get(refunded).links()
    sale.refund(unsent=1)
    assert there in desk.get(refunded).links()


def test_a_disputed_payment_is_on_the_desk(desk: PageClient, sale: Sale) -> None:
    there = f"/admin/orders/{sale.number}"
    assert there not in desk.get("/admin/orders?show=disputed").links()
    intent = payments.of_order(sale.id)[0].payment_intent or ""
    dispute = sale.stripe.control.dispute(intent)["id"]
    refunds.look_at_dispute(dispute, now=lambda: sale.at)
    assert there in desk.get("/admin/orders?show=disputed").links()
    listed = desk.get("/admin/refunds").text
    assert sale.number in listed
    assert "the cardholder says it was not them" in listed
    assert "Disputed payments" in desk.get("/admin").text
    assert "Disputed" in desk.get(f"/admin/orders/{sale.number}").text
    assert "The payment is disputed" in preview(desk, sale, 1, status=409).text


def test_a_failed_refund_of_a_disputed_payment_waits_for_the_bank(desk: PageClient, sale: Sale) -> None:
    asked = sale.refund(unsent=1)
    dispute = sale.stripe.control.dispute(payments.of_order(sale.id)[0].payment_intent or "")["id"]
    assert refunds.send(asked.id, now=lambda: sale.at) == "failed"
    assert f"/admin/refunds/{asked.key}/retry" in desk.get("/admin/refunds").html
    refunds.look_at_dispute(dispute, now=lambda: sale.at)
    listed = desk.get("/admin/refunds")
    assert "wait until the bank has decided" in listed.text
    assert f"/admin/refunds/{asked.key}/retry" not in listed.html
    sale.stripe.control.close_dispute(dispute, won=False)
    refunds.look_at_dispute(dispute, now=lambda: sale.at)
    assert sale.row(asked.id).state == "settled_by_hand"
    assert "Refund failed" not in desk.get("/admin/refunds").text


def test_the_member_sees_what_came_back_and_where_the_cash_is(sale: Sale, pages: PageClient) -> None:
    asked = sale.refund(unsent=1, reason="Sold out after all")
    pages.sign_in("mei@example.com")
    text = pages.get(f"/orders/{sale.number}").text
    for words in (
        "Refunding",
        "101 points came back",
        "¥10.01 goes back to the card",
        "10 points that this cash",
    ):
        assert words in text
    refunds.send(asked.id, now=lambda: sale.at)
    assert "¥10.01 given back" in pages.get(f"/orders/{sale.number}").text


def test_a_completed_order_tells_by_line_what_came_back(sale: Sale, pages: PageClient) -> None:
    sale.ship(3)
    assert sale.order.state == "completed"
    pages.sign_in("mei@example.com")
    assert "3 of 3" not in pages.get(f"/orders/{sale.number}").text
    sale.refund(returned=1)
    assert "1 of 3 came back" in pages.get(f"/orders/{sale.number}").text


def test_the_member_is_told_before_cancelling_that_cash_goes_back_to_the_card(
    sale: Sale, pages: PageClient
) -> None:
    pages.sign_in("mei@example.com")
    asked = pages.get(f"/orders/{sale.number}/cancel")
    for said in (
        "goes back to the card you paid with",
        "¥30.03",
        "303",
        "Valid until",
        "Taken from available",
    ):
        assert said in asked.text
    pages.post(f"/orders/{sale.number}/cancel", {"reason": "", "expect": asked.value("expect")}, status=303)
    assert (sale.order.state, sale.order.cash_back) == ("cancelled", 3_003)


def test_the_desks_cancelling_shows_the_cash_counts_against_the_days_limit_and_names_it(
    desk: PageClient, sale: Sale, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"/admin/orders/{sale.number}"
    assert "¥30.03 goes back to the card" in desk.get(url).text
    shown = desk.post(f"{url}/cancel", {"reason": "Too late"}, page=url, status=200, queries=STAFF_QUERIES)
    for said in (
        "303",
        "200",
        "¥30.03",
        "Valid until",
        "Taken from available points",
        "Kettle × 3",
        "to the shelf",
    ):
        assert said in shown.text, said
    fields = shown.fields(f"{url}/cancel")
    monkeypatch.setitem(rules.REFUND_AT_MOST, "service", (303, 30))
    refused = desk.post(f"{url}/cancel", fields, page=url, status=403)
    assert "more than you can give back within 24 hours" in refused.text
    assert sale.order.state == "paid"
    monkeypatch.setitem(rules.REFUND_AT_MOST, "service", (303, 31))
    for _ in range(2):  # a double click
        desk.post(f"{url}/cancel", fields, page=url, status=303)
    assert sale.order.state == "cancelled"
    assert "303 points are back, ¥30.03 is on its way to the card" in desk.get(url).text
    assert len(audit.trail(action="order.cancel")) == 1


def test_cash_that_a_bank_took_back_is_not_promised_once_more(desk: PageClient, sale: Sale) -> None:
    url = f"/admin/orders/{sale.number}"
    dispute = sale.stripe.control.dispute(payments.of_order(sale.id)[0].payment_intent or "")["id"]
    refunds.look_at_dispute(dispute, now=lambda: sale.at)
    text = desk.get(url).text
    assert "The payment is disputed" in text
    assert "goes back to the card" not in text
    desk.post(f"{url}/cancel", {"reason": "Too late"}, page=url, status=409)
    sale.stripe.control.close_dispute(dispute, won=False)
    refunds.look_at_dispute(dispute, now=lambda: sale.at)
    text = desk.get(url).text
    assert "The bank has taken cash back already" in text
    assert "goes back to the card" not in text
    shown = desk.post(f"{url}/cancel", {"reason": "Too late"}, page=url, status=200, queries=STAFF_QUERIES)
    assert "The bank has taken ¥30.03 back already" in shown.text
    assert "Cash to the card" not in shown.text
    desk.post(f"{url}/cancel", shown.fields(f"{url}/cancel"), page=url, status=303)
    assert (sale.order.state, sale.order.cash_back) == ("cancelled", 0)


def rows(page: Page) -> list[list[str]]:
    """The cells of the first table on the page, row by row."""
    table = next(page.root.iter("table"))
    return [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in table.iter("tr")]


def test_the_desk_reads_the_cash_of_each_line_where_there_is_any(desk: PageClient, sale: Sale) -> None:
    sale.refund(unsent=1)
    head, line, *sums = rows(desk.get(f"/admin/orders/{sale.number}"))
    assert (head[-2:], line[-2:]) == (["Points", "Cash"], ["303", "¥30.03"])
    assert sums == [["Paid", "303", "¥30.03"], ["Given back", "101", "¥10.01"]]
    with transaction():
        mug = make_item("Travel mug").variant_id
        give_points(sale.member.id, 1_000, at=sale.at)
    number = place_order(sale.member.id, (mug, 1), at=sale.at).number
    head, line, *sums = rows(desk.get(f"/admin/orders/{number}"))
    assert "Cancelled" not in head
    assert (head[-1], line[-1], sums) == ("Points", "1,000", [["Paid", "1,000"]])


def badges(page: Page) -> list[str]:
    """What the page says of how orders stand."""
    found = (e for e in page.root.iter("span") if "tag" in (e.get("class") or "").split())
    return ["".join(e.itertext()).strip() for e in found]


def test_an_order_of_which_a_part_came_back_says_so_wherever_it_stands(
    sale: Sale, pages: PageClient, sam: Member
) -> None:
    def everywhere(*expected: str) -> None:
        pages.sign_in("mei@example.com")
        for url in (f"/orders/{sale.number}", "/account/orders", "/account"):
            assert badges(pages.get(url)) == list(expected), url
        pages.client.delete_cookie("mall")
        pages.sign_in("sam@example.com")
        for url in (
            f"/admin/orders/{sale.number}",
            "/admin/orders?show=all",
            f"/admin/members/{sale.member.number}",
        ):
            assert [word for word in badges(pages.get(url)) if word in expected] == list(expected), url
        pages.client.delete_cookie("mall")

    everywhere("Paid")
    asked = sale.refund(unsent=1)
    everywhere("Paid", "Refunding")
    refunds.send(asked.id, now=lambda: sale.at)
    everywhere("Paid", "Part refunded")
    sale.ship(1)
    everywhere("Part shipped", "Part refunded")


def test_a_refund_that_stripe_does_not_answer_is_an_alert_after_an_hour(
    pages: PageClient, sale: Sale, lee: Member
) -> None:
    asked = sale.refund(unsent=1)
    sale.stripe.control.fault("timeout_before", path="/v1/refunds*", method="POST", times=None)
    with pytest.raises(Unknown):
        refunds.send(asked.id, now=lambda: sale.at)
    with time_machine.travel(sale.at + timedelta(minutes=59), tick=False):
        pages.sign_in(lee.email or "")
        assert "needs a person" not in pages.get("/admin").text
    with time_machine.travel(sale.at + timedelta(minutes=61), tick=False):
        assert "1 refund has had no answer for an hour" in pages.get("/admin").text
        listed = pages.get("/admin/trouble").text
        for said in (asked.key, sale.number, "10.01"):
            assert said in listed, said
        sale.stripe.control.clear_faults()
        refunds.send(asked.id, now=lambda: sale.at + timedelta(minutes=61))
        assert "All is well" in pages.get("/admin/trouble").text

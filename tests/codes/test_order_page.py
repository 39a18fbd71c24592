"""The order's page: codes on a press of the button, for their owner alone; wishes for services."""

import json
import logging
import re
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from mall.core.actor import SYSTEM
from mall.core.db import Base, db, transaction
from mall.core.ids import MemberId
from mall.domain.items.code_models import Code, CodeReveal
from mall.domain.members.models import Member
from mall.domain.orders import booking, queries
from mall.domain.orders.service import Delivery, Placed
from tests.support.codes_factory import add_codes, make_pool, secret
from tests.support.items_factory import make_item
from tests.support.mailbox import Mailbox
from tests.support.orders_factory import ADDRESS, NONE, give_points, place_order
from tests.support.pages import PageClient


@pytest.fixture
def order(app: Flask, mei: Member, at: datetime) -> Placed:
    """Two codes of Mei's."""
    with transaction():
        made = make_pool(3, at=at)
        give_points(MemberId(mei.id), 10_000, at=at)
    return place_order(MemberId(mei.id), (made.variant_id, 2), at=at, delivery=NONE)


def line_of(order: Placed) -> int:
    return queries.any_order(order.number, locale="en").lines[0].id


def address(order: Placed) -> str:
    return f"/orders/{order.number}/lines/{line_of(order)}/codes"


def shown(html: str) -> list[str]:
    return re.findall(r'<code class="code-shown"[^>]*>([^<]+)</code>', html)


def test_the_page_says_that_there_are_codes_and_does_not_show_them(
    pages: PageClient, mei: Member, order: Placed
) -> None:
    pages.sign_in(mei.email)
    page = pages.get(f"/orders/{order.number}")
    assert "Show 2 codes" in page.text
    assert "Codes ready" in page.text
    assert "Nobody has looked at it yet" in page.text
    assert not shown(page.html)


def test_a_press_of_the_button_shows_them_and_writes_it_down(
    pages: PageClient, mei: Member, order: Placed
) -> None:
    pages.sign_in(mei.email)
    page = pages.post(address(order), page=f"/orders/{order.number}", status=200)
    assert sorted(shown(page.html)) == [secret(0), secret(1)]
    assert page.response.headers["Cache-Control"] == "no-store"
    assert "Show 2 codes" not in page.text
    seen = db.session.scalars(sa.select(CodeReveal)).all()
    assert {(row.actor_kind, row.actor_id) for row in seen} == {("member", mei.id)}
    assert all(row.request for row in seen)
    again = pages.get(f"/orders/{order.number}")
    assert "You have looked at it before" in again.text
    assert not shown(again.html)


def test_htmx_gets_the_line_alone(pages: PageClient, mei: Member, order: Placed) -> None:
    pages.sign_in(mei.email)
    page = pages.post(
        address(order), page=f"/orders/{order.number}", status=200, headers={"HX-Request": "true"}
    )
    assert page.html.startswith('<div class="codes"')
    assert sorted(shown(page.html)) == [secret(0), secret(1)]


def test_a_pin_and_a_last_day_stand_beside_the_code(pages: PageClient, mei: Member, at: datetime) -> None:
    with transaction():
        made = make_pool(0, at=at)
        add_codes(
            made.variant_id, ["<b>CODE&1"], at=at, pin="4711", expires_at=at + timedelta(days=9, hours=12)
        )
        give_points(MemberId(mei.id), 10_000, at=at)
    placed = place_order(MemberId(mei.id), (made.variant_id, 1), at=at, delivery=NONE)
    pages.sign_in(mei.email)
    page = pages.post(address(placed), page=f"/orders/{placed.number}", status=200)
    assert "<b>CODE&1" in page.text
    assert "PIN 4711" in page.text
    assert "Good until Dec 1, 2026" in page.text


def test_without_a_token_nothing_is_shown(pages: PageClient, mei: Member, order: Placed) -> None:
    pages.sign_in(mei.email)
    for form in ({}, {"csrf_token": "guessed"}):
        answer = pages.client.post(address(order), data=form)
        assert answer.status_code == 419
    assert pages.client.get(address(order)).status_code == 303
    assert db.session.scalar(sa.select(sa.func.count()).select_from(CodeReveal)) == 0


def test_a_visitor_is_asked_to_sign_in(pages: PageClient, order: Placed) -> None:
    token = {"csrf_token": pages._token("/account/sign-in")}
    answer = pages.client.post(address(order), data=token)
    assert answer.status_code in (302, 303)
    assert "/account/sign-in" in answer.headers["Location"]


def test_another_member_finds_no_such_order(
    pages: PageClient, zoe: Member, order: Placed, at: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    with transaction():
        give_points(MemberId(zoe.id), 10_000, at=at)
        variant = db.session.scalars(sa.select(Code.variant_id)).first()
    theirs = place_order(MemberId(zoe.id), (variant or 0, 1), at=at, delivery=NONE)
    pages.sign_in(zoe.email)
    caplog.set_level(logging.WARNING)
    mine = line_of(order)
    for guess in (
        address(order),
        f"/orders/{theirs.number}/lines/{mine}/codes",
        f"/orders/{theirs.number}/lines/{mine + 10_000}/codes",
    ):
        page = pages.post(guess, page="/account/profile", status=404)
        assert not shown(page.html)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(CodeReveal)) == 0


def test_who_tries_one_after_the_other_is_stopped(pages: PageClient, zoe: Member) -> None:
    pages.sign_in(zoe.email)
    token = {"csrf_token": pages._token("/account/profile")}
    answers = [
        pages.client.post(f"/orders/R-0000-0000-0000/lines/{n}/codes", data=token).status_code
        for n in range(22)
    ]
    assert answers == [404] * 20 + [429] * 2


def everything_written() -> str:
    """Every row of every table but the ciphertexts, as text."""
    found = []
    for table in Base.metadata.sorted_tables:
        columns = [column for column in table.c if column.name not in ("ciphertext", "fingerprint")]
        found += [str(tuple(row)) for row in db.session.execute(sa.select(*columns))]
    return "\n".join(found)


def test_a_code_is_nowhere_but_in_its_owners_hands(
    pages: PageClient, mei: Member, ada: Member, order: Placed, mailbox: Mailbox, capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    """After an order, a look and a mail: no table, log, mail or other page holds a code."""
    caplog.set_level(logging.DEBUG)
    pages.sign_in(mei.email)
    pages.post(address(order), page=f"/orders/{order.number}", status=200)
    mails = mailbox.deliver()
    assert [mail.subject for mail in mails] == [
        f"We have your order {order.number}", f"Your codes of order {order.number} are ready",
    ]  # fmt: skip
    html = [
        pages.get(url).html
        for url in ("/", "/account", "/account/orders", "/account/messages", f"/orders/{order.number}")
    ]
    staff = PageClient(pages.client.application)
    staff.sign_in(ada.email)
    html += [staff.get(url).html for url in (f"/admin/orders/{order.number}", "/admin/audit", "/admin/items")]
    out, err = capfd.readouterr()
    everything = [everything_written(), out, err, caplog.text, *html]
    everything += [json.dumps([mail.body, [part[0] for part in mail.alternatives]]) for mail in mails]
    for text in everything:
        assert not re.search(r"GIFT-Q7ZK-\d{5}-XW9V", text)


@pytest.fixture
def massage(app: Flask, mei: Member, at: datetime) -> Placed:
    """A service of Mei's, not given yet."""
    with transaction():
        made = make_item("Massage", points=100, kind="service", stock=9)
        give_points(MemberId(mei.id), 10_000, at=at)
    return place_order(MemberId(mei.id), (made.variant_id, 1), at=at, delivery=NONE)


def wishing(order: Placed) -> str:
    return f"/orders/{order.number}/lines/{line_of(order)}/wish"


def test_a_wish_is_written_changed_and_answered(
    pages: PageClient, mei: Member, massage: Placed, at: datetime
) -> None:
    pages.sign_in(mei.email)
    where = f"/orders/{massage.number}"
    pages.post(wishing(massage), {"wish": "Saturday, if it can be", "day": "2026-12-05"}, page=where)
    pages.post(wishing(massage), {"wish": "Sunday\r\nplease <now>", "day": "2026-12-06"}, page=where)
    page = pages.get(where)
    assert "Sunday" in page.text
    assert "&lt;now&gt;" in page.html
    assert 'value="2026-12-06"' in page.html
    with transaction():
        booking.fulfil(massage.id, lines=None, answer="Sunday at ten, ask for Lan.", actor=SYSTEM, at=at)
    page = pages.get(where)
    assert "Our answer" in page.text
    assert "Sunday at ten, ask for Lan." in page.text
    assert "Completed" in page.text
    answer = pages.post(wishing(massage), {"wish": "Monday"}, page="/account/profile")
    assert answer.response.headers["Location"].endswith(where)
    assert "can no longer be changed" in pages.get(where).text


@pytest.mark.parametrize("bad", [{"day": "soon"}, {"wish": "x" * 501}], ids=["no day", "too long"])
def test_what_cannot_be_kept_is_said_and_kept_in_the_form(
    pages: PageClient, mei: Member, massage: Placed, bad: dict[str, str]
) -> None:
    pages.sign_in(mei.email)
    page = pages.post(wishing(massage), bad, page=f"/orders/{massage.number}", status=422)
    assert next(iter(bad.values())) in page.html


def test_another_member_wishes_nothing_here(pages: PageClient, zoe: Member, massage: Placed) -> None:
    pages.sign_in(zoe.email)
    pages.post(wishing(massage), {"wish": "mine"}, page="/account/profile", status=404)
    assert queries.any_order(massage.number, locale="en").lines[0].handed.wish == ""


def test_goods_and_codes_have_no_wish(pages: PageClient, mei: Member, order: Placed) -> None:
    pages.sign_in(mei.email)
    pages.post(wishing(order), {"wish": "x"}, page=f"/orders/{order.number}", status=404)


def test_pick_up_shows_a_code_for_the_counter(pages: PageClient, mei: Member, at: datetime) -> None:
    with transaction():
        cup = make_item("Cup", points=10)
        give_points(MemberId(mei.id), 1_000, at=at)
    here = place_order(MemberId(mei.id), (cup.variant_id, 1), at=at, delivery=Delivery("pickup"))
    sent = place_order(MemberId(mei.id), (cup.variant_id, 1), at=at, delivery=Delivery("standard", ADDRESS))
    pages.sign_in(mei.email)
    (code,) = shown(pages.get(f"/orders/{here.number}").html)
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{3}-[0-9A-HJKMNP-TV-Z]{3}", code)
    assert code not in here.number
    assert shown(pages.get(f"/orders/{here.number}").html) == [code]
    assert not shown(pages.get(f"/orders/{sent.number}").html)

"""The bar on top: all it says in one statement, none for a guest without a basket."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from flask import Flask, g
from flask_login import login_user, logout_user

from mall.core import clock
from mall.core.db import db, transaction
from mall.domain.members import queries as members
from mall.domain.members.models import Member
from mall.domain.notifications import service as notifications
from mall.web.header import Header, header
from tests.support.items_factory import make_item
from tests.support.orders_factory import fill_basket, give_points
from tests.support.pages import PageClient

SOON = timedelta(days=20)


def of(app: Flask, member: Member) -> Header:
    """The header of a request of this member's."""
    with app.test_request_context("/"):
        person = members.signed_in(member.fs_uniquifier)
        login_user(person)
        try:
            return header()
        finally:
            logout_user()
            g.pop("mall_header")  # a test's requests share `g` with the test


def test_a_guest_costs_no_statement(app: Flask, count_queries: list[str]) -> None:
    with app.test_request_context("/"):
        assert header() == Header()
    assert count_queries == []


def test_a_member_sees_balance_expiry_basket_and_messages_in_one_statement(
    app: Flask, mei: Member, zoe: Member, count_queries: list[str]
) -> None:
    now = clock.now()
    with transaction():
        give_points(mei.id, 500, at=now, expires_at=now + SOON)
        give_points(mei.id, 1_000, at=now, expires_at=now + 10 * SOON)
        give_points(zoe.id, 77, at=now, expires_at=now + SOON)
        cup = make_item("Cup", points=100)
        fill_basket(mei.id, (cup.variant_id, 3), at=now)
        for n in (1, 2):
            notifications.tell(mei.id, "order.placed", {"number": "R-1"}, at=now, message_id=n)
    with app.test_request_context("/"):
        login_user(members.signed_in(mei.fs_uniquifier))
        count_queries.clear()
        seen = header()
        assert header() is seen
        assert len(count_queries) == 1
        with transaction():
            give_points(mei.id, 7, at=now, expires_at=None)
        assert header().balance == 1_507
        logout_user()
        g.pop("mall_header")
    assert (seen.balance, seen.expiring_points, seen.basket_count, seen.unread) == (1_500, 500, 3, 2)
    assert seen.expiring_on is not None
    assert abs(seen.expiring_on - (now + SOON)) < timedelta(seconds=1)
    assert of(app, zoe).balance == 77


def test_what_has_expired_since_is_not_in_the_balance(app: Flask, mei: Member) -> None:
    long_ago = datetime(2026, 1, 10, tzinfo=UTC)
    with transaction():
        give_points(mei.id, 500, at=long_ago, expires_at=long_ago + SOON)
        give_points(mei.id, 40, at=long_ago, expires_at=None)
    seen = of(app, mei)
    assert (seen.balance, seen.expiring_points, seen.expiring_on) == (40, None, None)


def test_somebody_without_an_account_has_a_header_all_the_same(app: Flask, ivy: Member) -> None:
    with transaction() as session:
        session.execute(sa.text("DELETE FROM account WHERE member_id = :m"), {"m": ivy.id})
    seen = of(app, ivy)
    assert seen.balance == 0
    assert seen.is_staff


def test_a_fragment_does_not_ask_for_it(pages: PageClient, mei: Member) -> None:
    pages.sign_in(mei.email)
    whole = pages.get("/account/messages")
    seen = []
    engine = db.engine.engine

    def note(_c: object, _cur: object, statement: str, *_: object) -> None:
        seen.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    pages.client.get("/account/messages?before=5", headers={"HX-Request": "true"})
    sa.event.remove(engine, "before_cursor_execute", note)
    reads = [s for s in seen if s.startswith("SELECT")]
    assert len(reads) == len(whole.queries) - 1


def test_the_menu_leads_to_the_messages_and_says_how_many_are_new(pages: PageClient, mei: Member) -> None:
    pages.sign_in(mei.email)
    assert "/account/messages" in pages.get("/").links()
    with transaction():
        notifications.tell(mei.id, "order.shipped", {"number": "R-1"}, at=datetime.now(UTC), message_id=1)
    menu = next(e for e in pages.get("/").root.iter("a") if e.get("href") == "/account/messages")
    assert "1 new message" in "".join(menu.itertext())

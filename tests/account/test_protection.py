"""What stands between a stranger and an account: limits, tokens, headers, and mail that really arrives."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from mall.account.joining import join
from mall.core import clock
from mall.core.db import db, transaction
from mall.domain.ledger.models import Account
from mall.domain.members import service
from mall.domain.members.models import Member
from mall.domain.orders import basket
from tests.account.test_two_step import totp
from tests.support.items_factory import make_item
from tests.support.mailbox import Mailbox
from tests.support.pages import PageClient

PASSWORD = "mall-demo-2026"


def test_guessing_a_password_is_stopped_wherever_it_comes_from(pages: PageClient, mei: Member) -> None:
    token = pages.get("/account/sign-in").value("csrf_token")

    def attempt(n: int, password: str) -> int:
        form = {"csrf_token": token, "email": mei.email, "password": password}
        address = {"REMOTE_ADDR": f"203.0.113.{n}"}
        return pages.client.post("/account/sign-in", data=form, environ_base=address).status_code

    assert [attempt(n, "wrong") for n in range(31)] == [422] * 30 + [429]
    assert attempt(99, PASSWORD) == 429


def test_one_place_cannot_try_many_accounts(pages: PageClient) -> None:
    token = pages.get("/account/sign-in").value("csrf_token")
    seen = [
        pages.client.post(
            "/account/sign-in", data={"csrf_token": token, "email": f"a{n}@example.com", "password": "x"}
        ).status_code
        for n in range(21)
    ]
    assert seen == [422] * 20 + [429]


def test_reset_mails_cannot_be_poured_over_somebody(pages: PageClient, mei: Member, mailbox: Mailbox) -> None:
    token = pages.get("/account/reset").value("csrf_token")
    seen = [
        pages.client.post(
            "/account/reset",
            data={"csrf_token": token, "email": mei.email},
            environ_base={"REMOTE_ADDR": f"203.0.113.{n}"},
        ).status_code
        for n in range(5)
    ]
    assert seen == [303] * 3 + [429] * 2
    mailbox.deliver()
    assert len(mailbox.to(mei.email)) == 3


@pytest.mark.parametrize(
    "path",
    [
        "/account/sign-in",
        "/account/sign-up",
        "/account/sign-out",
        "/account/reset",
        "/account/confirm",
        "/account/verify",
        "/account/profile",
        "/account/addresses/new",
        "/account/addresses/1/delete",
        "/account/security/password",
        "/account/security/two-step",
        "/account/security/two-step/off",
        "/account/security/recovery-codes",
        "/account/security/sign-out-everywhere",
    ],
)
def test_no_form_is_accepted_without_its_token(pages: PageClient, mei: Member, path: str) -> None:
    if path not in {"/account/sign-in", "/account/sign-up", "/account/reset", "/account/confirm"}:
        pages.sign_in(mei.email)
    assert pages.client.post(path, data={"email": mei.email, "password": PASSWORD}).status_code == 419


def test_every_page_of_the_account_asks_a_visitor_to_sign_in(app: Flask, pages: PageClient) -> None:
    open_to_all = {
        "sign_in", "sign_up", "sign_out", "sign_in_code", "ask_to_reset", "reset", "set_up", "check_mail",
        "ask_to_confirm", "confirm",
    }  # fmt: skip
    asked = 0
    for rule in app.url_map.iter_rules():
        room, _, name = rule.endpoint.partition(".")
        if room == "account" and name not in open_to_all and "GET" in (rule.methods or set()):
            url = re.sub(r"<[^>]+>", "1", rule.rule)
            answer = pages.client.get(url)
            assert answer.headers.get("Location", "").startswith("/account/sign-in?next="), rule.rule
            asked += 1
    assert asked >= 10


def test_the_session_cookie_is_out_of_reach_of_scripts_and_of_other_sites(
    pages: PageClient, mei: Member
) -> None:
    token = pages.get("/account/sign-in").value("csrf_token")
    form = {"csrf_token": token, "email": mei.email, "password": PASSWORD, "remember": "y"}
    cookies = pages.client.post("/account/sign-in", data=form).headers.getlist("Set-Cookie")
    assert len(cookies) == 2
    assert all("HttpOnly" in cookie and "SameSite=Lax" in cookie for cookie in cookies)


def test_a_visit_before_signing_in_leaves_nothing_in_the_session(pages: PageClient, mei: Member) -> None:
    """Whoever put a session into somebody's browser knows nothing of it after they signed in."""
    with pages.client.session_transaction() as planted:
        planted["planted"] = "x"
        planted["csrf_token"] = "known"
    before = pages.get("/account/sign-in").value("csrf_token")
    pages.post("/account/sign-in", {"csrf_token": before, "email": mei.email, "password": PASSWORD})
    with pages.client.session_transaction() as now:
        assert "planted" not in now
        assert now.get("csrf_token") != "known"


def test_a_blocked_member_is_told_nothing_and_put_out(pages: PageClient, mei: Member) -> None:
    pages.sign_in(mei.email)
    with transaction():
        service.find(mei.id).active = False
    assert pages.client.get("/account").status_code == 303
    refused = pages.post("/account/sign-in", {"email": mei.email, "password": PASSWORD}, status=422)
    assert "The e-mail address or the password is not right." in refused.text


def test_the_whole_way_in_through_mails_that_were_really_sent(pages: PageClient, mailbox: Mailbox) -> None:
    pages.post(
        "/account/sign-up", {"name": "诺拉", "email": "nora@example.com", "password": "three quiet rivers"}
    )
    [mail] = mailbox.deliver()
    assert mail.subject == "Please confirm your e-mail address"
    link = re.search(r"http://127\.0\.0\.1:8000(/account/confirm/\S+)", str(mail.body))
    assert link
    pages.post(link.group(1), {"password": "three quiet rivers"})
    pages.post("/account/reset", {"email": "nora@example.com"})
    mailbox.deliver()
    link = re.search(r"http://127\.0\.0\.1:8000(/account/reset/\S+)", str(mailbox.mails[-1].body))
    assert link
    pages.post(link.group(1), {"password": "four calm oceans"})
    pages.sign_in("nora@example.com", "four calm oceans")
    assert "诺拉" in pages.get("/account").text


def test_a_password_is_hashed_at_todays_cost_when_it_is_next_given(pages: PageClient, mei: Member) -> None:
    from argon2 import PasswordHasher

    old = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(PASSWORD)
    with transaction():
        service.renew_hash(mei.id, old)
    pages.sign_in(mei.email)
    db.session.expire_all()
    renewed = db.session.scalars(sa.select(Member.password).where(Member.id == mei.id)).one()
    assert renewed != old
    assert "m=8,t=1,p=1" in str(renewed)


@pytest.mark.races
def test_two_that_sign_up_with_one_address_at_once_make_one_member(fresh_app: Flask) -> None:
    """And of more than may in an hour, all that are too many are refused, however close they come."""

    def sign_up(n: int) -> int:
        browser = PageClient(fresh_app)
        page = browser.client.get("/account/sign-up").get_data(as_text=True)
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert token
        form = {
            "csrf_token": token.group(1),
            "name": f"N{n}",
            "email": "n@example.com",
            "password": "three quiet rivers",
        }
        return browser.client.post("/account/sign-up", data=form).status_code

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(sign_up, range(8))) == [303] * 3 + [429] * 5
    with fresh_app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Member)) == 1
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Account)) == 1


@pytest.mark.races
def test_one_code_sent_by_many_at_once_lets_one_in(fresh_app: Flask) -> None:
    noon = datetime(2026, 11, 22, 4, 0, 3, tzinfo=UTC)
    with time_machine.travel(noon, tick=False) as traveller:
        with fresh_app.app_context(), transaction():
            join(
                email="ivy@example.com",
                name="Ivy",
                password=PASSWORD,
                language="en",
                confirmed=True,
                at=clock.now(),
            )
        first = PageClient(fresh_app)
        form = {"email": "ivy@example.com", "password": PASSWORD}
        with fresh_app.app_context():
            first.post("/account/sign-in", form)
            shown = first.client.get("/account/security/two-step").get_data(as_text=True)
            key = re.search(r'<code class="key">([^<]+)</code>', shown)
            assert key
            first.post("/account/security/two-step", {"code": totp(key.group(1), noon.timestamp())})
            traveller.shift(timedelta(minutes=1))
            waiting = []
            for _ in range(6):
                browser = PageClient(fresh_app)
                browser.post("/account/sign-in", form)
                token = re.search(
                    r'name="csrf_token"[^>]*value="([^"]+)"',
                    browser.client.get("/account/sign-in/code").get_data(as_text=True),
                )
                assert token
                waiting.append((browser, token.group(1)))
        code = totp(key.group(1), clock.now().timestamp())

        def enter(one: tuple[PageClient, str]) -> int:
            return (
                one[0]
                .client.post("/account/sign-in/code", data={"csrf_token": one[1], "code": code})
                .status_code
            )

        with ThreadPoolExecutor(6) as pool:
            assert sorted(pool.map(enter, waiting)) == [303] + [422] * 5


def test_without_the_lock_the_same_code_would_be_right_for_two(fresh_app: Flask) -> None:
    """The negative control: both look at the member before either has written, and both accept the code."""
    from flask_security.proxies import _security

    noon = datetime(2026, 11, 22, 4, 0, 3, tzinfo=UTC)
    with time_machine.travel(noon, tick=False), fresh_app.app_context():
        secret = _security.totp_factory.generate_totp_secret()
        with transaction():
            member_id = join(email="ivy@example.com", name="Ivy", language="en", at=noon).id
            service.find(member_id).tf_totp_secret = secret
        code = totp(_security.totp_factory.get_totp_pretty_key(secret), noon.timestamp())
        accepted = []
        for _ in range(2):
            db.session.expire_all()
            looked_at = service.find(member_id)
            accepted.append(_security.totp_factory.verify_totp(code, secret, looked_at))
            db.session.expunge_all()
        assert accepted == [True, True]


def test_what_a_guest_put_into_the_basket_is_the_members_after_signing_in(
    pages: PageClient, mei: Member
) -> None:
    with transaction():
        made = make_item(points=300, stock=5)
        basket.add(basket.Owner(token="guest-token"), made.variant_id, 2, at=clock.now())
    with pages.client.session_transaction() as session:
        session["basket"] = "guest-token"
    pages.sign_in(mei.email)
    assert basket.find(basket.Owner(token="guest-token")) is None
    assert basket.find(basket.Owner(member=mei.id)) is not None
    assert pages.get("/account").root.find(".//*[@id='basket-link']").get("aria-label") == "Basket, 2 items"


def test_the_sections_of_the_account_lead_to_pages_that_exist(pages: PageClient, mei: Member) -> None:
    pages.sign_in(mei.email)
    nav = next(e for e in pages.get("/account").root.iter("nav") if e.get("class") == "account-nav")
    links = [a.get("href", "") for a in nav.iter("a")]
    assert len(links) >= 6
    for link in links:
        pages.get(link)

"""Passwords: forgotten and changed."""

from datetime import timedelta

import pytest
import time_machine

from mall.core import clock
from mall.domain.members.models import Member
from tests.support.members_factory import link_in, mails_to
from tests.support.pages import PageClient

NEW = "a lamp and two books"


def ask(pages: PageClient, email: str) -> str:
    pages.post("/account/reset", {"email": email})
    return link_in(mails_to(email)[-1])


def test_a_forgotten_password_is_replaced_through_the_mail(pages: PageClient, mei: Member) -> None:
    link = ask(pages, mei.email)
    assert mei.email in pages.get(link).text
    pages.post(link, {"password": NEW})
    pages.sign_in(mei.email, NEW)
    assert "Mei" in pages.get("/account").text
    assert mails_to(mei.email)[-1]["subject"] == "Your password was changed"


def test_the_old_password_no_longer_works(pages: PageClient, mei: Member) -> None:
    pages.post(ask(pages, mei.email), {"password": NEW})
    pages.post("/account/sign-in", {"email": mei.email, "password": "mall-demo-2026"}, status=422)


def test_a_reset_link_works_once(pages: PageClient, mei: Member) -> None:
    link = ask(pages, mei.email)
    pages.post(link, {"password": NEW})
    pages.get(link, status=410)


def test_a_reset_link_works_for_two_hours(pages: PageClient, mei: Member) -> None:
    link = ask(pages, mei.email)
    with time_machine.travel(clock.now() + timedelta(hours=2, seconds=5), tick=False):
        pages.get(link, status=410)


def test_a_reset_ends_every_session(app: object, pages: PageClient, mei: Member) -> None:
    elsewhere = PageClient(app)
    elsewhere.sign_in(mei.email)
    pages.post(ask(pages, mei.email), {"password": NEW})
    assert elsewhere.client.get("/account").status_code == 303


def test_an_unknown_address_gets_the_same_answer(pages: PageClient, mei: Member) -> None:
    known = pages.post("/account/reset", {"email": mei.email})
    unknown = pages.post("/account/reset", {"email": "nobody@example.com"})
    assert (known.status, known.html) == (unknown.status, unknown.html)
    assert mails_to("nobody@example.com") == []


@pytest.mark.parametrize("password", ["short", "1234567890", "mei@example.com"])
def test_a_weak_new_password_is_refused_and_the_link_still_works(
    pages: PageClient, mei: Member, password: str
) -> None:
    link = ask(pages, mei.email)
    pages.post(link, {"password": password}, status=422)
    pages.post(link, {"password": NEW})


def test_a_member_changes_their_password_and_stays_signed_in(
    app: object, pages: PageClient, mei: Member
) -> None:
    elsewhere = PageClient(app)
    elsewhere.sign_in(mei.email)
    pages.sign_in(mei.email)
    pages.post("/account/security/password", {"current": "mall-demo-2026", "password": NEW})
    assert "signed out everywhere else" in pages.get("/account/security").text
    assert elsewhere.client.get("/account").status_code == 303
    elsewhere.sign_in(mei.email, NEW)


def test_changing_the_password_takes_the_present_one(pages: PageClient, mei: Member) -> None:
    pages.sign_in(mei.email)
    refused = pages.post("/account/security/password", {"current": "wrong", "password": NEW}, status=422)
    assert "That is not your password." in refused.text


def test_signing_out_everywhere_spares_this_session(app: object, pages: PageClient, mei: Member) -> None:
    elsewhere = PageClient(app)
    elsewhere.sign_in(mei.email)
    pages.sign_in(mei.email)
    pages.post("/account/security/sign-out-everywhere", page="/account/security")
    pages.get("/account")
    assert elsewhere.client.get("/account").status_code == 303


def test_a_remembered_device_stays_signed_in_and_a_reset_ends_that_too(
    app: object, pages: PageClient, mei: Member
) -> None:
    pages.post("/account/sign-in", {"email": mei.email, "password": "mall-demo-2026", "remember": "y"})
    pages.client.delete_cookie("mall")
    pages.get("/account")
    other = PageClient(app)
    other.post(ask(other, mei.email), {"password": NEW})
    pages.client.delete_cookie("mall")
    assert pages.client.get("/account").status_code == 303

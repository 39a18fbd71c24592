"""Where the password must have been given a short while ago: nothing but the password counts as that."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask

from mall.domain.members.models import Member
from tests.account.test_two_step import turn_on
from tests.support.pages import PageClient

PASSWORD = "mall-demo-2026"
NOON = datetime(2026, 11, 22, 4, 0, 3, tzinfo=UTC)
GUARDED = ("/account/security/two-step", "/account/security/recovery-codes")


def remembered(app: Flask, member: Member) -> PageClient:
    """A browser that has nothing of the member but the cookie of a remembered device."""
    owner = PageClient(app)
    owner.post("/account/sign-in", {"email": member.email, "password": PASSWORD, "remember": "y"})
    owner.client.delete_cookie("mall")
    owner.get("/account")
    return owner


def asks_for_password(browser: PageClient, path: str) -> bool:
    location = browser.client.get(path).headers.get("Location", "")
    return location == f"/account/verify?next={path}"


def test_ending_the_other_sessions_does_not_count_as_the_password(app: Flask, ivy: Member) -> None:
    """A remembered device's cookie alone could put its own two-step sign-in in place of nothing."""
    thief = remembered(app, ivy)
    answer = thief.post("/account/security/sign-out-everywhere", page="/account/security")
    assert answer.response.headers["Location"] == "/account/verify?next=/account/security"
    assert all(asks_for_password(thief, path) for path in GUARDED)


def test_a_remembered_device_cannot_put_its_owner_out_nor_turn_two_step_off(app: Flask, ivy: Member) -> None:
    owner = PageClient(app)
    owner.sign_in(ivy.email)
    thief = remembered(app, ivy)
    turn_on(owner)
    for deed in ("sign-out-everywhere", "two-step/off"):
        thief.post(f"/account/security/{deed}", page="/account/security")
    assert "Turn off" in owner.get("/account/security").text


def test_with_the_password_the_other_sessions_end(app: Flask, ivy: Member) -> None:
    elsewhere, here = PageClient(app), remembered(app, ivy)
    elsewhere.sign_in(ivy.email)
    here.post("/account/verify", {"password": PASSWORD, "next": "/account/security"})
    here.post("/account/security/sign-out-everywhere", page="/account/security")
    here.get("/account")
    assert elsewhere.client.get("/account").status_code == 303


@pytest.mark.parametrize("staff", [False, True])
def test_ending_the_other_sessions_keeps_the_time_when_the_password_was_given(
    pages: PageClient, ivy: Member, sam: Member, staff: bool
) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        pages.sign_in((sam if staff else ivy).email)
        clock.shift(timedelta(minutes=20))
        pages.post("/account/security/sign-out-everywhere", page="/account/security")
        pages.get(GUARDED[0])
        clock.shift(timedelta(minutes=11))
        assert asks_for_password(pages, GUARDED[0])


def test_changing_the_password_gives_it(pages: PageClient, ivy: Member) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        pages.sign_in(ivy.email)
        clock.shift(timedelta(minutes=31))
        new = {"current": PASSWORD, "password": "a lamp and two books"}
        pages.post("/account/security/password", new)
        pages.get(GUARDED[0])


def test_one_members_password_does_not_count_for_another(app: Flask, mei: Member, ivy: Member) -> None:
    """One's own session, ended from elsewhere, and a remembered device's cookie of somebody else."""
    thief, elsewhere = PageClient(app), PageClient(app)
    thief.sign_in(mei.email)
    elsewhere.sign_in(mei.email)
    elsewhere.post("/account/security/sign-out-everywhere", page="/account/security")
    cookie = remembered(app, ivy).client.get_cookie("mall_remember")
    assert cookie is not None
    thief.client.set_cookie("mall_remember", cookie.value)
    assert "ivy@example.com" in thief.get("/account/security").text
    assert all(asks_for_password(thief, path) for path in GUARDED)

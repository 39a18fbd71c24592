"""Two-step sign-in, with real codes (RFC 6238) made by a second implementation of our own."""

import base64
import hashlib
import hmac
import re
import struct
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask

from mall.domain.members.models import Member
from tests.support.members_factory import mails_to
from tests.support.pages import Page, PageClient

NOON = datetime(2026, 11, 22, 4, 0, 3, tzinfo=UTC)


def totp(key: str, at: float) -> str:
    """The six digits at that time: HMAC-SHA-1 over the half-minute, truncated (RFC 4226, 5.3)."""
    secret = base64.b32decode(key.replace("-", "").replace(" ", "") + "=" * (-len(key.replace("-", "")) % 8))
    digest = hmac.new(secret, struct.pack(">Q", int(at) // 30), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def test_our_codes_are_those_of_the_standard() -> None:
    """RFC 6238, appendix B: the secret of its table, 59 seconds after the epoch, last six digits."""
    assert totp(base64.b32encode(b"12345678901234567890").decode(), 59) == "287082"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def key_on(page: Page) -> str:
    found = re.search(r'<code class="key">([^<]+)</code>', page.html)
    assert found
    return found.group(1)


def turn_on(pages: PageClient) -> tuple[str, list[str]]:
    """Turn it on; the key and the recovery codes."""
    key = key_on(pages.get("/account/security/two-step"))
    pages.post("/account/security/two-step", {"code": totp(key, time.time())})
    codes = re.findall(r"<li><code>([^<]+)</code></li>", pages.get("/account/security/recovery-codes").html)
    assert len(codes) == 8
    return key, codes


def first_step(app: Flask, member: Member) -> PageClient:
    """A browser in which the password was given."""
    browser = PageClient(app)
    answer = browser.post("/account/sign-in", {"email": member.email, "password": "mall-demo-2026"})
    assert answer.response.headers["Location"] == "/account/sign-in/code"
    return browser


def test_a_code_from_the_app_lets_in(
    app: Flask, pages: PageClient, ivy: Member, clock: time_machine.Traveller
) -> None:
    pages.sign_in(ivy.email)
    key, _ = turn_on(pages)
    clock.shift(timedelta(seconds=30))
    browser = first_step(app, ivy)
    assert browser.client.get("/account").status_code == 303
    browser.post("/account/sign-in/code", {"code": totp(key, time.time())})
    browser.get("/account")


def test_a_code_is_accepted_once(
    app: Flask, pages: PageClient, ivy: Member, clock: time_machine.Traveller
) -> None:
    pages.sign_in(ivy.email)
    key, _ = turn_on(pages)
    clock.shift(timedelta(seconds=30))
    code = totp(key, time.time())
    first_step(app, ivy).post("/account/sign-in/code", {"code": code})
    refused = first_step(app, ivy).post("/account/sign-in/code", {"code": code}, status=422)
    assert "used already" in refused.text


def test_the_code_that_turned_it_on_does_not_sign_in(
    app: Flask, pages: PageClient, ivy: Member, clock: time_machine.Traveller
) -> None:
    pages.sign_in(ivy.email)
    key, _ = turn_on(pages)
    first_step(app, ivy).post("/account/sign-in/code", {"code": totp(key, time.time())}, status=422)


@pytest.mark.parametrize(("late", "status"), [(29, 303), (-29, 303), (120, 422), (-120, 422)])
def test_a_phones_clock_may_be_off_by_half_a_minute(
    app: Flask, pages: PageClient, ivy: Member, clock: time_machine.Traveller, late: int, status: int
) -> None:
    pages.sign_in(ivy.email)
    key, _ = turn_on(pages)
    clock.shift(timedelta(minutes=10))
    browser = first_step(app, ivy)
    browser.post("/account/sign-in/code", {"code": totp(key, time.time() + late)}, status=status)


def test_a_recovery_code_lets_in_once(
    app: Flask, pages: PageClient, ivy: Member, clock: time_machine.Traveller
) -> None:
    pages.sign_in(ivy.email)
    _, codes = turn_on(pages)
    browser = first_step(app, ivy)
    browser.post("/account/sign-in/code", {"code": codes[0].upper()})
    assert "7 are left" in browser.get("/account").text
    first_step(app, ivy).post("/account/sign-in/code", {"code": codes[0]}, status=422)


def test_new_recovery_codes_end_the_old_ones(
    app: Flask, pages: PageClient, ivy: Member, clock: time_machine.Traveller
) -> None:
    pages.sign_in(ivy.email)
    _, codes = turn_on(pages)
    pages.post("/account/security/recovery-codes")
    first_step(app, ivy).post("/account/sign-in/code", {"code": codes[0]}, status=422)


def test_a_wrong_code_turns_nothing_on(pages: PageClient, ivy: Member) -> None:
    pages.sign_in(ivy.email)
    key = key_on(pages.get("/account/security/two-step"))
    wrong = f"{(int(totp(key, time.time())) + 1) % 1_000_000:06d}"
    refused = pages.post("/account/security/two-step", {"code": wrong}, status=422)
    assert key_on(refused) == key
    assert "Off" in pages.get("/account/security").text


@pytest.mark.parametrize("code", ["", "１２３４５６", "12345", "1234567", "abc", "' OR 1=1 --", "0" * 21])
def test_what_is_not_a_code_is_refused(pages: PageClient, ivy: Member, code: str) -> None:
    pages.sign_in(ivy.email)
    pages.post("/account/security/two-step", {"code": code}, status=422)


def test_turning_it_off_lets_the_password_alone_in_and_says_so_by_mail(
    app: Flask, pages: PageClient, ivy: Member, clock: time_machine.Traveller
) -> None:
    pages.sign_in(ivy.email)
    turn_on(pages)
    pages.post("/account/security/two-step/off", page="/account/security")
    PageClient(app).sign_in(ivy.email)
    assert [mail["subject"] for mail in mails_to(ivy.email)] == [
        "Two-step sign-in is on",
        "Two-step sign-in was turned off",
    ]


def test_the_password_is_asked_for_again_after_half_an_hour(
    pages: PageClient, ivy: Member, clock: time_machine.Traveller
) -> None:
    pages.sign_in(ivy.email)
    clock.shift(timedelta(minutes=31))
    sent = pages.client.get("/account/security/two-step")
    assert sent.headers["Location"] == "/account/verify?next=/account/security/two-step"
    pages.post("/account/verify", {"password": "not this"}, status=422)
    done = pages.post("/account/verify", {"password": "mall-demo-2026", "next": "/account/security/two-step"})
    assert done.response.headers["Location"] == "/account/security/two-step"
    pages.get("/account/security/two-step")


def test_nobody_reaches_the_second_step_without_the_first(pages: PageClient) -> None:
    assert pages.client.get("/account/sign-in/code").headers["Location"] == "/account/sign-in"


def test_the_second_step_waits_ten_minutes(
    app: Flask, pages: PageClient, ivy: Member, clock: time_machine.Traveller
) -> None:
    pages.sign_in(ivy.email)
    key, _ = turn_on(pages)
    browser = first_step(app, ivy)
    token = browser.get("/account/sign-in/code").value("csrf_token")
    clock.shift(timedelta(minutes=11))
    answer = browser.client.post(
        "/account/sign-in/code", data={"csrf_token": token, "code": totp(key, time.time())}
    )
    assert answer.headers["Location"] == "/account/sign-in"


def test_guessing_codes_is_stopped_for_the_member_wherever_it_comes_from(
    app: Flask, pages: PageClient, ivy: Member, clock: time_machine.Traveller
) -> None:
    pages.sign_in(ivy.email)
    key, _ = turn_on(pages)
    clock.shift(timedelta(seconds=60))
    browser = first_step(app, ivy)
    token = browser.get("/account/sign-in/code").value("csrf_token")
    seen = [
        browser.client.post(
            "/account/sign-in/code",
            data={"csrf_token": token, "code": f"{n:06d}"},
            environ_base={"REMOTE_ADDR": f"203.0.113.{n}"},
        ).status_code
        for n in range(9)
    ]
    assert seen == [422] * 8 + [429]
    pages.post("/account/security/sign-out-everywhere", page="/account/security")
    browser = first_step(app, ivy)
    token = browser.get("/account/sign-in/code").value("csrf_token")
    last = browser.client.post(
        "/account/sign-in/code", data={"csrf_token": token, "code": totp(key, time.time())}
    )
    assert last.status_code == 429

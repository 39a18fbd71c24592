"""Rate limits, really hit: a page that says so, when to come back, and nobody else is stopped."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from mall.domain.members.models import Member
from mall.web import limits
from mall.web.counting import SweptMemory
from tests.support.pages import PageClient

WRONG = {"email": "mei@example.com", "password": "not-her-password"}


def tried(pages: PageClient, times: int, **changes: str) -> int:
    """The status of the last of so many wrong sign-ins."""
    token = pages.get("/account/sign-in").value("csrf_token")
    status = 0
    for _ in range(times):
        form = {**WRONG, **changes, "csrf_token": token}
        status = pages.client.post("/account/sign-in", data=form).status_code
    return status


def test_guessing_one_accounts_password_ends_after_ten_tries(pages: PageClient, mei: Member) -> None:
    assert tried(pages, 10) == 422
    page = pages.post("/account/sign-in", WRONG, status=429)
    assert int(page.response.headers["Retry-After"]) > 0
    assert "Too many tries" in page.h1


def test_the_limit_is_the_accounts_wherever_the_guesses_come_from(app: Flask, mei: Member) -> None:
    for n in range(30):
        pages = PageClient(app)
        pages.client.environ_base["REMOTE_ADDR"] = f"203.0.113.{n}"
        assert tried(pages, 1) == 422
    pages = PageClient(app)
    pages.client.environ_base["REMOTE_ADDR"] = "203.0.113.200"
    assert tried(pages, 1) == 429
    assert tried(pages, 1, email="MEI@example.com ") == 429
    assert tried(pages, 1, email="ben@example.com") == 422


def test_one_address_does_not_shut_the_owner_of_an_account_out(app: Flask, mei: Member) -> None:
    thief = PageClient(app)
    thief.client.environ_base["REMOTE_ADDR"] = "203.0.113.66"
    with time_machine.travel("2026-11-22T04:00:03+00:00", tick=False) as clock:
        assert tried(thief, 11) == 429
        clock.shift(timedelta(minutes=16))
        assert tried(thief, 10) == 422
        assert tried(thief, 1) == 429
        clock.shift(timedelta(minutes=16))
        assert tried(thief, 1) == 429, "twenty in an hour"
        owner = PageClient(app)
        owner.sign_in(mei.email)
        owner.get("/account")


def counted() -> dict[str, int]:
    """What is counted so far, of everybody."""
    storage = limits.limiter.storage
    assert isinstance(storage, SweptMemory)
    return {key: len(events) for key, events in storage.events.items() if events}


@pytest.mark.parametrize(
    ("path", "most", "form"),
    [
        ("/account/sign-in", 20, {"password": "not-hers"}),
        ("/account/reset", 10, {}),
        ("/account/confirm", 10, {}),
        ("/account/sign-up", 10, {"name": "Nora", "password": "three quiet rivers"}),
    ],
)
def test_an_address_that_is_refused_uses_nothing_up(
    pages: PageClient, path: str, most: int, form: dict[str, str]
) -> None:
    """What it is counted for in the end is the accounts' whose addresses it types."""
    form = {**form, "csrf_token": pages.get(path).value("csrf_token")}

    def status(email: str) -> int:
        return pages.client.post(path, data={**form, "email": email}).status_code

    assert 429 not in [status(f"someone{n}@example.com") for n in range(most)]
    before = counted()
    assert {status("mei@example.com") for _ in range(3)} == {429}
    assert counted() == before


def test_an_address_that_is_refused_by_the_hour_uses_nothing_up_either(
    pages: PageClient, mei: Member
) -> None:
    with time_machine.travel("2026-11-22T04:00:03+00:00", tick=False) as clock:
        for n in range(5):
            clock.shift(timedelta(minutes=2))
            assert {tried(pages, 1, email=f"some{n}-{k}@example.com") for k in range(20)} == {422}
        clock.shift(timedelta(minutes=2))
        assert tried(pages, 3) == 429
        tries = sum(n for key, n in counted().items() if "sign-in-account" in key)
        assert tries == 2 * 100, "each counted for the quarter and for the hour"


def test_no_route_has_limits_that_are_counted_together(app: Flask) -> None:
    """`in_turn` is the way: the library counts those that are stacked in an order of its own."""
    stacked = limits.limiter.limit_manager._decorated_limits
    assert len(stacked) > 10
    assert [name for name, several in stacked.items() if len(several) > 1] == []


def test_guessing_many_accounts_from_one_place_ends_too(pages: PageClient) -> None:
    statuses = {tried(pages, 1, email=f"someone{n}@example.com") for n in range(20)}
    assert statuses == {422}
    assert tried(pages, 1, email="another@example.com") == 429


def test_an_ipv6_household_counts_as_one(app: Flask) -> None:
    for n in range(20):
        pages = PageClient(app)
        pages.client.environ_base["REMOTE_ADDR"] = f"2001:db8:1:2::{n:x}"
        tried(pages, 1, email=f"someone{n}@example.com")
    pages = PageClient(app)
    pages.client.environ_base["REMOTE_ADDR"] = "2001:db8:1:2:ffff::1"
    assert tried(pages, 1, email="x@example.com") == 429
    pages.client.environ_base["REMOTE_ADDR"] = "2001:db8:1:3::1"
    assert tried(pages, 1, email="x@example.com") == 422


def test_looking_at_the_form_is_not_counted(pages: PageClient) -> None:
    for _ in range(25):
        assert pages.client.get("/account/sign-in").status_code == 200


def test_searching_without_end_is_slowed_down(client: FlaskClient) -> None:
    statuses = [client.get(f"/catalog?q=cup{n}").status_code for n in range(61)]
    assert set(statuses[:60]) == {200}
    assert statuses[60] == 429


def test_htmx_gets_a_note_and_the_page_stays(pages: PageClient, mei: Member) -> None:
    tried(pages, 10)
    token = pages.client.get("/account/sign-in")
    assert token.status_code == 200
    found = pages.get("/account/sign-in").value("csrf_token")
    answer = pages.client.post(
        "/account/sign-in", data={**WRONG, "csrf_token": found}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 429
    assert answer.headers["HX-Retarget"] == "#flashes"
    assert "<html" not in answer.get_data(as_text=True)


def test_no_address_is_kept(app: Flask, mei: Member) -> None:
    with app.test_request_context("/account/sign-in", method="POST", data={"email": "Mei@Example.com "}):
        first = limits.typed_email()
    with app.test_request_context("/account/sign-in", method="POST", data={"email": "mei@example.com"}):
        assert limits.typed_email() == first
    assert "mei" not in first
    assert "@" not in first


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("unix:", "unix:"),
        ("", "0.0.0.0"),
    ],
)
def test_whom_a_limit_counts(app: Flask, address: str, counted: str) -> None:
    with app.test_request_context("/", environ_base={"REMOTE_ADDR": address}):
        assert limits.reader_address() == counted


@pytest.mark.parametrize(
    "spelling",
    [
        "mei\0@example.com",
        " \0 MEI@example.com",
        "ｍｅｉ@example.com",
        "mei＠example.com",
        "mei@example。com",
        "mei@ｅｘａｍｐｌｅ.com",
    ],
)
def test_another_spelling_of_an_address_is_the_same_account(app: Flask, spelling: str) -> None:
    with app.test_request_context("/", method="POST", data={"email": "mei@example.com"}):
        plain = limits.typed_email()
    with app.test_request_context("/", method="POST", data={"email": spelling}):
        assert limits.typed_email() == plain


def test_a_form_that_is_sent_as_json_is_none(pages: PageClient, mei: Member) -> None:
    """It would be counted as nobody's, and so guess one account's password from many places without end."""
    token = pages.get("/account/sign-in").value("csrf_token")
    right = {"email": mei.email, "password": "mall-demo-2026"}
    answer = pages.client.post("/account/sign-in", json=right, headers={"X-CSRFToken": token})
    assert answer.status_code == 422
    assert pages.client.get("/account").status_code == 303


@pytest.mark.parametrize(
    ("method", "path", "most"),
    [
        ("POST", "/checkout", 90),
        ("POST", "/checkout/quote", 90),
        ("POST", "/checkout/look", 90),
        ("GET", "/orders/R0", 120),
        ("GET", "/orders/R0/pay", 120),
        ("GET", "/orders/R0/return", 120),
        ("GET", "/orders/R0/papers", 120),
        ("GET", "/orders/R0/cancel", 120),
        ("POST", "/orders/R0/cancel", 120),
        ("POST", "/orders/R0/again", 120),
        ("POST", "/orders/R0/lines/1/wish", 120),
        ("POST", "/orders/R0/pay", 30),
        ("POST", "/orders/R0/give-up", 30),
        ("GET", "/documents/R0", 120),
    ],
)
def test_checkout_and_numbers_are_limited_for_each_member(
    pages: PageClient, mei: Member, method: str, path: str, most: int
) -> None:
    pages.sign_in(mei.email)
    form = {"csrf_token": pages.get("/").value("csrf_token")} if method == "POST" else None
    statuses = [pages.client.open(path, method=method, data=form).status_code for _ in range(most + 1)]
    assert 429 not in statuses[:most]
    assert 400 not in statuses
    assert statuses[most] == 429


def test_numbers_that_are_tried_by_several_ways_are_counted_together(pages: PageClient, mei: Member) -> None:
    pages.sign_in(mei.email)
    ways = ("/orders/R0", "/orders/R0/pay", "/orders/R0/return", "/orders/R0/cancel", "/documents/R0")
    statuses = [pages.client.get(ways[n % len(ways)]).status_code for n in range(125)]
    assert statuses == [404] * 120 + [429] * 5


@pytest.mark.parametrize(
    ("path", "form", "most"),
    [
        ("/orders/R0/pay", {}, 30),
        ("/account/verify", {"password": "not-her-password"}, 20),
        ("/account/security/password", {"current": "not-her-password"}, 20),
    ],
)
def test_who_is_signed_in_is_counted_by_who_they_are_and_not_by_where(
    app: Flask, mei: Member, ben: Member, path: str, form: dict[str, str], most: int
) -> None:
    tokens = {}
    people = {name: PageClient(app) for name in ("mei", "ben")}
    for name, pages in people.items():
        pages.sign_in(f"{name}@example.com")
        tokens[name] = pages.get("/").value("csrf_token")

    def status(name: str, n: int) -> int:
        return (
            people[name]
            .client.post(
                path,
                data={**form, "csrf_token": tokens[name]},
                environ_base={"REMOTE_ADDR": f"203.0.113.{n}"},
            )
            .status_code
        )

    assert 429 not in [status("mei", n) for n in range(most)]
    assert status("mei", 200) == 429, "from elsewhere"
    assert status("ben", 200) != 429, "another member at the same address"


@pytest.mark.parametrize(
    ("method", "path", "form", "most", "fails"),
    [
        ("GET", "/orders/R0", {}, 120, 404),
        ("POST", "/account/verify", {"password": "not-hers"}, 20, 422),
    ],
)
def test_ending_ones_sessions_does_not_begin_the_count_anew(
    pages: PageClient, mei: Member, method: str, path: str, form: dict[str, str], most: int, fails: int
) -> None:
    pages.sign_in(mei.email)

    def status() -> int:
        return pages.client.open(path, method=method, data={**form, "csrf_token": token}).status_code

    token = pages.get("/").value("csrf_token")
    assert {status() for _ in range(most)} == {fails}
    pages.post("/account/security/sign-out-everywhere", page="/account/security")
    token = pages.get("/").value("csrf_token")
    assert status() == 429

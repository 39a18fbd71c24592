"""Becoming a member, with the mails as they are written."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, template_rendered

from mall.core.db import db
from mall.domain.members import queries
from mall.domain.members.models import Member
from tests.support.members_factory import a_member, link_in, mails_to
from tests.support.pages import Page, PageClient

GOOD = {"name": "Nora Chen", "email": "nora@example.com", "password": "three quiet rivers"}


def sign_up(pages: PageClient, **changes: Any) -> Page:
    status, headers = changes.pop("status", 303), changes.pop("headers", {})
    return pages.post("/account/sign-up", {**GOOD, **changes}, status=status, headers=headers)


def test_a_newcomer_signs_up_confirms_and_signs_in(pages: PageClient) -> None:
    sign_up(pages)
    assert "nora@example.com" in pages.get("/account/check-mail").text
    link = link_in(mails_to("nora@example.com")[0])
    assert "nora@example.com" in pages.get(link).text
    pages.post(link, {"password": GOOD["password"]})
    pages.sign_in("nora@example.com", GOOD["password"])
    assert "Nora Chen" in pages.get("/account").text
    assert [mail["subject"] for mail in mails_to("nora@example.com")] == [
        "Please confirm your e-mail address",
        "Welcome to Points Mall",
    ]


def test_opening_the_link_confirms_nothing_because_mail_programs_open_links_too(pages: PageClient) -> None:
    sign_up(pages)
    pages.get(link_in(mails_to("nora@example.com")[0]))
    assert not queries.credentials("nora@example.com").confirmed


def test_confirming_twice_welcomes_once(pages: PageClient) -> None:
    sign_up(pages)
    link = link_in(mails_to("nora@example.com")[0])
    pages.post(link, {"password": GOOD["password"]})
    pages.post(link, {"password": GOOD["password"]})
    assert len([mail for mail in mails_to("nora@example.com") if "Welcome" in mail["subject"]]) == 1


def test_nobody_signs_in_before_the_address_is_confirmed(pages: PageClient) -> None:
    sign_up(pages)
    answer = pages.post("/account/sign-in", {"email": GOOD["email"], "password": GOOD["password"]})
    assert answer.response.headers["Location"] == "/account/check-mail"
    assert "confirm your e-mail address first" in pages.get("/account/check-mail").text
    assert len(mails_to(GOOD["email"])) == 2
    assert pages.client.get("/account").status_code == 303


def test_a_known_address_gets_the_same_answer_and_a_mail_that_helps(pages: PageClient, mei: Member) -> None:
    new = sign_up(pages)
    known = sign_up(pages, email=mei.email)
    assert (known.status, known.html) == (new.status, new.html)
    shown = pages.get("/account/check-mail").text
    assert "is on its way" in shown
    assert mails_to(mei.email)[0]["subject"] == "You already have an account"
    assert link_in(mails_to(mei.email)[0]).startswith("/account/reset/")


def test_a_known_address_keeps_its_name_and_password(pages: PageClient, mei: Member) -> None:
    sign_up(pages, email=mei.email)
    pages.sign_in(mei.email)
    assert "Mei" in pages.get("/account").text


def test_fields_that_nobody_asked_for_are_ignored(pages: PageClient) -> None:
    sign_up(pages, is_staff="1", roles="administrator", active="0", confirmed_at="2026-01-01", balance="9999")
    member = db.session.scalars(sa.select(Member).where(Member.email == GOOD["email"])).one()
    assert member.role_names == frozenset()
    assert member.confirmed_at is None
    assert member.active


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"email": "nora"}, "does not look like an e-mail address"),
        ({"email": "nora@exa mple.com"}, "does not look like an e-mail address"),
        ({"email": ""}, "Please fill this in."),
        ({"name": "   "}, "Please fill this in."),
        ({"name": "\u00ad\u3164"}, "Please give a name that can be seen."),
        ({"name": "N" * 81}, "no more than 80 characters"),
        ({"password": "short"}, "at least 10 characters"),
        ({"password": "x" * 201}, "no more than 200 characters"),
        ({"password": "1234567890"}, "would be guessed soon"),
        ({"password": "aaaaaaaaaaaa"}, "would be guessed soon"),
        ({"password": "nora@example.com"}, "other than your e-mail address"),
    ],
)
def test_a_refused_form_says_why_and_keeps_what_was_typed(
    pages: PageClient, changes: dict[str, str], told: str
) -> None:
    refused = sign_up(pages, **changes, status=422)
    assert told in refused.text
    assert "What you typed has been kept." in refused.text
    typed = {**GOOD, **changes}
    assert typed["password"] not in {
        e.get("value") for e in refused.root.iter("input") if e.get("type") == "password"
    }
    assert refused.value("name") == typed["name"].strip()
    assert mails_to(GOOD["email"]) == []


def test_the_same_address_in_other_letters_is_the_same_member(pages: PageClient) -> None:
    sign_up(pages)
    sign_up(pages, email="NORA@EXAMPLE.COM")
    assert [mail["subject"] for mail in mails_to("nora@example.com")][1] == "You already have an account"


def test_mail_is_in_the_readers_language(pages: PageClient) -> None:
    pages.client.set_cookie("lang", "zh-Hans")
    sign_up(pages)
    assert queries.credentials("nora@example.com").language == "zh-Hans"
    assert 'lang="zh-Hans"' in mails_to("nora@example.com")[0]["html"]


def test_links_name_the_merchants_host_not_the_one_that_a_request_claims(pages: PageClient) -> None:
    evil = "http://evil.example"
    shown = pages.client.get("/account/sign-up", base_url=evil).get_data(as_text=True)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', shown)
    assert token
    form = {**GOOD, "csrf_token": token.group(1)}
    assert pages.client.post("/account/sign-up", data=form, base_url=evil).status_code == 303
    assert "evil" not in mails_to("nora@example.com")[0]["html"]


def test_a_link_that_was_altered_or_is_for_something_else_is_refused(pages: PageClient, mei: Member) -> None:
    sign_up(pages)
    link = link_in(mails_to("nora@example.com")[0])
    for wrong in (link[:-3] + "xyz", link.replace("/confirm/", "/reset/"), "/account/confirm/nothing"):
        assert "no longer works" in pages.get(wrong, status=410).text


def test_an_imported_member_claims_their_points_by_mail(pages: PageClient) -> None:
    a_member(email="old@example.com", external_id="shop-17")
    sign_up(pages, email="old@example.com")
    link = link_in(mails_to("old@example.com")[0])
    pages.post(link, {"password": "three quiet rivers"})
    pages.sign_in("old@example.com", "three quiet rivers")
    pages.get("/account")


def test_asking_for_the_confirmation_again_tells_nothing(pages: PageClient, mei: Member) -> None:
    sign_up(pages)
    answers = [
        pages.post("/account/confirm", {"email": email})
        for email in (GOOD["email"], mei.email, "nobody@example.com")
    ]
    assert len({answer.html for answer in answers}) == 1
    assert len(mails_to(GOOD["email"])) == 2
    assert mails_to(mei.email) == []


def test_correcting_the_form_shuts_nobody_out_and_signing_up_again_and_again_does(pages: PageClient) -> None:
    for _ in range(12):
        sign_up(pages, password="short", status=422)
    for n in range(10):
        sign_up(pages, email=f"nora{n}@example.com")
    sign_up(pages, email="nora10@example.com", status=429)


def test_saying_that_htmx_sends_the_form_does_not_switch_the_limit_off(pages: PageClient) -> None:
    htmx = {"HX-Request": "true"}
    for n in range(10):
        sign_up(pages, email=f"nora{n}@example.com", headers=htmx, status=204)
    sign_up(pages, email="nora10@example.com", headers=htmx, status=429)


def test_sign_up_mails_cannot_be_poured_over_somebody(pages: PageClient, mei: Member) -> None:
    for n in range(5):
        pages.client.environ_base["REMOTE_ADDR"] = f"203.0.113.{n}"
        sign_up(pages, email=mei.email, status=303 if n < 3 else 429)
    assert len(mails_to(mei.email)) == 3


@pytest.mark.parametrize("password", ["", "not the one that was set"])
def test_only_who_set_the_password_confirms(pages: PageClient, password: str) -> None:
    """Else somebody signs up with another's address, and is in as soon as the other presses the button."""
    sign_up(pages)
    link = link_in(mails_to(GOOD["email"])[0])
    refused = pages.post(link, {"password": password}, status=422)
    assert not queries.credentials(GOOD["email"]).confirmed
    assert "/account/reset?email=nora@example.com" in refused.links()
    if password:
        assert "That is not your password." in refused.text


def test_who_did_not_set_the_password_chooses_one_and_has_the_account(pages: PageClient) -> None:
    sign_up(pages, password="the intruder knows this")
    confirm = link_in(mails_to(GOOD["email"])[0])
    pages.post("/account/reset", {"email": GOOD["email"]})
    pages.post(link_in(mails_to(GOOD["email"])[-1]), {"password": GOOD["password"]})
    assert queries.credentials(GOOD["email"]).confirmed
    pages.get(confirm, status=410)
    intruder = {"email": GOOD["email"], "password": "the intruder knows this"}
    pages.post("/account/sign-in", intruder, status=422)
    pages.sign_in(GOOD["email"], GOOD["password"])
    pages.get("/account")


def test_guessing_at_the_confirmation_is_limited(pages: PageClient) -> None:
    sign_up(pages)
    link = link_in(mails_to(GOOD["email"])[0])
    for _ in range(20):
        pages.post(link, {"password": "wrong"}, status=422)
    pages.post(link, {"password": GOOD["password"]}, status=429)


def test_asking_again_is_the_same_work_for_an_unknown_address(
    app: Flask, pages: PageClient, mei: Member
) -> None:
    sign_up(pages)
    work = []
    for email in (GOOD["email"], mei.email, "nobody@example.com"):
        with signals_of(app) as rendered:
            pages.post("/account/confirm", {"email": email})
        work.append(rendered)
    assert "email/confirm.html" in work[0]
    assert work[0] == work[1] == work[2]


@contextmanager
def signals_of(app: Flask) -> Iterator[list[str]]:
    """The templates that are rendered meanwhile."""
    seen: list[str] = []

    def note(_app: Flask, template: Any, **_: object) -> None:
        seen.append(template.name)

    with template_rendered.connected_to(note, app):
        yield seen

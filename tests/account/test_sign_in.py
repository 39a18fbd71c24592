"""Signing in and out."""

import pytest

from mall.domain.members.models import Member
from tests.support.pages import Page, PageClient


def field(page: Page, id: str) -> str:
    """The value of the control with that id."""
    return next(e.get("value", "") for e in page.root.iter("input") if e.get("id") == id)


def test_a_member_signs_in_and_lands_on_their_own_page(pages: PageClient, mei: Member) -> None:
    pages.sign_in(mei.email)
    assert "Mei" in pages.get("/account").text


def test_signing_in_leads_back_to_where_one_was(pages: PageClient, mei: Member) -> None:
    sent = pages.client.get("/account?tab=1")
    assert sent.status_code == 303
    assert sent.headers["Location"] == "/account/sign-in?next=/account?tab%3D1"
    form = pages.get(sent.headers["Location"])
    done = pages.post(
        "/account/sign-in",
        {"email": mei.email, "password": "mall-demo-2026", "next": field(form, "next")},
    )
    assert done.response.headers["Location"] == "/account?tab=1"


def test_staff_land_at_their_desk_unless_they_came_for_something(pages: PageClient, ivy: Member) -> None:
    form = {"email": ivy.email, "password": "mall-demo-2026"}
    assert pages.post("/account/sign-in", form).response.headers["Location"] == "/admin"
    assert pages.client.get("/account/sign-in").headers["Location"] == "/admin"
    pages.post("/account/sign-out", page="/account")
    done = pages.post("/account/sign-in", {**form, "next": "/catalog"})
    assert done.response.headers["Location"] == "/catalog"


@pytest.mark.parametrize(
    "target", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:x"]
)
def test_signing_in_never_leads_out_of_the_mall(pages: PageClient, mei: Member, target: str) -> None:
    done = pages.post("/account/sign-in", {"email": mei.email, "password": "mall-demo-2026", "next": target})
    assert done.response.headers["Location"] == "/account"


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(pages: PageClient, mei: Member) -> None:
    wrong = pages.post("/account/sign-in", {"email": mei.email, "password": "not-this-one"}, status=422)
    unknown = pages.post(
        "/account/sign-in", {"email": "no@example.com", "password": "not-this-one"}, status=422
    )
    assert "The e-mail address or the password is not right." in wrong.text
    assert wrong.text == unknown.text


def test_a_refused_sign_in_keeps_the_address_and_forgets_the_password(pages: PageClient, mei: Member) -> None:
    refused = pages.post("/account/sign-in", {"email": mei.email, "password": "not-this-one"}, status=422)
    assert refused.value("email") == mei.email
    assert "not-this-one" not in refused.html


def test_the_address_is_known_in_any_spelling(pages: PageClient, mei: Member) -> None:
    pages.sign_in("  MEI@Example.com ")
    pages.get("/account")


def test_signing_out_ends_the_session(pages: PageClient, mei: Member) -> None:
    pages.sign_in(mei.email)
    pages.post("/account/sign-out", page="/account")
    assert pages.client.get("/account").status_code == 303


def test_a_link_cannot_sign_anybody_out(pages: PageClient, mei: Member) -> None:
    pages.sign_in(mei.email)
    assert pages.client.get("/account/sign-out").status_code == 405
    pages.get("/account")


def test_signing_out_leaves_nothing_to_who_sits_here_next(pages: PageClient, mei: Member) -> None:
    form = {"email": mei.email, "password": "mall-demo-2026", "remember": "y"}
    pages.post("/account/sign-in", form)
    with pages.client.session_transaction() as session:
        session.update(mail_to=mei.email, basket="hers")
    pages.post("/account/sign-out", page="/account")
    with pages.client.session_transaction() as session:
        assert {"mail_to", "basket", "_user_id", "_id", "fs_paa", "password_given"} & set(session) == set()
    assert pages.client.get_cookie("mall_remember") is None
    assert "You are signed out." in pages.get("/").text
    assert pages.client.get("/account").status_code == 303


def test_signing_out_a_device_that_was_only_remembered(pages: PageClient, mei: Member) -> None:
    pages.post("/account/sign-in", {"email": mei.email, "password": "mall-demo-2026", "remember": "y"})
    pages.client.delete_cookie("mall")
    pages.post("/account/sign-out", page="/account")
    assert pages.client.get_cookie("mall_remember") is None
    assert pages.client.get("/account").status_code == 303

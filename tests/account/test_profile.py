"""The member's own data, and the language that goes with them."""

from datetime import date

import pytest

from mall.domain.members import queries
from mall.domain.members.models import Member
from tests.support.pages import PageClient

GOOD = {
    "name": "Mei Chen",
    "phone": "138 0013 8000",
    "gender": "female",
    "birthday": "1990-02-28",
    "language": "en",
}


@pytest.fixture
def hers(pages: PageClient, mei: Member) -> PageClient:
    """Mei's browser, signed in."""
    pages.sign_in(mei.email)
    return pages


def test_a_member_tells_about_themself(hers: PageClient, mei: Member) -> None:
    hers.post("/account/profile", GOOD)
    kept = queries.profile(mei.id)
    assert (kept.name, kept.phone, kept.gender, kept.birthday) == (
        "Mei Chen",
        "+8613800138000",
        "female",
        date(1990, 2, 28),
    )
    shown = hers.get("/account/profile")
    assert shown.value("phone") == "+86 138 0013 8000"
    assert mei.number in shown.text


def test_what_is_left_empty_is_forgotten(hers: PageClient, mei: Member) -> None:
    hers.post("/account/profile", GOOD)
    hers.post(
        "/account/profile", {"name": "Mei", "language": "en", "phone": "", "birthday": "", "gender": ""}
    )
    kept = queries.profile(mei.id)
    assert (kept.phone, kept.gender, kept.birthday) == (None, None, None)


def test_nothing_else_can_be_changed(hers: PageClient, mei: Member) -> None:
    extra = {
        "email": "x@example.com",
        "roles": "administrator",
        "is_staff": "1",
        "number": "M-1",
        "active": "",
        "balance": "9",
    }
    hers.post("/account/profile", {**GOOD, **extra})
    who = queries.signed_in(mei.fs_uniquifier)
    assert who is not None
    assert (who.email, who.role_names, who.number, who.active) == (mei.email, frozenset(), mei.number, True)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"name": ""}, "Please fill this in."),
        ({"name": "\u00ad\u00ad"}, "Please give a name that can be seen."),
        ({"name": "\u3164 \u2800"}, "Please give a name that can be seen."),
        ({"phone": "99"}, "This number cannot exist."),
        ({"birthday": "1890-01-01"}, "check the year"),
        ({"birthday": "2999-01-01"}, "check the year"),
        ({"birthday": "yesterday"}, "Please give a date"),
        ({"gender": "robot"}, "Please choose one of the options."),
        ({"language": "xx"}, "Please choose one of the options."),
    ],
)
def test_a_refused_profile_says_why_and_keeps_what_was_typed(
    hers: PageClient, mei: Member, changes: dict[str, str], told: str
) -> None:
    refused = hers.post("/account/profile", {**GOOD, **changes}, status=422)
    assert told in refused.text
    assert refused.value("name") == {**GOOD, **changes}["name"]
    assert queries.profile(mei.id).name == "Mei"


def test_the_language_of_the_profile_is_the_language_of_the_pages(hers: PageClient) -> None:
    hers.post("/account/profile", {**GOOD, "language": "zh-Hans"})
    assert hers.get("/account/profile").root.get("lang") == "zh-Hans"


def test_the_language_menu_is_remembered_with_the_member(hers: PageClient, mei: Member) -> None:
    hers.client.post("/language", data={"lang": "zh-Hant"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert queries.profile(mei.id).language == "zh-Hant"


def test_another_sites_form_changes_no_language(hers: PageClient, mei: Member) -> None:
    answer = hers.client.post("/language", data={"lang": "zh-Hant"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 419
    assert queries.profile(mei.id).language == "en"

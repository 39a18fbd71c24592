"""Who may do what, and what data must look like."""

import pytest

from mall.core.ids import MemberId
from mall.domain.members import rules
from mall.domain.members.queries import SignedIn


def person(*roles: str) -> SignedIn:
    return SignedIn(MemberId(1), "M-1", "x@example.com", "X", "en", True, False, "u", frozenset(roles))


def test_every_role_has_permissions_and_no_other_name_has() -> None:
    assert set(rules.PERMISSIONS) == set(rules.ROLES)
    assert rules.permissions(["emperor"]) == frozenset()


@pytest.mark.parametrize(
    ("role", "may", "may_not"),
    [
        ("merchandiser", "items.edit stock.adjust", "orders.read members.read points.adjust staff.manage"),
        (
            "service",
            "orders.ship orders.cancel points.adjust members.read",
            "items.edit stock.adjust audit.read staff.manage",
        ),
        ("supervisor", "points.adjust audit.read", "items.edit staff.manage"),
        (
            "finance",
            "orders.read members.read audit.read items.read",
            "points.adjust orders.cancel items.edit staff.manage",
        ),
        ("administrator", "staff.manage items.edit orders.cancel", "everything"),
    ],
)
def test_a_role_allows_its_work_and_nothing_else(role: str, may: str, may_not: str) -> None:
    who = person(role)
    assert all(who.can(permission) for permission in may.split())
    assert not any(who.can(permission) for permission in may_not.split())


def test_finance_changes_nothing() -> None:
    assert all(permission.endswith(".read") for permission in rules.PERMISSIONS["finance"])


def test_two_roles_allow_both_and_no_role_allows_nothing() -> None:
    assert person("merchandiser", "service").can("items.edit")
    assert person("merchandiser", "service").can("orders.ship")
    assert not person().can("items.read")
    assert not person().is_staff


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Mei@Example.COM ", "mei@example.com"),
        ("ＭＥＩ@example.com", "mei@example.com"),
        ("a+b@x.de", "a+b@x.de"),
    ],
)
def test_an_address_is_kept_in_one_spelling(typed: str, kept: str) -> None:
    assert rules.clean_email(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  陈   美 ", "陈 美"),
        ("Mei\u202eneJ", "Mei neJ"),
        ("a\r\nBcc: b@x.de", "a Bcc: b@x.de"),
        ("x" * 90, "x" * 80),
        ("Zoë\x00", "Zoë"),
    ],
)
def test_a_name_has_no_hidden_signs(typed: str, kept: str) -> None:
    assert rules.clean_name(typed) == kept


@pytest.mark.parametrize(
    "blank",
    [
        "",
        " ",
        "\u00ad",
        "\u200b\u200d",
        "\u3164",
        "\u2800\u2800",
        "\u115f\u1160",
        "\uffa0",
        "\u034f",
        "\ufe0f",
        "\ue000",
        "\U000e0041",
    ],
)
def test_a_name_of_nothing_but_blanks_cannot_be_seen(blank: str) -> None:
    assert not rules.can_be_seen(blank)
    assert rules.can_be_seen(f"{blank}梅{blank}")


@pytest.mark.parametrize("name", ["Mei", "欧阳娜娜", "김", "Ⅶ", "_", "🦊", "{nb}", "e\u0301", "نور"])
def test_a_name_that_leaves_any_mark_can_be_seen(name: str) -> None:
    assert rules.can_be_seen(name)


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("ninechars", "short"),
        ("x" * 201, "long"),
        ("aaaaaaaaaaaa", "simple"),
        ("abcdefghij", "simple"),
        ("9876543210", "simple"),
        ("Password123", "simple"),
        ("mei.chen@example.com", "address"),
        ("mei.chen2026", "address"),
        ("three quiet rivers", None),
        ("一二三四五六七八九十", None),
        ("mall-demo-2026", None),
    ],
)
def test_passwords_are_refused_for_being_short_or_guessed(password: str, fault: str | None) -> None:
    assert rules.password_fault(password, "mei.chen@example.com") == fault

"""`mall staff …`."""

import re

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from mall.cli.staff import staff
from mall.core.db import db, transaction
from mall.domain.audit.models import AuditRecord
from mall.domain.members import queries, service
from mall.domain.members.models import Member
from tests.support.pages import PageClient


def run(app: Flask, *arguments: str) -> Result:
    db.session.expire_all()
    return app.test_cli_runner().invoke(staff, list(arguments))


def roles_of(email: str) -> frozenset[str]:
    who = queries.credentials(email)
    assert who is not None
    found = queries.signed_in(who.fs_uniquifier)
    assert found is not None
    return found.role_names


def test_a_new_member_of_staff_sets_up_their_account_with_the_link(app: Flask, pages: PageClient) -> None:
    made = run(app, "create", "New.Hand@Example.com", "--role", "service")
    assert made.exit_code == 0, made.output
    assert made.stdout.startswith("http://127.0.0.1:8000/account/set-up/")
    link = made.stdout.strip().removeprefix("http://127.0.0.1:8000")
    pages.post(link, {"password": "four calm oceans"})
    pages.sign_in("new.hand@example.com", "four calm oceans")
    assert "protected by a password alone" in pages.get("/admin").text
    assert roles_of("new.hand@example.com") == {"service"}


def test_the_link_works_once(app: Flask, pages: PageClient) -> None:
    link = run(app, "create", "x@example.com", "--role", "finance").stdout.strip()
    link = link.removeprefix("http://127.0.0.1:8000")
    pages.post(link, {"password": "four calm oceans"})
    pages.get(link, status=410)


def test_a_member_becomes_staff_and_keeps_their_password(app: Flask, pages: PageClient, ben: Member) -> None:
    pages.sign_in(ben.email)
    made = run(app, "create", ben.email, "--role", "merchandiser", "--role", "service")
    assert made.stdout == ""
    assert "sign in as before" in made.stderr
    assert pages.client.get("/account").status_code == 303, "the old session must not carry the new rights"
    pages.sign_in(ben.email)
    assert roles_of(ben.email) == {"merchandiser", "service"}


def test_a_further_role_is_added_to_those_there_are(app: Flask, ivy: Member) -> None:
    run(app, "create", ivy.email, "--role", "finance")
    assert roles_of(ivy.email) == {"merchandiser", "finance"}


def test_roles_can_be_taken_away_and_the_sessions_end(app: Flask, pages: PageClient, ivy: Member) -> None:
    pages.sign_in(ivy.email)
    assert "no longer staff" in run(app, "roles", ivy.email).stderr
    assert roles_of(ivy.email) == frozenset()
    assert pages.client.get("/account").status_code == 303


def test_what_was_changed_is_in_the_audit_trail(app: Flask, ivy: Member) -> None:
    run(app, "roles", ivy.email, "--role", "finance")
    record = db.session.scalars(sa.select(AuditRecord).order_by(AuditRecord.id.desc())).first()
    assert record is not None
    assert (record.action, record.before, record.after) == (
        "staff.roles.set",
        {"roles": ["merchandiser"]},
        {"roles": ["finance"]},
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ("create", "not-an-address", "--role", "service"),
        ("create", "x@example.com", "--role", "emperor"),
        ("create", "x@example.com"),
        ("roles", "nobody@example.com"),
    ],
)
def test_nonsense_is_refused_and_changes_nothing(app: Flask, arguments: tuple[str, ...]) -> None:
    before = db.session.scalar(sa.select(sa.func.count()).select_from(Member))
    assert run(app, *arguments).exit_code != 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Member)) == before


def test_the_list_names_everybody_with_a_role(app: Flask, ivy: Member, mei: Member) -> None:
    with transaction():
        service.set_roles(ivy.id, ["merchandiser", "finance"])
    assert re.findall(r"^(\S+)\t(\S+)\t(\S+)$", run(app, "list").stdout, re.M) == [
        ("ivy@example.com", "finance,merchandiser", "-")
    ]


def test_two_step_sign_in_can_be_reset_for_who_lost_everything(app: Flask, ivy: Member) -> None:
    with transaction():
        service.find(ivy.id).tf_totp_secret = "secret"
    run(app, "reset-two-step", ivy.email)
    who = queries.credentials(ivy.email)
    assert who is not None
    assert not who.two_factor

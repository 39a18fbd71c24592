"""Headers that keep other sites out, on every kind of answer; forms that only we can send."""

import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from mall.app import create_app
from mall.core.cipher import new_key
from mall.core.db import db
from mall.domain.members.models import Member
from mall.web import logs
from mall.web.security import headers
from tests.support.databases import Databases, settings_for
from tests.support.pages import PageClient
from tests.support.stripe import SOUND_STRIPE

EVERY_ANSWER = headers(production=False, pay_origin="http://127.0.0.1:9")
#: What a rule's arguments are filled with. Nothing of that name exists.
SAMPLES = {"int": 1, "default": "nothing", "string": "nothing", "path": "nothing.txt", "uuid": "0" * 32}
WRITING = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE|MERGE|TRUNCATE)\b|\bFOR UPDATE\b", re.I)
#: These two only set a cookie; they are checked by where they come from (tests/web/test_preferences.py).
BY_ORIGIN = {"web.set_language", "web.set_theme"}
#: Stripe signs what it sends instead (tests/checkout/test_webhook.py).
BY_SIGNATURE = {"checkout.stripe_webhook"}


def rules(app: Flask, method: str) -> list[Rule]:
    return [
        rule
        for rule in app.url_map.iter_rules()
        if method in (rule.methods or ()) and rule.endpoint != "static"
    ]


def address(app: Flask, rule: Rule) -> str:
    values = {
        name: SAMPLES[
            "int"
            if "Number" in type(converter).__name__ or "Integer" in type(converter).__name__
            else "path"
            if "Path" in type(converter).__name__
            else "default"
        ]
        for name, converter in rule._converters.items()
    }
    return str(app.url_map.bind("localhost").build(rule.endpoint, values))


@pytest.mark.parametrize(
    "path", ["/", "/healthz", "/no-such-page", "/static/css/mall.css", "/account/sign-in", "/account"]
)
def test_every_kind_of_answer_carries_the_headers(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    wanted = (
        ("Content-Security-Policy", "X-Content-Type-Options") if path.startswith("/static") else EVERY_ANSWER
    )
    for name in wanted:
        assert answer.headers[name] == EVERY_ANSWER[name]


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere() -> None:
    policy = EVERY_ANSWER["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "http" not in policy.replace("form-action 'self' http://127.0.0.1:9", "")
    assert "*" not in policy
    for directive in (
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self' http://127.0.0.1:9",
    ):
        assert directive in policy.split("; ")


def test_production_has_strict_cookies_and_transport(databases: Databases, tmp_path: Path) -> None:
    app = create_app(
        settings_for(
            databases.fresh(), tmp_path, MALL_ENV="production", MALL_SECRET_KEY=string.ascii_letters, MALL_BASE_URL="https://mall.example.org",
            MALL_MAIL_URL="smtp://mail.example.org", MALL_MAIL_FROM="Mall <mall@example.org>", MALL_CODE_KEY=new_key(),
            **SOUND_STRIPE,
        )
    )  # fmt: skip
    logs.configure(env="test")  # one process, one way for its log: making the app above changed it
    answer = app.test_client().get("/account/sign-in", base_url="https://mall.example.org")
    with app.app_context():
        assert db.engine.hide_parameters
        db.engine.dispose()
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
    assert "upgrade-insecure-requests" in answer.headers["Content-Security-Policy"]
    (cookie,) = [c for c in answer.headers.getlist("Set-Cookie") if c.startswith("__Host-mall=")]
    for flag in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert flag in cookie
    assert "Domain" not in cookie


def test_personal_pages_are_kept_by_no_cache(pages: PageClient, mei: Member) -> None:
    pages.sign_in(mei.email)
    for path in ("/account", "/account/orders", "/account/wishlist", "/account/messages", "/basket"):
        assert pages.get(path).response.headers["Cache-Control"] == "no-store", path
    assert "private" in pages.get("/").response.headers["Cache-Control"]


def test_every_form_is_refused_without_its_token(
    app: Flask, client: FlaskClient, pages: PageClient, ada: Member
) -> None:
    pages.sign_in(ada.email)
    posts = rules(app, "POST")
    assert len(posts) > 10
    for rule in posts:
        for visitor in (client, pages.client):
            answer = visitor.post(address(app, rule))
            wanted = 400 if rule.endpoint in BY_SIGNATURE else 419
            assert answer.status_code == wanted, f"{rule.endpoint}: {answer.status_code}"


def test_the_two_forms_without_token_are_refused_from_elsewhere(client: FlaskClient) -> None:
    for path in ("/language", "/theme"):
        answer = client.post(path, data={"lang": "en"}, headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 419


@pytest.fixture
def writes(app: Flask) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_c: object, _cur: object, statement: str, *_: object) -> None:
        if WRITING.search(statement):
            seen.append(statement)

    engine = db.engine.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    yield seen
    sa.event.remove(engine, "before_cursor_execute", note)


def test_no_get_changes_anything(
    app: Flask, client: FlaskClient, pages: PageClient, ada: Member, writes: list[str]
) -> None:
    pages.sign_in(ada.email)
    writes.clear()
    gets = rules(app, "GET")
    assert len(gets) > 15
    for rule in gets:
        for visitor in (client, pages.client):
            answer = visitor.get(address(app, rule))
            assert answer.status_code < 500, f"{rule.endpoint}: {answer.status_code}"
            assert not writes, f"GET {rule.endpoint} writes: {writes}"


def test_no_method_but_those_we_know(app: Flask, client: FlaskClient) -> None:
    known = {"GET", "HEAD", "OPTIONS", "POST"}
    assert {m for rule in app.url_map.iter_rules() for m in rule.methods or ()} <= known
    assert client.delete("/account/sign-in").status_code in {405, 419}

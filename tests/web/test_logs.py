"""Logs: a line an answer, found again by the request's id, and nobody's name in it."""

import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient

from mall.domain.members.models import Member
from mall.web import logs
from tests.support.pages import PageClient


@pytest.fixture
def lines(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """What production would write, as a callable that reads the lines so far."""
    out = io.StringIO()
    monkeypatch.setattr(sys, "stderr", out)
    logs.configure(env="production")
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    logs.configure(env="test")


def test_an_answer_has_one_line_with_the_routes_template(client: FlaskClient, lines: Any) -> None:
    answer = client.get(
        "/account/reset/WyI0ZGI2ZTM1NWY2YTk0OGUyIl0.aSGZ5w.kO1qabcdefgh?email=mei@example.com"
    )
    (line,) = lines()
    assert line["route"] == "/account/reset/<token>"
    assert (line["method"], line["status"]) == ("GET", answer.status_code)
    assert line["request_id"] == answer.headers["X-Request-ID"]
    assert line["ms"] > 0
    assert line["queries"] == 0
    assert "mei" not in json.dumps(line)
    assert "WyI0" not in json.dumps(line)


def test_queries_are_counted_for_each_request_by_itself(pages: PageClient, mei: Member, lines: Any) -> None:
    pages.sign_in(mei.email)
    before = len(lines())
    page = pages.get("/account/messages")
    page2 = pages.get("/account/messages")
    first, second = lines()[before:]
    assert first["queries"] == len(page.queries)
    assert second["queries"] == len(page2.queries)


def test_an_unknown_address_is_not_written(client: FlaskClient, lines: Any) -> None:
    client.get("/wp-login.php?password=hunter2")
    assert lines()[0]["route"] == "unknown"
    assert "hunter2" not in json.dumps(lines())


@pytest.mark.parametrize("given", ["a1b2c3d4", "R" * 64, "0af7651916cd43dd8448eb211c80319c"])
def test_a_sane_request_id_is_taken_over(client: FlaskClient, given: str) -> None:
    assert client.get("/healthz", headers={"X-Request-ID": given}).headers["X-Request-ID"] == given


@pytest.mark.parametrize(
    "given",
    [
        "",
        "short",
        "x" * 65,
        "a b c d e f",
        "<script>alert(1)</script>",
        "１２３４５６７８９",
        "-------------",
        'abc"def1234',
    ],
)
def test_any_other_is_replaced(client: FlaskClient, given: str) -> None:
    got = client.get("/healthz", headers={"X-Request-ID": given.encode().decode("latin-1")}).headers[
        "X-Request-ID"
    ]
    assert got != given
    assert 8 <= len(got) <= 64


def test_people_and_secrets_are_kept_out_of_any_line(lines: Any) -> None:
    log = structlog.get_logger("mall.test")
    log.warning(
        "mail to mei@example.com failed",
        email="mei@example.com",
        name="Mei Lin",
        password="hunter2",
        detail={"phone": "+86 138 0013 8000", "why": "550 <ben@example.com> unknown"},
        tried=["zoe@example.com", 3],
        order="R-7K3Q-9XWD-2F5M",
    )
    logging.getLogger("some.library").error("login failed for %s with token=%s", "ivy@example.com", "abc123")
    text = json.dumps(lines())
    for secret in ("@example.com", "Mei Lin", "hunter2", "8000", "abc123"):
        assert secret not in text
    assert "R-7K3Q-9XWD-2F5M" in text


def test_an_exception_is_told_without_people(lines: Any) -> None:
    try:
        raise ValueError("no mailbox mei@example.com")
    except ValueError:
        structlog.get_logger("mall.test").exception("crash")
    (line,) = lines()
    assert "ValueError: no mailbox [email]" in line["exception"]


def test_health_checks_do_not_fill_the_log(client: FlaskClient, lines: Any) -> None:
    client.get("/healthz")
    client.get("/readyz")
    assert lines() == []

"""The catalogue page against the same HTML from memory, in CPU per request."""

from collections.abc import Callable
from contextvars import Context
from io import BytesIO
from typing import Any

from flask import Flask, template_rendered
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from werkzeug.test import EnvironBuilder

from bench.stage import Row, cpu
from mall.core.db import db

REQUESTS, ROUNDS = 60, 7

#: What the pages rendered, by name: template and context.
_MEMORY: dict[str, dict[str, Any]] = {}


def from_memory(name: str) -> str:
    """The view of the ceiling: what the page rendered, rendered again from objects in memory."""
    text: str = _MEMORY[name]["template"].render(_MEMORY[name]["context"])
    return text


def _call(app: Flask, environ: dict[str, Any]) -> bytes:
    """One request at the WSGI door: no HTTP parser on either side, which makes the ratio stricter.

    In a context of its own: within the bench's application context requests would share `g`, and so the person.
    """
    return Context().run(_answer, app, environ)


def _answer(app: Flask, environ: dict[str, Any]) -> bytes:
    answer = app.wsgi_app({**environ, "wsgi.input": BytesIO()}, lambda *_: lambda _b: None)
    try:
        return b"".join(answer)
    finally:
        getattr(answer, "close", lambda: None)()


def _environ(path: str, cookie: str, **headers: str) -> dict[str, Any]:
    builder = EnvironBuilder(path, headers={"Accept": "text/html", "Accept-Language": "en", **headers})
    environ = builder.get_environ()
    if cookie:
        environ["HTTP_COOKIE"] = cookie
    return environ


def _ceiling(app: Flask, environ: dict[str, Any], path: str) -> None:
    """Catch what the page renders, for `from_memory`: no session and no database is asked there."""
    caught: dict[str, Any] = {}

    def note(_sender: Flask, template: Any, context: dict[str, Any], **_: Any) -> None:
        if not caught:
            caught.update(template=template, context=dict(context))
            caught["context"]["current_user"] = current_user._get_current_object()
            token = generate_csrf()
            caught["context"]["csrf_token"] = lambda: token
            header = context["header"]
            caught["context"]["header"] = (
                header._get_current_object() if hasattr(header, "_get_current_object") else header
            )

    with template_rendered.connected_to(note, app):
        _call(app, environ)

    _MEMORY[path.rsplit("/", 1)[1]] = caught


def rows(app: Flask, kind: str, member_id: int, servers: Callable[[], float]) -> list[Row]:
    """Signed in and anonymous, 24 items of 10,000."""
    cookie = signed_in(app, member_id)
    found = []
    for name, jar, budget in (("signed-in member", cookie, 2.0), ("anonymous", "", 1.2)):
        page, memory = _environ("/catalog", jar), f"/from-memory/{name.split()[0]}"
        _ceiling(app, page, memory)
        ceiling = _environ(memory, "")
        for environ in (page, ceiling):
            for _ in range(20):
                _call(app, environ)
        rounds, ours, theirs = [], 0.0, 0.0
        for _ in range(ROUNDS):
            ours = cpu(lambda p=page: _many(app, p), servers)  # type: ignore[misc]
            theirs = cpu(lambda c=ceiling: _many(app, c), servers)  # type: ignore[misc]
            rounds.append(ours / theirs)
        detail = f"{ours / REQUESTS * 1000:.2f} ms against {theirs / REQUESTS * 1000:.2f} ms"
        found.append(
            Row(
                f"catalogue page, {name}, {kind}: CPU × the same HTML from memory",
                budget,
                "lower",
                rounds,
                detail,
            )
        )
    return found


def _many(app: Flask, environ: dict[str, Any]) -> None:
    for _ in range(REQUESTS):
        _call(app, environ)


def signed_in(app: Flask, member_id: int) -> str:
    """The session cookie of a member who has seen a page before, made with the mall's own serializer."""
    from mall.domain.members.models import Member

    with app.app_context():
        member = db.session.get_one(Member, member_id)
        with app.test_request_context():
            serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
            data = {
                "_user_id": member.fs_uniquifier,
                "_fresh": True,
                "_id": None,
                "fs_cc": "set",
                "fs_paa": 0.0,
                app.config["WTF_CSRF_FIELD_NAME"]: "c" * 40,
            }
            return f"{app.config['SESSION_COOKIE_NAME']}={serializer.dumps(data)}"

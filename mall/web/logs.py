"""Structured logs: one JSON line an event (a readable one in development), with the request's id and without people.

Every answer has one line: the route's template (never the raw address, which may hold a token), status, time, queries.
"""

import json
import logging
import re
import sys
import time
from collections.abc import MutableMapping
from contextvars import ContextVar
from typing import Any

import structlog
from flask import Flask, Response, g, request, request_started
from sqlalchemy import event
from sqlalchemy.engine import Engine

from mall.core import clock
from mall.core.db import db
from mall.core.ids import token
from mall.core.privacy import mask

HEADER = "X-Request-ID"
_SANE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{7,63}", re.ASCII)
#: Fields that name a person or open a door: never written, whatever they hold.
HIDDEN = frozenset(
    {"email", "phone", "name", "recipient", "address", "password", "token", "csrf_token", "secret",
     "authorization", "cookie", "set_cookie", "birthday", "to", "query_string", "form", "parameters"}
)  # fmt: skip
#: Fields of our own making, in which nothing of a person can stand.
_PLAIN = frozenset({"level", "timestamp", "request_id", "method", "route", "logger"})

#: What only opens and closes savepoints is no query.
_BRACKETS = ("SAVEPOINT", "RELEASE", "ROLLBACK")

_queries: ContextVar[int] = ContextVar("mall_queries", default=0)
#: How `configure` set things up.
_readable = False
_handler: "logging.StreamHandler[Any]" = logging.StreamHandler()
log = structlog.get_logger("mall.web")


def keep_private(_logger: Any, _method: str, fields: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop what names a person, and mask e-mail addresses, telephone numbers and tokens in any text."""
    for key, value in fields.items():
        if key in _PLAIN:
            continue
        fields[key] = "[hidden]" if key.lower() in HIDDEN else _masked(value)
    return fields


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, dict):
        return {k: "[hidden]" if str(k).lower() in HIDDEN else _masked(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(v) for v in value]
    return value if value is None or isinstance(value, bool | int | float) else mask(str(value))


def configure(*, env: str, level: int | None = None) -> None:
    """Send structlog and the standard library's logging down one way, to standard error."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    global _readable, _handler
    _readable = readable = env == "development" and sys.stderr.isatty()
    last: list[Any] = (
        [structlog.dev.ConsoleRenderer()]
        if readable
        else [
            structlog.processors.format_exc_info,
            keep_private,
            structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
        ]
    )
    if readable:
        shared.append(keep_private)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=env != "test",
    )
    root = logging.getLogger()
    root.removeHandler(_handler)
    _handler = logging.StreamHandler()
    _handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root.addHandler(_handler)
    root.setLevel(level if level is not None else logging.WARNING if env == "test" else logging.INFO)
    for talkative in ("werkzeug", "huey", "alembic", "fontTools"):
        logging.getLogger(talkative).setLevel(logging.WARNING)


def request_id() -> str:
    """This request's id: what members read out to us, and what finds their log lines."""
    return str(g.get("request_id", ""))


def count_queries(engine: Engine) -> None:
    """Count the statements of this engine."""

    @event.listens_for(engine, "before_cursor_execute")
    def _count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(_BRACKETS):
            _queries.set(_queries.get() + 1)


def _line(**fields: Any) -> None:
    """The line of an answer. As JSON it is written at once: it holds nothing but what we put in, so nothing to mask."""
    if _readable:
        log.info("request", **fields)
        return
    at = clock.now().isoformat().replace("+00:00", "Z")
    whole = {"event": "request", **fields, "request_id": g.request_id, "level": "info", "timestamp": at}
    _handler.stream.write(json.dumps(whole) + "\n")


def init_app(app: Flask) -> None:
    """Give every request an id and every answer a line."""
    configure(env=app.config["SETTINGS"].env)
    with app.app_context():
        count_queries(db.engine)

    def _begin(_app: Flask) -> None:
        given = request.headers.get(HEADER, "")
        g.request_id = given if _SANE.fullmatch(given) else token(12)
        g.began = time.perf_counter()
        _queries.set(0)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    # A signal, not before_request: the id must stand before the first check may refuse the request.
    request_started.connect(_begin, app, weak=False)

    @app.after_request
    def _end(response: Response) -> Response:
        if "request_id" not in g:
            return response
        response.headers[HEADER] = g.request_id
        quiet = request.blueprint == "health" or request.endpoint == "static"
        if not quiet and logging.getLogger("mall.web").isEnabledFor(logging.INFO):
            _line(
                method=request.method,
                route=request.url_rule.rule if request.url_rule else "unknown",
                status=response.status_code,
                ms=int((time.perf_counter() - g.began) * 10_000) / 10,
                queries=_queries.get(),
            )
        return response

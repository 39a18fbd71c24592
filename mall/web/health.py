"""For those who watch over the mall: is the process alive, is it ready, what are its figures."""

import hmac
import ipaddress
import os
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask import Blueprint, Flask, Response, abort, current_app, jsonify, request
from sqlalchemy.exc import OperationalError, ProgrammingError, SQLAlchemyError

from mall.core.db import db
from mall.web import metrics

bp = Blueprint("health", __name__)
#: A proxy speaks for somebody else: its own address says nothing about who asks.
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")


@bp.get("/healthz")
def healthz() -> Response:
    """The process answers. Asks nothing of the database: a broken one is no reason to restart the process."""
    return jsonify(status="ok")


@bp.get("/readyz")
def readyz() -> Response:
    """The process can serve: database there, migrations at their head, queue there; else 503 and what is missing."""
    checks = {"database": _database(), "queue": _queue()}
    checks["migrations"] = "not known without a database" if checks["database"] else migrations_problem()
    answer = jsonify(
        status="unready" if any(checks.values()) else "ready",
        checks={name: problem or "ok" for name, problem in checks.items()},
    )
    answer.status_code = 503 if any(checks.values()) else 200
    return answer


@bp.get("/metrics")
def figures() -> Response:
    """Prometheus' figures, for whoever knows the token, or from this machine itself if no token is set."""
    if not _may_measure():
        abort(404)
    return Response(metrics.exposition(), content_type=metrics.CONTENT_TYPE)


def _may_measure() -> bool:
    wanted: str = current_app.config["SETTINGS"].metrics_token
    if wanted:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), wanted.encode())
    if any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _database() -> str:
    try:
        db.session.execute(sa.text("SELECT 1"))
    except SQLAlchemyError as error:
        db.session.rollback()
        return f"the database does not answer ({type(error).__name__})"
    return ""


def migrations_problem() -> str:
    """What is wrong with the database's version, in words; empty if it is at the head of the migrations."""
    try:
        at = set(db.session.execute(sa.text("SELECT version_num FROM alembic_version")).scalars())
    except ProgrammingError:
        at = set()  # PostgreSQL: no such table
    except OperationalError as error:
        if "no such table" not in str(error.orig):
            raise
        at = set()
    finally:
        db.session.rollback()
    wanted = _heads(current_app.extensions["migrate"].directory)
    if at == wanted:
        return ""
    return f"at {', '.join(sorted(at)) or 'no version'}, not {', '.join(sorted(wanted))}: run mall db upgrade"


@cache
def _heads(directory: str) -> frozenset[str]:
    return frozenset(ScriptDirectory(directory).get_heads())


def _queue() -> str:
    settings = current_app.config["SETTINGS"]
    if not settings.queue_url:
        return "" if os.access(Path(settings.var_dir), os.W_OK) else "the queue's folder cannot be written"
    if settings.queue_url.startswith("postgresql://"):
        return _postgresql(settings.queue_url)
    import redis  # only where it is used: the default mall runs without it

    try:
        redis.Redis.from_url(settings.queue_url, socket_timeout=2, socket_connect_timeout=2).ping()
    except (redis.RedisError, OSError) as error:
        return f"Redis does not answer ({type(error).__name__})"
    return ""


def _postgresql(url: str) -> str:
    import psycopg  # only where it is used, as with Redis

    try:
        with psycopg.connect(url, connect_timeout=2) as connection:
            connection.execute("SELECT 1")
    except psycopg.Error as error:
        return f"the queue's PostgreSQL does not answer ({type(error).__name__})"
    return ""


def init_app(app: Flask) -> None:
    """Register the three addresses. Nobody signs in to them, and no limit counts them."""
    app.register_blueprint(bp)

"""The production server as it is run: several processes, one set of figures, an end in order, and when it refuses."""

import hmac
import json
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest
import sqlalchemy as sa
from flask import Flask

from mall.cli.serve import command, not_ready
from mall.cli.serving import GRACE, LOOK_EVERY
from mall.cli.worker import worker
from mall.core.db import db, transaction
from mall.domain.payments.models import StripeEvent
from tests.support.cast import person
from tests.support.patience import PATIENCE, wait_for, wait_for_a_waiter
from tests.support.ports import kept_port
from tests.support.processes import kill, running


def get(
    url: str, body: bytes | None = None, headers: Mapping[str, str] = MappingProxyType({})
) -> tuple[int, bytes, dict[str, str]]:
    """Status, body and headers; status 0 while nobody answers. A POST if there is a body."""
    asked = urllib.request.Request(url, body, dict(headers))
    try:
        with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:
            return (
                answer.status,
                answer.read(),
                {name.lower(): value for name, value in answer.headers.items()},
            )
    except urllib.error.HTTPError as error:
        return error.code, error.read(), {}
    except OSError:
        return 0, b"", {}


def at_work(app: Flask) -> set[str]:
    """The processes that have answered: told to stop before it has begun to serve, one would be waited for in vain."""
    kept = Path(app.config["SETTINGS"].var_dir) / "metrics"
    return {path.stem.rpartition("_")[2] for path in kept.glob("counter_*.db")}


@pytest.mark.slow
def test_several_processes_serve_as_one_and_end_in_order(fresh_app: Flask) -> None:
    with (
        kept_port() as port,
        running(fresh_app, "serve", "--port", str(port), "--workers", "2", "--threads", "2") as server,
    ):
        base = f"http://127.0.0.1:{port}"
        wait_for(lambda: get(base + "/readyz")[0] == 200 and len(at_work(fresh_app)) == 2, "both processes")
        count = 40
        threads = [threading.Thread(target=get, args=(base + "/account/sign-in",)) for _ in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        status, body, headers = get(base + "/metrics")
        assert status == 200
        wanted = (
            'mall_requests_total{method="GET",route="/account/sign-in",status="200"} ' + f"{float(count)}"
        )
        assert wanted in body.decode()
        assert headers["content-security-policy"].startswith("default-src 'self'")
        _status, _body, asset = get(base + "/static/css/mall.css?v=1", headers={"Accept-Encoding": "gzip"})
        assert asset["content-encoding"] == "gzip"
        assert "immutable" in asset["cache-control"]
        slow = threading.Thread(target=get, args=(base + "/catalog",))
        slow.start()
        server.send_signal(signal.SIGTERM)
        slow.join()
        assert server.wait(timeout=PATIENCE) == 0
        wait_for(lambda: get(base + "/healthz")[0] == 0, "a closed door")
    log = (Path(fresh_app.config["SETTINGS"].var_dir) / "serve.log").read_text()
    assert "Traceback" not in log
    assert "without MALL_REDIS_URL" in log


@pytest.mark.slow
def test_a_server_that_is_killed_leaves_nobody_behind_to_serve(fresh_app: Flask) -> None:
    with (
        kept_port() as port,
        running(fresh_app, "serve", "--port", str(port), "--workers", "2", "--threads", "2") as server,
    ):
        base = f"http://127.0.0.1:{port}"
        wait_for(lambda: get(base + "/readyz")[0] == 200, "an answer")
        assert len(members_of(server.pid)) >= 3
        kill(server)
        wait_for(lambda: not members_of(server.pid), "an end of them all", within=40)
        assert get(base + "/healthz")[0] == 0


@pytest.mark.slow
def test_what_was_begun_is_finished_when_the_server_is_killed_and_nobody_keeps_the_lock(
    fresh_app: Flask,
) -> None:
    answers: list[int] = []
    with (
        kept_port() as port,
        running(fresh_app, "serve", "--port", str(port), "--workers", "1", "--threads", "2") as server,
    ):
        base = f"http://127.0.0.1:{port}"
        wait_for(lambda: get(base + "/readyz")[0] == 200, "an answer")
        with locked(fresh_app):
            slow = threading.Thread(target=lambda: answers.append(get(*a_webhook(fresh_app, base))[0]))
            slow.start()
            wait_for_a_waiter(fresh_app)
            kill(server)
            time.sleep(LOOK_EVERY * 5)
            assert members_of(server.pid)  # it waits, as it did
        slow.join()
        assert answers == [200]
        wait_for(lambda: not members_of(server.pid), "an end of them all", within=GRACE / 2)
    with fresh_app.app_context():
        assert db.session.scalar(sa.select(StripeEvent.id)) == "evt_1"
    with locked(fresh_app):
        """Somebody else can write."""


@pytest.mark.slow
def test_an_orphan_that_hangs_with_pythons_lock_is_ended_all_the_same() -> None:
    words = [sys.executable, "-c", _PARENT, _HANGS]
    parent = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert parent.stdout
    with parent.stdout as told:
        assert told.readline() == "up\n"
        assert members_of(parent.pid) != [parent.pid]
        kill(parent)
        assert told.readline() == "hangs\n"
        wait_for(lambda: not members_of(parent.pid), "an end of it")


#: Holds Python's lock for good when it is told to end, as granian does when it is told so twice.
_HANGS = """
import ctypes, os, signal, threading, time
from mall.cli.serving import end_with
forever = ctypes.PyDLL(None).pause
threading.Thread(target=end_with, args=(os.getppid(), signal.SIG_DFL, 1)).start()
signal.signal(signal.SIGTERM, lambda *_: (print("hangs", flush=True), forever()))
print("up", flush=True)
while True:
    time.sleep(1)
"""
_PARENT = "import subprocess, sys; subprocess.run([sys.executable, '-c', sys.argv[1]])"


@contextmanager
def locked(app: Flask) -> Iterator[None]:
    """Nobody else writes to this application's database (PostgreSQL: no webhook) meanwhile."""
    with app.app_context():
        other = sa.create_engine(db.engine.url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with other.connect() as connection:
        if other.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql("BEGIN")
            connection.exec_driver_sql("LOCK TABLE stripe_event IN EXCLUSIVE MODE")
        try:
            yield
        finally:
            connection.exec_driver_sql("ROLLBACK")


def a_webhook(app: Flask, base: str) -> tuple[str, bytes, dict[str, str]]:
    """A request that writes: an event as Stripe signs it."""
    event = {"id": "evt_1", "object": "event", "type": "customer.created", "created": int(time.time())}
    event |= {"livemode": False, "data": {"object": {"id": "cus_1", "object": "customer"}}}
    body = json.dumps(event).encode()
    secret = app.config["SETTINGS"].stripe_webhook_secret.encode()
    mac = hmac.new(secret, f"{event['created']}.".encode() + body, "sha256").hexdigest()
    return base + "/stripe/webhook", body, {"Stripe-Signature": f"t={event['created']},v1={mac}"}


def members_of(group: int) -> list[int]:
    """The living processes of a group."""
    found = subprocess.run(
        ["ps", "-eo", "pid=,pgid=,stat="], capture_output=True, text=True, check=True
    ).stdout
    rows = [line.split() for line in found.splitlines()]
    return [int(pid) for pid, pgid, stat in rows if int(pgid) == group and not stat.startswith("Z")]


def test_pictures_and_drawings_are_served_beside_the_application(fresh_app: Flask) -> None:
    words = command(fresh_app.config["SETTINGS"], host="127.0.0.1", port=1, workers=3, threads=4)
    assert words[words.index("--workers") + 1] == "3"
    routes = [words[n + 1] for n, word in enumerate(words) if word == "--static-path-route"]
    assert "/media" in routes


def test_a_database_that_is_behind_is_not_served(fresh_app: Flask) -> None:
    assert not_ready(fresh_app) == []
    with fresh_app.app_context(), transaction() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    (problem,) = not_ready(fresh_app)
    assert "mall db upgrade" in problem


def test_production_does_not_serve_the_demos_accounts(fresh_app: Flask) -> None:
    with fresh_app.app_context():
        person("Mei", "x")
        db.session.remove()
    assert not_ready(fresh_app) == []
    fresh_app.config["SETTINGS"] = replace(fresh_app.config["SETTINGS"], env="production")
    (problem,) = not_ready(fresh_app)
    assert "passwords are published" in problem


def test_production_does_not_work_for_the_demos_accounts(fresh_app: Flask) -> None:
    fresh_app.config["SETTINGS"] = replace(fresh_app.config["SETTINGS"], env="production")
    runner = fresh_app.test_cli_runner()
    assert "passwords are published" not in runner.invoke(worker, ["--once"]).output
    with fresh_app.app_context():
        person("Lee", "x", "supervisor")
        db.session.remove()
    for words in ((), ("--once",)):
        refused = runner.invoke(worker, words)
        assert refused.exit_code == 1
        assert "passwords are published" in refused.output


def test_an_address_at_the_demos_domain_that_is_not_the_demos_is_served(fresh_app: Flask) -> None:
    with fresh_app.app_context():
        person("Somebody", "x")
        db.session.remove()
    fresh_app.config["SETTINGS"] = replace(fresh_app.config["SETTINGS"], env="production")
    assert not_ready(fresh_app) == []

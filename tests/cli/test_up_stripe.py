"""`mall up` starts the development Stripe, unless there is another one to pay through."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from mall.cli import stripe
from mall.cli.up import _stripe_port
from mall.config import Settings
from tests.support.databases import settings_for
from tests.support.ports import kept_port


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.delenv("STRIPE_API_BASE", raising=False)
    return settings_for(f"sqlite:///{tmp_path / 'x.sqlite'}", tmp_path)


@pytest.fixture
def port() -> Iterator[int]:
    """A free port of this machine."""
    with kept_port() as port:
        yield port


def test_a_taken_port_is_passed_over(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert _stripe_port(settings, port - 1) > port


def test_another_stripe_is_left_alone(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    own = settings_for(settings.database_url, settings.var_dir, STRIPE_API_KEY="sk_test_mine")
    assert _stripe_port(own, 8000) == 0
    monkeypatch.setenv("STRIPE_API_BASE", "http://127.0.0.1:8123")
    assert _stripe_port(settings, 8000) == 0


def test_the_development_stripe_takes_our_words(settings: Settings, port: int) -> None:
    process = stripe.start(settings, port, webhook="http://127.0.0.1:8000/stripe/webhook")
    try:
        assert stripe.await_it(settings, port, process)
        assert (settings.var_dir / "devstripe.sqlite").exists()
    finally:
        process.terminate()
        process.wait()


def test_the_demo_has_a_stripe_for_the_time_being_where_none_answers(settings: Settings, port: int) -> None:
    here = replace(settings, env="development", stripe_api_base=f"http://127.0.0.1:{port}")
    with stripe.at_hand(here) as first:
        assert first is not None
        assert first.answers()
        with stripe.at_hand(here) as same:
            assert same is not None
        assert first.answers()  # it was not ours to stop
    assert not first.answers()
    assert stripe.kept_in(here).exists()


def test_no_stripe_is_started_for_another_one_nor_in_a_test(settings: Settings) -> None:
    own = settings_for(settings.database_url, settings.var_dir, STRIPE_API_KEY="sk_test_mine")
    for others in (own, replace(own, env="development"), settings):
        with stripe.at_hand(others) as found:
            assert found is None
    assert not stripe.kept_in(settings).exists()


class Stranger(BaseHTTPRequestHandler):
    """Something else that listens where the development Stripe should: it has a word for everything."""

    says: ClassVar[bytes] = b"{}"
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.says)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def stranger() -> Iterator[int]:
    server = HTTPServer(("127.0.0.1", 0), Stranger)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    Stranger.asked.clear()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    "says",
    [
        b'{"now": 1763900000}',
        b"7",
        b"<html>",
        b'{"service": "devstripe", "livemode": true, "api_key": "sk_test_devstripe"}',
        b'{"service": "devstripe", "livemode": false, "api_key": "sk_test_another"}',
    ],
)
def test_whatever_else_answers_there_is_told_of_no_order(
    settings: Settings,
    stranger: int,
    says: bytes,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(Stranger, "says", says)
    here = replace(settings, env="development", stripe_api_base=f"http://127.0.0.1:{stranger}")
    with stripe.at_hand(here) as found:
        assert found is None
    assert Stranger.asked == ["/_control/identity"]
    assert "is not this mall's development Stripe" in capsys.readouterr().err
    assert not stripe.kept_in(settings).exists()


def test_no_machine_but_this_one_is_asked(settings: Settings) -> None:
    """Sockets to elsewhere are closed in tests: a question would be an error."""
    for env in ("development", "test"):
        there = replace(settings, env=env, stripe_api_base="https://api.stripe.com")
        with stripe.at_hand(there) as found:
            assert found is None

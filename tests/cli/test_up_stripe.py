"""`mall up` starts the development Stripe, unless there is another one to pay through."""

import socket
import subprocess
from pathlib import Path

import pytest

from mall.cli.up import _stripe, _stripe_port
from mall.config import Settings
from tests.support.databases import settings_for
from tests.support.processes import wait_for


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.delenv("STRIPE_API_BASE", raising=False)
    return settings_for(f"sqlite:///{tmp_path / 'x.sqlite'}", tmp_path)


def free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_a_taken_port_is_passed_over(settings: Settings) -> None:
    port = free()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        assert _stripe_port(settings, port - 1) > port


def test_another_stripe_is_left_alone(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    own = settings_for(settings.database_url, settings.var_dir, STRIPE_API_KEY="sk_test_mine")
    assert _stripe_port(own, 8000) == 0
    monkeypatch.setenv("STRIPE_API_BASE", "http://127.0.0.1:8123")
    assert _stripe_port(settings, 8000) == 0


def test_the_development_stripe_takes_our_words(settings: Settings) -> None:
    port = free()
    process = subprocess.Popen([*_stripe(settings, 8000, port)], stdout=subprocess.DEVNULL)
    try:
        wait_for(lambda: process.poll() is not None or answers(port), "the development Stripe")
        assert process.poll() is None
        assert (settings.var_dir / "devstripe.sqlite").exists()
    finally:
        process.terminate()
        process.wait()

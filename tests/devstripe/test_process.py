"""The stand-in as a process: it starts where it may, and what it answered survives kill -9."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import stripe

from devstripe import create_app
from devstripe.app import Refused
from devstripe.testing import Control, over_http
from tests.devstripe.endpoint import listening
from tests.devstripe.shop import line, order
from tests.support.patience import PATIENCE, wait_for

ROOT = Path(__file__).resolve().parents[2]


def start(*words: str, **environment: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "devstripe", *words],
        cwd=ROOT,
        env={"PATH": "", "PYTHONPATH": str(ROOT), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@contextmanager
def process(*words: str) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """A running process and its address; killed at the end if it still runs."""
    running = start("--port", "0", *words)
    try:
        assert running.stdout is not None
        said = running.stdout.readline()
        assert "no money moves" in said, said + running.stdout.read()
        yield running, said.split()[3].rstrip(":")
    finally:
        running.kill()
        running.wait()
        assert running.stdout is not None
        running.stdout.close()


def client(url: str) -> stripe.StripeClient:
    return stripe.StripeClient("sk_test_devstripe", base_addresses={"api": url})


def wanted() -> stripe.params.checkout.SessionCreateParams:
    made: stripe.params.checkout.SessionCreateParams = order(
        expires_at=int(time.time()) + 3600, line_items=[line("Mug", 500)]
    )
    return made


@pytest.mark.parametrize(
    ("words", "environment", "said"),
    [
        ((), {"MALL_ENV": "production"}, "does not start where MALL_ENV is production"),
        ((), {"MALL_ENV": "Production"}, "does not start where MALL_ENV is production"),
        (("--host", "0.0.0.0"), {}, "on this machine alone"),
        (("--api-key", "sk_live_x"), {}, "test keys alone"),
    ],
)
def test_it_refuses_to_start_where_it_must_not(
    words: tuple[str, ...], environment: dict[str, str], said: str
) -> None:
    refused = start(*words, **environment)
    told, _ = refused.communicate(timeout=PATIENCE)
    assert refused.returncode == 1
    assert said in told


def test_the_application_itself_refuses_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MALL_ENV", "production")
    with pytest.raises(Refused):
        create_app(deliver="manual")


def test_what_was_answered_survives_kill_9(tmp_path: Path) -> None:
    words = ("--database", str(tmp_path / "stripe.sqlite"), "--seed", "5")
    asked = wanted()
    with listening() as shop:
        shop.answers = [503] * 1000
        with process(*words, "--webhook", shop.url) as (running, url):
            made = client(url).v1.checkout.sessions.create(asked, {"idempotency_key": "k"})
            control = Control(over_http(url))
            control.pay(made.id)
            control.advance(600)
            now = control.now()
            requests, events = control.requests(), control.events()
            running.send_signal(signal.SIGKILL)
            running.wait()
        shop.answers = []
        with process(*words, "--webhook", shop.url) as (_, url):
            control = Control(over_http(url))
            assert client(url).v1.checkout.sessions.retrieve(made.id).payment_status == "paid"
            again = client(url).v1.checkout.sessions.create(asked, {"idempotency_key": "k"})
            assert again.id == made.id
            assert [e["id"] for e in control.events()] == [e["id"] for e in events]
            assert control.requests()[: len(requests)] == requests
            assert 0 <= control.now() - now < 120
            other = client(url).v1.checkout.sessions.create(wanted())
            assert other.id != made.id
            wait_for(lambda: len(shop.taken) >= len(events), "every webhook")
            assert [e.id for e in shop.taken][-1] in {e["id"] for e in events}


def test_it_ends_when_told_to() -> None:
    with process() as (running, url):
        assert client(url).v1.checkout.sessions.list().data == []
        running.terminate()
        assert running.wait(timeout=PATIENCE) == 0

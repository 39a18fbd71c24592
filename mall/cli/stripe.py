"""The development Stripe as a process of its own: `mall up` starts it, and the demo for as long as it is loaded."""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import click

from mall.config import Settings
from mall.config.stripe import LOOPBACK
from mall.demo.till import Till

_WAIT = 15.0


def taken(port: int) -> bool:
    """Whether something listens on a port of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def kept_in(settings: Settings) -> Path:
    """Where it keeps what it knows."""
    return settings.var_dir / "devstripe.sqlite"


def start(settings: Settings, port: int, *, webhook: str = "") -> "subprocess.Popen[bytes]":
    """Start it on a port of this machine: it remembers its sessions, and tells of them at `webhook`.

    In a session of its own: Ctrl-C reaches this process alone, which then stops the others in order.
    """
    kept_in(settings).parent.mkdir(parents=True, exist_ok=True)
    words = [
        *(sys.executable, "-m", "devstripe", "--port", str(port)),
        *("--api-key", settings.stripe_api_key, "--secret", settings.stripe_webhook_secret),
        *("--database", str(kept_in(settings))),
        *(("--webhook", webhook) if webhook else ()),
    ]
    return subprocess.Popen(words, start_new_session=True)


def await_it(
    settings: Settings, port: int, child: "subprocess.Popen[bytes]", stop: threading.Event | None = None
) -> bool:
    """Give it time to come up; whether it is there."""
    stripe = Till(f"http://127.0.0.1:{port}", settings.stripe_api_key)
    until, stop = time.monotonic() + _WAIT, stop or threading.Event()
    while child.poll() is None and time.monotonic() < until and not stop.is_set():
        if stripe.answers():
            return True
        stop.wait(0.05)
    return False


@contextmanager
def at_hand(settings: Settings) -> Iterator[Till | None]:
    """The development Stripe of these settings: the one that answers, else (in development) one for the time being.

    None where there is none: the settings name another Stripe, or something else listens there (which is said). Nobody
    but this machine is ever asked, and whatever answers must say that it is the development Stripe.
    """
    till, base = Till(settings.stripe_api_base, settings.stripe_api_key), urlsplit(settings.stripe_api_base)
    if not settings.development_stripe or base.hostname not in LOOPBACK:
        yield None
    elif till.answers():
        yield till
    elif settings.env != "development" or base.hostname != "127.0.0.1" or not base.port:
        yield None
    elif taken(base.port):
        click.echo(
            f"What listens on port {base.port} is not this mall's development Stripe, so nobody pays by card in this demo. "
            "Stop it, or name another address by STRIPE_API_BASE, and load the demo anew.",
            err=True,
        )
        yield None
    else:
        child = start(settings, base.port)
        try:
            yield till if await_it(settings, base.port, child) else None
        finally:
            child.terminate()
            child.wait()

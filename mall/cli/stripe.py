"""The development Stripe as a process of its own: `mall up` starts it, and the demo for as long as it is loaded."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from mall.config import Settings
from mall.demo.till import Till

_WAIT = 15.0


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


def await_it(port: int, child: "subprocess.Popen[bytes]", stop: threading.Event | None = None) -> bool:
    """Give it time to come up; whether it is there."""
    stripe, until, stop = (
        Till(f"http://127.0.0.1:{port}"),
        time.monotonic() + _WAIT,
        stop or threading.Event(),
    )
    while child.poll() is None and time.monotonic() < until and not stop.is_set():
        if stripe.answers():
            return True
        stop.wait(0.05)
    return False


@contextmanager
def at_hand(settings: Settings) -> Iterator[Till | None]:
    """The development Stripe of these settings: the one that answers, else (in development) one for the time being.

    None where there is none: the settings name another Stripe, or something else listens there.
    """
    till, base = Till(settings.stripe_api_base), urlsplit(settings.stripe_api_base)
    if not settings.development_stripe:
        yield None
    elif till.answers():
        yield till
    elif settings.env != "development" or base.hostname != "127.0.0.1" or not base.port:
        yield None
    else:
        child = start(settings, base.port)
        try:
            yield till if await_it(base.port, child) else None
        finally:
            child.terminate()
            child.wait()

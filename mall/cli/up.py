"""`mall up`: the whole mall with its demo on this machine, by one command. For development."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Sequence

import click

from mall.config import Settings
from mall.demo.people import MEMBERS, PASSWORD, STAFF

_WAIT_READY, _WAIT_STOP = 60.0, 35.0
_WHAT = {
    "merchandiser": "items and prices",
    "service": "orders and members",
    "supervisor": "approvals",
    "finance": "reads all, changes nothing",
    "administrator": "everything",
}


@click.command("up")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Web processes.")
@click.option("--no-demo", is_flag=True, help="Leave the database as it is but for migrations.")
def up(port: int, workers: int, no_demo: bool) -> None:
    """Migrate, load the demo once, start the mall and its worker, and say where to look. Ctrl-C stops both."""
    settings = Settings.from_env()
    if settings.env == "production":
        raise click.ClickException(
            "In production run `mall serve` and `mall worker`, each as a service of its own."
        )
    if _taken(port):
        raise click.ClickException(f"Something listens on port {port} already; choose another with PORT=.")
    os.environ.setdefault("MALL_BASE_URL", f"http://127.0.0.1:{port}")
    _do("db", "upgrade")
    if not no_demo:
        _do("demo", "load")
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    children = {
        "web": _start("serve", "--port", str(port), "--workers", str(workers)),
        "worker": _start("worker"),
    }
    try:
        if _ready(port, children, stop):
            _greet(port)
        ended = _watch(children, stop)
    finally:
        _stop(children)
    if ended:
        raise click.ClickException(f"The {ended} ended by itself (see above); the mall has been stopped.")


def _mall(*words: str) -> list[str]:
    return [sys.executable, "-m", "mall.cli", *words]


def _do(*words: str) -> None:
    """Run one of our commands to its end; stop if it fails."""
    done = subprocess.run(_mall(*words), check=False)
    if done.returncode:
        raise click.ClickException(f"`mall {' '.join(words)}` failed.")


def _start(*words: str) -> "subprocess.Popen[bytes]":
    # A session of its own: Ctrl-C reaches this process alone, which then stops the others in order.
    return subprocess.Popen(_mall(*words), start_new_session=True)


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def _ready(port: int, children: "dict[str, subprocess.Popen[bytes]]", stop: threading.Event) -> bool:
    until = time.monotonic() + _WAIT_READY
    while time.monotonic() < until and not stop.wait(0.1):
        if any(child.poll() is not None for child in children.values()):
            return False
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
                return bool(json.load(answer)["status"] == "ready")
        except (OSError, ValueError):
            continue
    return False


def _watch(children: "dict[str, subprocess.Popen[bytes]]", stop: threading.Event) -> str:
    """Wait for Ctrl-C (""), or until a child ends by itself (its name)."""
    while not stop.wait(0.2):
        for name, child in children.items():
            if child.poll() is not None:
                return name
    return ""


def _stop(children: "dict[str, subprocess.Popen[bytes]]") -> None:
    for child in children.values():
        if child.poll() is None:
            child.terminate()
    until = time.monotonic() + _WAIT_STOP
    for child in children.values():
        try:
            child.wait(max(until - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _greet(port: int) -> None:
    address = f"http://127.0.0.1:{port}"
    lines = [
        "",
        f"  The mall      {address}",
        f"  Staff         {address}/admin",
        f"  Mail          {_mail()}",
        "",
    ]
    lines += ["  Sign in as (password " + PASSWORD + "):"]
    lines += [f"    {person.email:<20} member" for person in MEMBERS]
    lines += [f"    {person.email:<20} {_duty(person.roles)}" for person in STAFF]
    click.echo("\n".join([*lines, "", "  Ctrl-C stops it.", ""]))


def _mail() -> str:
    return os.environ.get("MALL_MAIL_URL") or "printed here, and kept in var/mail"


def _duty(roles: Sequence[str]) -> str:
    return ", ".join(f"{role} ({_WHAT[role]})" for role in roles)

"""`mall up`: the whole mall with its demo on this machine, by one command. For development."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Sequence
from contextlib import ExitStack

import click
from flask.cli import ScriptInfo
from flask_migrate import upgrade

from mall.cli import keeping, stripe
from mall.cli.demo import load_command
from mall.config import Settings, beside
from mall.core.db import db
from mall.demo.people import MEMBERS, PASSWORD, STAFF

_WAIT_READY = 60.0
_WHAT = {
    "merchandiser": "items and prices",
    "service": "orders and members",
    "supervisor": "approvals",
    "finance": "reads all, changes nothing",
    "administrator": "everything",
}

#: Who issues the demo's receipts, where nobody is named.
_MERCHANT = {
    "MALL_MERCHANT_NAME": "Seven Hills Trading Co.",
    "MALL_MERCHANT_ADDRESS": "18 Wukang Road\nXuhui, Shanghai 200031",
    "MALL_MERCHANT_TAX_NUMBER": "91310000DEMO00001X",
}


@click.command("up")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Web processes.")
@click.option("--no-demo", is_flag=True, help="Leave the database as it is but for migrations.")
@click.pass_context
def up(context: click.Context, port: int, workers: int, no_demo: bool) -> None:
    """Migrate, load the demo once, start the mall, its worker and the development Stripe, and say where to look.

    With STRIPE_API_KEY set no development Stripe is started. Ctrl-C stops all, and so does its own end, whatever that is.
    """
    settings = Settings.from_env()
    if settings.env == "production":
        raise click.ClickException(
            "In production run `mall serve` and `mall worker`, each as a service of its own."
        )
    if stripe.taken(port):
        raise click.ClickException(f"Something listens on port {port} already; choose another with PORT=.")
    os.environ.setdefault("MALL_BASE_URL", f"http://127.0.0.1:{port}")
    if not no_demo:
        for name, value in _MERCHANT.items():
            os.environ.setdefault(name, value)
    stripe_port = _stripe_port(settings, port)
    if stripe_port:
        os.environ["STRIPE_API_BASE"] = f"http://127.0.0.1:{stripe_port}"
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    children: dict[str, subprocess.Popen[bytes]] = {}
    with ExitStack() as at_end:
        keep = at_end.enter_context(keeping.keeper())
        at_end.callback(_stop, children)
        at_end.enter_context(beside.told(settings.var_dir, os.environ))
        if stripe_port:
            webhook = f"http://127.0.0.1:{port}/stripe/webhook"
            children["development Stripe"] = keep(stripe.start(settings, stripe_port, webhook=webhook))
            stripe.await_it(settings, stripe_port, children["development Stripe"], stop)
        _prepare(context, with_demo=not no_demo)
        children["web"] = keep(_start(_mall("serve", "--port", str(port), "--workers", str(workers))))
        children["worker"] = keep(_start(_mall("worker")))
        if _ready(port, children, stop):
            _greet(port)
        elif not stop.is_set() and all(child.poll() is None for child in children.values()):
            click.echo(
                f"The mall does not answer on port {port} after {_WAIT_READY:.0f} seconds (see above).",
                err=True,
            )
        ended = _watch(children, stop)
    if ended:
        raise click.ClickException(f"The {ended} ended by itself (see above); the mall has been stopped.")


def _mall(*words: str) -> list[str]:
    return [sys.executable, "-m", "mall.cli", *words]


def _prepare(context: click.Context, *, with_demo: bool) -> None:
    """Migrate, and load the demo unless it is there; in this process, which then keeps no connection."""
    app = context.ensure_object(ScriptInfo).load_app()
    with app.app_context():
        upgrade()
        if with_demo:
            context.invoke(load_command)
        db.session.remove()
        db.engine.dispose()


def _stripe_port(settings: Settings, port: int) -> int:
    """The first free port after the mall's for the development Stripe; 0 if another Stripe is set."""
    if not settings.development_stripe or os.environ.get("STRIPE_API_BASE"):
        return 0
    free = (number for number in range(port + 1, port + 21) if number <= 65535 and not stripe.taken(number))
    found = next(free, 0)
    if not found:
        raise click.ClickException(f"No port from {port + 1} on is free for the development Stripe.")
    return found


def _start(words: list[str]) -> "subprocess.Popen[bytes]":
    # A session of its own: Ctrl-C reaches this process alone, which then stops the others in order.
    return subprocess.Popen(words, start_new_session=True)


def _ready(port: int, children: "dict[str, subprocess.Popen[bytes]]", stop: threading.Event) -> bool:
    # Straight to this machine: a proxy of the environment (http_proxy) knows nothing of its 127.0.0.1.
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    until = time.monotonic() + _WAIT_READY
    while time.monotonic() < until and not stop.wait(0.1):
        if any(child.poll() is not None for child in children.values()):
            return False
        try:
            with direct.open(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
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
    until = time.monotonic() + keeping.WAIT
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
        f"  Stripe        {_where_cash_goes()}",
        f"  Mail          {_mail()}",
        "",
    ]
    lines += ["  Sign in as (password " + PASSWORD + "):"]
    lines += [f"    {person.email:<20} member" for person in MEMBERS]
    lines += [f"    {person.email:<20} {_duty(person.roles)}" for person in STAFF]
    click.echo("\n".join([*lines, "", "  Ctrl-C stops it.", ""]))


def _mail() -> str:
    return (
        os.environ.get("MALL_MAIL_URL") or f"printed here, and kept in {Settings.from_env().var_dir / 'mail'}"
    )


def _where_cash_goes() -> str:
    settings = Settings.from_env()
    if settings.development_stripe:
        return (
            f"{settings.stripe_api_base} (for development: no money moves; pay by card 4242 4242 4242 4242)"
        )
    return "your account, in test mode: test cards only"


def _duty(roles: Sequence[str]) -> str:
    return ", ".join(f"{role} ({_WHAT[role]})" for role in roles)

"""`mall orders`: what the worker does on schedule, by hand, and the state machines as diagrams."""

import json
from datetime import datetime

import click
from flask.cli import with_appcontext

from mall.cli.instants import INSTANT
from mall.core import clock
from mall.domain.orders import rules
from mall.worker.schedule import sweep_all


@click.group()
def orders() -> None:
    """Orders: sweep, states."""


@orders.command()
@click.option("--as-of", type=INSTANT, help="an instant, such as 2026-11-22T08:00+08:00 (default: now)")
@with_appcontext
def sweep(as_of: datetime | None) -> None:
    """Delete lapsed quotes and abandoned guests' baskets; prints how many as one JSON line. Idempotent."""
    quotes, baskets = sweep_all(as_of or clock.now())
    click.echo(json.dumps({"quotes": quotes, "baskets": baskets}))


@orders.command()
def states() -> None:
    """Print the state machines as Mermaid diagrams, as docs/orders.md shows them."""
    click.echo(rules.diagrams(), nl=False)

"""`mall orders`: what the worker does on schedule, by hand, and the state machines as diagrams."""

import json
from datetime import UTC, datetime

import click
from flask.cli import with_appcontext

from mall.core import clock
from mall.core.db import transaction
from mall.domain.orders import rules, sweeping


@click.group()
def orders() -> None:
    """Orders: sweep, states."""


@orders.command()
@click.option("--as-of", type=click.DateTime(), help="Sweep as if it were then (UTC).")
@with_appcontext
def sweep(as_of: datetime | None) -> None:
    """Delete lapsed quotes and abandoned guests' baskets; prints how many as one JSON line. Idempotent."""
    at = as_of.replace(tzinfo=UTC) if as_of else clock.now()
    quotes = baskets = 0
    while True:
        with transaction():
            swept = sweeping.sweep(at)
        quotes, baskets = quotes + swept.quotes, baskets + swept.baskets
        if not swept.more:
            break
    click.echo(json.dumps({"quotes": quotes, "baskets": baskets}))


@orders.command()
def states() -> None:
    """Print the state machines as Mermaid diagrams, as docs/orders.md shows them."""
    click.echo(rules.diagrams(), nl=False)

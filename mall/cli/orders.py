"""`mall orders`: what the worker does on schedule, by hand, and the state machines as diagrams."""

import json
from datetime import datetime

import click
from flask.cli import with_appcontext

from mall.cli.instants import INSTANT
from mall.core import clock
from mall.domain.orders import rules, words
from mall.worker import cash
from mall.worker.schedule import sweep_all


def documented() -> str:
    """The generated part of docs/orders.md: the machines, and the words that are derived from them."""
    return rules.diagrams() + "\n" + words.derived()


@click.group()
def orders() -> None:
    """Orders: sweep, states."""


@orders.command()
@click.option("--as-of", type=INSTANT, help="an instant, such as 2026-11-22T08:00+08:00 (default: now)")
@with_appcontext
def sweep(as_of: datetime | None) -> None:
    """Do what the worker does by the clock: close orders whose time to pay is over, take up what got stuck at Stripe,
    read what it has not told us; delete lapsed quotes and abandoned guests' baskets. Prints how many of each as one JSON
    line. Idempotent."""
    at = as_of or clock.now()
    done = {
        "closed": cash.close_overdue(at),
        "resumed": cash.resume(at),
        "reconciled": cash.reconcile(at),
    }
    quotes, baskets = sweep_all(at)
    click.echo(json.dumps({**done, "quotes": quotes, "baskets": baskets}))


@orders.command()
def states() -> None:
    """Print the state machines as Mermaid diagrams, and the derived words, as docs/orders.md shows them."""
    click.echo(documented(), nl=False)

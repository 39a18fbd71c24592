"""`mall points expire`: what time does to points, by hand."""

import json
from datetime import datetime

import click
from flask.cli import with_appcontext

from mall.cli.instants import INSTANT
from mall.core import clock
from mall.core.db import transaction
from mall.domain.ledger import service as ledger

#: Members a transaction: their accounts are locked until it ends.
BATCH = 500


@click.group("points", help="Points.")
def points() -> None:
    """The group `mall points`."""


@points.command("expire")
@click.option("--as-of", type=INSTANT, help="an instant, such as 2026-11-22T08:00+08:00 (default: now)")
@with_appcontext
def expire(as_of: datetime | None) -> None:
    """Activate and expire what is due, as the worker does on schedule. Idempotent."""
    at = as_of or clock.now()
    members, done = 0, BATCH
    while done == BATCH:
        with transaction():
            done = ledger.expire(at, limit=BATCH)
        members += done
    click.echo(json.dumps({"as_of": at.isoformat(), "members": members}))

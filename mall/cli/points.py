"""`mall points expire`: what time does to points, by hand."""

import json
from datetime import datetime

import click
from flask.cli import with_appcontext

from mall.cli.instants import INSTANT
from mall.core import clock
from mall.worker.schedule import expire_points


@click.group("points", help="Points.")
def points() -> None:
    """The group `mall points`."""


@points.command("expire")
@click.option("--as-of", type=INSTANT, help="an instant, such as 2026-11-22T08:00+08:00 (default: now)")
@with_appcontext
def expire(as_of: datetime | None) -> None:
    """Activate and expire what is due, as the worker does on schedule. Idempotent."""
    at = as_of or clock.now()
    click.echo(json.dumps({"as_of": at.isoformat(), "members": expire_points(at)}))

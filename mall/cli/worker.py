"""`mall worker`: tasks, the schedule and the outbox. `mall outbox`: what waits, and what could not be delivered."""

import json

import click
from flask import current_app
from flask.cli import with_appcontext

from mall.cli.demo import DEMO_THERE, demo_in_production
from mall.core import clock
from mall.core.db import transaction
from mall.domain.outbox import queries, service
from mall.worker import running


@click.command("worker")
@click.option("--once", is_flag=True, help="Do all that is due, then stop.")
@with_appcontext
def worker(once: bool) -> None:
    """Deliver the outbox and do what the clock asks for, until SIGTERM."""
    if demo_in_production(current_app.config["SETTINGS"]):
        raise click.ClickException(f"The worker does not start: {DEMO_THERE}.")
    if not once:
        from mall.worker import consumer  # huey takes a second to import, and no other command needs it

        consumer.run(current_app._get_current_object())  # type: ignore[attr-defined]  # a proxy, typed as what it stands for
        return
    tally, jobs = running.once()
    said = {"delivered": tally.delivered, "failed": tally.failed, "dead": tally.dead, "jobs": jobs}
    click.echo(json.dumps(said))
    if None in jobs.values():
        raise SystemExit(1)


@click.group("outbox")
def outbox() -> None:
    """Look into the outbox."""


@outbox.command("status")
@with_appcontext
def status() -> None:
    """Print how many messages wait, how late the oldest is, and how many are dead; exit 1 if any is dead."""
    backlog = queries.backlog(clock.now())
    said = {
        "waiting": backlog.waiting,
        "lag_seconds": round(backlog.lag_seconds, 1),
        "dead": backlog.dead,
    }
    click.echo(json.dumps(said))
    if backlog.dead:
        raise SystemExit(1)


@outbox.command("dead")
@click.option("--limit", default=50, show_default=True)
@with_appcontext
def dead(limit: int) -> None:
    """List messages that were given up, newest first."""
    for row in queries.dead(limit):
        click.echo(
            f"{row.id}\t{row.kind}\t{row.created_at:%Y-%m-%d %H:%M}\t{row.attempts} tries\t{row.error}"
        )


@outbox.command("retry")
@click.argument("message_id", type=int, required=False)
@click.option("--all", "everything", is_flag=True, help="Every dead message.")
@with_appcontext
def retry(message_id: int | None, everything: bool) -> None:
    """Let dead messages be delivered again."""
    if (message_id is None) != everything:
        raise click.UsageError("name one message, or say --all")
    with transaction():
        count = service.retry(message_id, at=clock.now())
    click.echo(f"{count} to be delivered again")
    if not count:
        raise SystemExit(1)

"""`mall ledger verify|export|seal`: check the books, take them elsewhere, seal them."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from mall.config import Settings
from mall.core import clock
from mall.core.db import snapshot
from mall.domain.items.queries.checks import stock_violations
from mall.domain.items.queries.codes import code_violations
from mall.domain.ledger import export as books
from mall.domain.ledger import seal as seals
from mall.domain.ledger.verify import Checker, verify
from mall.domain.orders import cash_checks, refund_checks
from mall.domain.orders import checks as orders
from mall.worker.sealing import publish, seal_yesterday

#: Checkers of the rooms beside and above the ledger: invariants 5 (orders) and 7 (stock and code pools).
EXTRA: tuple[Checker, ...] = (
    orders.violations, cash_checks.violations, refund_checks.violations, stock_violations, code_violations
)  # fmt: skip


@click.group("ledger", help="The points ledger.")
def ledger() -> None:
    """The group `mall ledger`."""


@ledger.command("verify")
@click.option("--json", "as_json", is_flag=True, help="the answer as one JSON object")
@click.option("--since-seal", is_flag=True, help="walk the chains from the last seal on only")
@with_appcontext
def verify_command(as_json: bool, since_seal: bool) -> None:
    """Check every invariant on the whole database. Exit code 1 and a line per violation if one does not hold."""
    with snapshot():
        report = verify(extra=EXTRA, since_seal=since_seal)
    figures = asdict(report) | {"outstanding": report.outstanding}
    if as_json:
        click.echo(json.dumps(figures | {"violations": [str(found) for found in report.violations]}))
    else:
        for found in report.violations:
            click.echo(str(found), err=True)
        click.echo(
            f"{len(report.violations)} violations. {report.members} members, {report.entries} entries: "
            f"{report.available} points available, {report.held} held, {report.pending} pending, "
            f"{report.debt} owed by members; outstanding {report.outstanding}."
        )
    sys.exit(1 if report.violations else 0)


@ledger.command("export")
@click.option("--format", "kind", type=click.Choice(["beancount"]), required=True)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="a file instead of stdout")
@with_appcontext
def export_command(kind: str, output: Path | None) -> None:
    """Write the books so that `bean-check` accepts them and agrees on every balance."""
    settings: Settings = current_app.config["SETTINGS"]
    with snapshot(), click.open_file(str(output or "-"), "w", encoding="utf-8") as file:
        for piece in books.beancount(settings.name):
            file.write(piece)


@ledger.command("seal")
@click.option(
    "--folder", type=click.Path(file_okay=False, path_type=Path), help="where to publish (default var/seals)"
)
@with_appcontext
def seal_command(folder: Path | None) -> None:
    """Publish the Merkle root over the heads of all chains: on stdout, and as a file of its own.

    What is sealed is the last day that is over in the programme's time zone (MALL_TIMEZONE), as the worker does it
    each night. A day has one seal; sealing again shows and publishes the last.
    """
    settings: Settings = current_app.config["SETTINGS"]
    target = folder or settings.var_dir / "seals"
    seal_yesterday(clock.now(), zone=settings.timezone, folder=target)
    last = seals.latest()
    assert last is not None
    click.echo(publish(last, target))

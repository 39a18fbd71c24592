"""`mall purchases import`: what members bought at the merchant's comes in."""

import json
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from mall.config import Settings
from mall.core import clock
from mall.core.actor import SYSTEM
from mall.core.db import transaction
from mall.core.errors import MallError
from mall.domain.earning import service as earning
from mall.domain.earning.reading import PurchaseRow, RefusedRow, read_cdnow, read_csv

#: Rows a transaction: long enough to be fast, short enough to let others in between.
CHUNK = 5000
READERS = {"csv": read_csv, "cdnow": read_cdnow}


@click.group("purchases", help="Purchases at the merchant's.")
def group() -> None:
    """The group `mall purchases`."""


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--format", "kind", type=click.Choice(sorted(READERS)), default="csv", help="what kind of file it is"
)
@click.option("--create-members", is_flag=True, help="create the members that are not known yet")
@click.option("--no-expiry", is_flag=True, help="these points never expire")
@click.option(
    "--source", help="where the purchases come from; their ids are unique within it (default: the format)"
)
@with_appcontext
def import_(file: Path, kind: str, create_members: bool, no_expiry: bool, source: str | None) -> None:
    """Import purchases and give their points; importing again changes nothing.

    CSV and XLSX have the columns external_id, member, at, amount. Good rows are kept; refused rows are named on
    stderr and the exit code is 1. The last line on stdout is a JSON summary.
    """
    settings: Settings = current_app.config["SETTINGS"]
    policy = earning.Policy(
        source=source or kind,
        currency=settings.currency,
        zone=settings.timezone,
        life_months=None if no_expiry else settings.points_life_months,
        create_members=create_members,
    )
    try:
        rows = list(
            READERS[kind](file.read_bytes(), file.name, currency=settings.currency, zone=settings.timezone)
        )
    except MallError as error:
        raise click.ClickException(error.message % error.params) from error
    outcome = _in_chunks(rows, policy)
    for refused in sorted(outcome.refused, key=lambda row: row.line):
        click.echo(f"line {refused.line}: {refused.why}", err=True)
    click.echo(json.dumps(outcome.as_json()))
    if outcome.refused:
        raise SystemExit(1)


def _in_chunks(rows: list[PurchaseRow | RefusedRow], policy: earning.Policy) -> earning.Outcome:
    total = earning.Outcome()
    with click.progressbar(length=len(rows), label="Purchases", file=click.get_text_stream("stderr")) as bar:
        for start in range(0, len(rows), CHUNK):
            chunk = rows[start : start + CHUNK]
            with transaction():
                outcome = earning.record_purchases(chunk, policy, actor=SYSTEM, at=clock.now())
            total.add(outcome)
            bar.update(len(chunk))
    return total

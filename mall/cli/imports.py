"""`mall members import` and `mall purchases import`: the merchant's members and what they bought come in."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import click
from flask import current_app
from flask.cli import with_appcontext

from mall.cli.instants import INSTANT
from mall.config import Settings
from mall.core import clock
from mall.core.actor import SYSTEM
from mall.core.db import transaction
from mall.core.errors import BadValue, MallError
from mall.core.numbers import parse_money
from mall.domain.earning import service as earning
from mall.domain.earning.reading import PurchaseRow, RefusedRow, read_cdnow, read_csv
from mall.domain.ledger import service as ledger
from mall.domain.members import importing
from mall.domain.members.importing import RefusedMember

#: Rows a transaction: long enough to be fast, short enough to let others in between.
CHUNK = 5000
READERS: dict[str, Callable[..., Iterator[PurchaseRow | RefusedRow]]] = {"csv": read_csv, "cdnow": read_cdnow}
T = TypeVar("T")

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("members", help="The members.")
def members() -> None:
    """The group `mall members`."""


@click.group("purchases", help="Purchases at the merchant's.")
def purchases() -> None:
    """The group `mall purchases`."""


@members.command("import")
@click.argument("file", type=FILE)
@click.option("--region", default="CN", help="where phone numbers without a country code belong (default CN)")
@with_appcontext
def import_members(file: Path, region: str) -> None:
    """Import members: a CSV or XLSX with external_id and, if there, email, name, phone, language, birthday.

    Importing again updates. Good rows are kept; refused rows are named on stderr and the exit code is 1. The last
    line on stdout is a JSON summary.
    """
    rows = _reading(lambda: importing.read_members(file.read_bytes(), file.name, region=region))
    total = {"read": 0, "imported": 0, "duplicates": 0, "refused": 0, "members_created": 0, "points": 0}
    refused: list[RefusedMember] = []

    def keep(chunk: Sequence[importing.MemberRow | RefusedMember]) -> None:
        with transaction():
            outcome = importing.import_members(chunk, at=clock.now())
            ledger.open_accounts(list(outcome.created.values()), at=clock.now())
        total["read"] += outcome.read
        total["imported"] += len(outcome.created)
        total["duplicates"] += outcome.updated
        refused.extend(outcome.refused)

    _in_chunks(rows, keep, "Members")
    total["members_created"], total["refused"] = total["imported"], len(refused)
    _tell([(row.line, row.why) for row in refused], total)


@purchases.command("import")
@click.argument("file", type=FILE)
@click.option(
    "--format", "kind", type=click.Choice(sorted(READERS)), default="csv", help="what kind of file it is"
)
@click.option("--create-members", is_flag=True, help="create the members that are not known yet")
@click.option("--no-expiry", is_flag=True, help="these points never expire")
@click.option(
    "--source", help="where the purchases come from; their ids are unique within it (default: the format)"
)
@with_appcontext
def import_purchases(
    file: Path, kind: str, create_members: bool, no_expiry: bool, source: str | None
) -> None:
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
    read = READERS[kind]
    rows = _reading(
        lambda: list(read(file.read_bytes(), file.name, currency=settings.currency, zone=settings.timezone))
    )
    total = earning.Outcome()

    def keep(chunk: Sequence[PurchaseRow | RefusedRow]) -> None:
        with transaction():
            outcome = earning.record_purchases(chunk, policy, actor=SYSTEM, at=clock.now())
        total.add(outcome)

    _in_chunks(rows, keep, "Purchases")
    _tell([(row.line, row.why) for row in total.refused], total.as_json())


@purchases.command("rate")
@click.option("--points", required=True, type=click.IntRange(min=0), help="this many points ...")
@click.option("--per", required=True, help="... for each of this amount, such as 1.00")
@click.option("--from", "starts_at", required=True, type=INSTANT, help="the first instant it counts for")
@with_appcontext
def set_rate(points: int, per: str, starts_at: datetime) -> None:
    """Add a version of the rule that says what a purchase gives: for purchases made from an instant on.

    Purchases that were imported already keep their points. Before the first version 1.00 gives 1 point.
    """
    settings: Settings = current_app.config["SETTINGS"]
    try:
        amount = parse_money(per, settings.currency, least=1)
    except BadValue:
        raise click.BadParameter(f"{per!r} is not an amount such as 1.00", param_hint="--per") from None
    try:
        with transaction():
            earning.set_rate(points=points, per=amount, starts_at=starts_at)
    except earning.RateKnown as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{points} points for every {per} {settings.currency} from {starts_at.isoformat()} on")


def _reading(read: Callable[[], list[T]]) -> list[T]:
    try:
        return read()
    except MallError as error:
        raise click.ClickException(error.message % error.params) from error


def _in_chunks(rows: list[T], keep: Callable[[Sequence[T]], None], label: str) -> None:
    starts = range(0, len(rows), CHUNK)
    with click.progressbar(starts, label=label, file=sys.stderr) as bar:
        for start in bar:
            keep(rows[start : start + CHUNK])


def _tell(refused: list[tuple[int, str]], summary: dict[str, int]) -> None:
    for line, why in sorted(refused):
        click.echo(f"line {line}: {why}", err=True)
    click.echo(json.dumps(summary))
    if refused:
        raise SystemExit(1)

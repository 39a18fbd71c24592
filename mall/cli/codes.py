"""`mall codes …`: code pools from files, and the keys that they are encrypted with. No code is ever printed or logged."""

import hashlib
import json
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from mall.config import Settings
from mall.core import clock
from mall.core.actor import SYSTEM
from mall.core.cipher import Unreadable, new_key
from mall.core.db import db, transaction
from mall.core.errors import MallError
from mall.domain.items import code_keys
from mall.domain.items import codes as pools
from mall.domain.items.code_files import WHYS, Refused, read_codes

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("codes", help="Code pools of digital items.")
def codes() -> None:
    """The group `mall codes`."""


@codes.command("import")
@click.argument("sku")
@click.argument("file", type=FILE)
@click.option("--dry-run", is_flag=True, help="say what would happen, and change nothing")
@with_appcontext
def import_codes(sku: str, file: Path, dry_run: bool) -> None:
    """Put the codes of FILE into the pool of the variant SKU.

    A text has one code a line; a CSV or XLSX names its columns: code, and pin and expires (the last good day) if you
    like. Good rows are kept; each refused one is named on stderr by its line, and the exit code is 1. The same file
    again adds nothing. The last line on stdout is a JSON summary.
    """
    settings: Settings = current_app.config["SETTINGS"]
    data, at = file.read_bytes(), clock.now()
    try:
        read = read_codes(data, file.name, at=at, zone=settings.timezone)
        db.session.rollback()
        with transaction():
            done = pools.add_batch(
                pools.variant_of(sku),
                read.codes,
                source=file.name,
                key=hashlib.sha256(f"{at.isoformat()}:".encode() + data).hexdigest()[:40],
                cipher=current_app.extensions["codes"],
                actor=SYSTEM,
                at=at,
                dry_run=dry_run,
            )
    except MallError as refused:
        raise click.ClickException(refused.message % refused.params) from refused
    rows = sorted([*read.refused, *done.refused], key=lambda row: row.line)
    for row in rows:
        click.echo(f"line {row.line}: {_why(row)}", err=True)
    if dry_run:
        click.echo("A dry run: nothing was changed.", err=True)
    told = {
        "read": len(read.codes) + len(read.refused),
        "added": done.added,
        "refused": len(rows),
        "batch": done.batch,
    }
    click.echo(json.dumps(told))
    if rows:
        raise SystemExit(1)


def _why(row: Refused) -> str:
    return WHYS[row.why] % {"first": row.first}


@codes.command("rotate")
@with_appcontext
def rotate() -> None:
    """Encrypt every code anew with the first key of MALL_CODE_KEY; can be stopped and begun again.

    Put the new key first and leave the old ones behind it, restart the mall, run this, and take the old ones out but
    for the last, which two-step sign-in keeps using. Exit code 1 if a code is read by none of the keys.
    """
    done, after = 0, 0
    try:
        while True:
            with transaction():
                changed, last = code_keys.rotate(current_app.extensions["codes"], after=after)
            done += changed
            if last is None:
                break
            after = last
    except Unreadable as missing:
        raise click.ClickException(
            f"{missing}. {done} were changed before it; put the missing key back."
        ) from missing
    click.echo(json.dumps({"changed": done}))


@codes.command("key")
def key() -> None:
    """Print a new random key for MALL_CODE_KEY."""
    click.echo(new_key())

"""`mall items …`: the shop from files, and its search index anew."""

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
from mall.domain.items import importing, listing, search
from mall.domain.items.import_pictures import from_folder

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group("items", help="Items and categories.")
def items() -> None:
    """The group `mall items`."""


@items.command("import")
@click.argument("file", type=FILE)
@click.option("--dry-run", is_flag=True, help="say what would happen, and change nothing")
@click.option("--partial", is_flag=True, help="keep the good rows even if others are refused")
@click.option("--pictures", type=FOLDER, help="the folder with the pictures that the column `pictures` names")
@with_appcontext
def import_items(file: Path, dry_run: bool, partial: bool, pictures: Path | None) -> None:
    """Import items: a CSV (UTF-8, GBK) or XLSX with one row a variant.

    Importing again changes only what differs; the stock of variants that are there is left alone. Every refused row
    is named on stderr with its column and what to do, and the exit code is 1; nothing is kept then, unless --partial
    is given. The last line on stdout is a JSON summary.
    """
    settings: Settings = current_app.config["SETTINGS"]
    source = from_folder(pictures, media=None if dry_run else settings.media_dir) if pictures else None
    try:
        plan = importing.read_items(file.read_bytes(), file.name, currency=settings.currency, pictures=source)
    except MallError as error:
        raise click.ClickException(error.message % error.params) from error
    with transaction():
        report = importing.write_items(plan, actor=SYSTEM, at=clock.now(), dry_run=dry_run, partial=partial)
    _tell(report, dry_run=dry_run)


@items.command("import-categories")
@click.argument("file", type=FILE)
@with_appcontext
def import_categories(file: Path) -> None:
    """Import categories: a CSV or XLSX with slug, position, colour and a name in each language. All rows or none."""
    try:
        with transaction():
            report = importing.import_categories(file.read_bytes(), file.name)
    except MallError as error:
        raise click.ClickException(error.message % error.params) from error
    _tell(report, dry_run=False)


@items.command("reindex")
@with_appcontext
def reindex() -> None:
    """Build the lists and the search index anew from the items (they are kept in step; this is for upgrades)."""
    with transaction():
        listing.refresh_popularity()
        live = listing.relist_all(at=clock.now())
        found = search.reindex()
    click.echo(json.dumps({"indexed": found, "live": live}))


def _tell(report: importing.Report, *, dry_run: bool) -> None:
    for problem in report.problems:
        click.echo(str(problem), err=True)
    if report.ignored:
        click.echo(f"columns that are not ours were passed over: {', '.join(report.ignored)}", err=True)
    if dry_run:
        click.echo("A dry run: nothing was changed.", err=True)
    elif not report.saved:
        click.echo(
            "Nothing was imported. Put these rows right, or keep the good ones with --partial.", err=True
        )
    click.echo(
        json.dumps(
            {
                "read": report.read,
                "created": report.items_created,
                "updated": report.items_updated,
                "unchanged": report.items_unchanged,
                "variants_created": report.variants_created,
                "refused": report.refused,
                "saved": report.saved,
            }
        )
    )
    if report.problems:
        raise SystemExit(1)

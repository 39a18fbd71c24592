"""`mall demo load|reset`: the demo, for development only."""

import logging
import shutil

import click
import sqlalchemy as sa
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade

from mall.checkout.terms import CURRENT
from mall.cli import stripe
from mall.config import ROOT, Settings
from mall.core import clock
from mall.core.db import db
from mall.demo import load as demo
from mall.demo.people import EVERYBODY
from mall.demo.till import Till
from mall.domain.members.queries import any_with_email

DEMO_THERE = "the demo's accounts are in this database; their passwords are published"


@click.group("demo", help="The demo (development only).")
def group() -> None:
    """The group `mall demo`."""


@group.command("load")
@with_appcontext
def load_command() -> None:
    """Load the demo programme, items, people and their history, once: if it is there, nothing changes."""
    settings = _allowed()
    if demo.loaded():
        already = (
            "The demo is loaded already."
            if demo.whole()
            else "The demo is there in part: its loading was stopped."
        )
        click.echo(f"{already} `mall demo reset` empties the database and loads it anew.")
        return
    with stripe.at_hand(settings) as till:
        _load(settings, till)


@group.command("reset")
@click.option("--yes", is_flag=True, help="do not ask")
@with_appcontext
def reset_command(yes: bool) -> None:
    """Empty the database, whatever is in it, and load the demo anew."""
    settings = _allowed()
    if not yes:
        where = sa.make_url(settings.database_url).render_as_string(hide_password=True)
        click.confirm(f"This deletes everything in {where}. Go on?", abort=True)
    _empty()
    shutil.rmtree(settings.media_dir, ignore_errors=True)
    upgrade()
    with stripe.at_hand(settings) as till:
        if till:
            till.forget()  # what was paid there was for orders that are gone
        _load(settings, till)


def demo_in_production(settings: Settings) -> bool:
    """Whether this is production and somebody can sign in with an address of the demo. Needs an application context."""
    return settings.env == "production" and any_with_email(person.email for person in EVERYBODY)


def _allowed() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    if settings.env == "production":
        raise click.ClickException("The demo's passwords are published: it is never loaded in production.")
    return settings


def place(settings: Settings) -> demo.Place:
    """Where the demo is loaded by these settings."""
    return demo.Place(
        currency=settings.currency,
        zone=settings.timezone,
        life_months=settings.points_life_months,
        media=settings.media_dir,
        pictures=ROOT / "static" / "demo",
        terms=CURRENT,
        cipher=current_app.extensions["codes"],
    )


def _load(settings: Settings, till: Till | None) -> None:
    log = logging.getLogger("stripe")  # its dozens of requests are of no interest to who waits for the demo
    before = log.level
    log.setLevel(logging.WARNING)
    try:
        demo.load(place(settings), now=clock.now(), tell=click.echo, till=till)
    finally:
        log.setLevel(before)


def _empty() -> None:
    """Drop all tables: the ledger's triggers let nobody delete its rows, so the tables go as a whole."""
    db.session.remove()
    with db.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("DROP SCHEMA public CASCADE"))
            connection.execute(sa.text("CREATE SCHEMA public"))
            return
        connection.execute(sa.text("PRAGMA foreign_keys=OFF"))
        tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name NOT LIKE 'search_%'"
        for name in connection.scalars(sa.text(tables)).all():
            connection.exec_driver_sql(f'DROP TABLE IF EXISTS "{name}"')
        connection.execute(sa.text("PRAGMA foreign_keys=ON"))

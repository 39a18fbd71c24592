"""`mall tax`: the rates that documents show, as data with a start day."""

from datetime import date, datetime
from decimal import Decimal, InvalidOperation

import click
from flask.cli import with_appcontext

from mall.core.db import transaction
from mall.core.errors import MallError
from mall.domain.orders.documents import taxing


@click.group()
def tax() -> None:
    """Taxes that prices include."""


@tax.command("set")
@click.argument("kind", type=click.Choice(taxing.KINDS))
@click.argument("percent")
@click.option("--from", "since", type=click.DateTime(["%Y-%m-%d"]), required=True, help="the first day")
@click.option("--name", default="VAT", show_default=True, help="what the tax is called, in English")
@click.option("--name-zh-hans", default="增值税", show_default=True)
@click.option("--name-zh-hant", default="營業稅", show_default=True)
@with_appcontext
def set_rate(
    kind: str, percent: str, since: datetime, name: str, name_zh_hans: str, name_zh_hant: str
) -> None:
    """From a day on, prices of KIND include tax at PERCENT of the net price (13, 6.5). Versions are only added."""
    names = {"en": name, "zh-Hans": name_zh_hans, "zh-Hant": name_zh_hant}
    day: date = since.date()
    try:
        with transaction():
            taxing.set_rate(kind, _basis_points(percent), name=names, starts_on=day)
    except MallError as refusal:
        raise click.ClickException(refusal.message % refusal.params) from refusal
    click.echo(f"{kind}: {percent} % from {day}")


def _basis_points(percent: str) -> int:
    try:
        points = Decimal(percent) * 100
    except InvalidOperation:
        raise click.BadParameter(f"{percent!r} is no number") from None
    if not points.is_finite() or points != points.to_integral_value() or not 0 <= points < 10_000:
        raise click.BadParameter(f"{percent!r} must be from 0 to 99.99, with two digits at most")
    return int(points)

"""Where the points of a lot came from, in the reader's words."""

from flask import Flask
from flask_babel import gettext as _

from mall.domain.earning.cash import SOURCE
from mall.domain.orders.refunding.rules import Lot
from mall.web.formatting import day


def lot_origin(lot: Lot) -> str:
    """When, and by what, points that come back had been earned: two lots may well end on the same day."""
    on, source, number = day(lot.earned_at), *lot.origin.id.rpartition("/")[::2]
    if lot.origin.kind == "purchase" and source == SOURCE:
        return str(_("earned on %(day)s with order %(number)s", day=on, number=number))
    if lot.origin.kind == "purchase":
        return str(_("earned on %(day)s with purchase %(id)s", day=on, id=number))
    if lot.origin.kind == "adjustment":
        return str(_("given by customer service on %(day)s", day=on))
    return str(_("earned on %(day)s", day=on))


def init_app(app: Flask) -> None:
    """Make the words known to the templates."""
    app.jinja_env.filters["lot_origin"] = lot_origin

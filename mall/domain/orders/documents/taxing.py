"""Tax rates as data: versions with a start day, only ever added. The caller commits."""

from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa

from mall.core.db import db, write_connection
from mall.core.errors import N_, BadValue, MallError
from mall.domain.orders.documents.rules import DELIVERY
from mall.domain.orders.models import tax_rate_table as tax_rate

KINDS = ("goods", "service", "digital", DELIVERY)


class RateStands(MallError):
    """A version of a tax rate starts on that day already; versions are never changed."""

    code = "tax_rate_stands"
    message = N_("A tax rate for this starts on that day already.")


def set_rate(kind: str, rate: int, *, name: Mapping[str, str], starts_on: date) -> None:
    """From a local day on, prices of this kind include tax at `rate` basis points of the net price (1,300 = 13 %).

    Documents that were issued keep theirs. Raises BadValue, RateStands.
    """
    if kind not in KINDS:
        raise BadValue(value=kind[:40])
    if not 0 <= rate < 10_000:
        raise BadValue(value=rate)
    same = sa.select(tax_rate.c.id).where(tax_rate.c.kind == kind, tax_rate.c.starts_on == starts_on)
    if db.session.scalar(same) is not None:
        raise RateStands
    values = {"kind": kind, "rate": rate, "name": dict(name), "starts_on": starts_on}
    write_connection().execute(sa.insert(tax_rate), values)

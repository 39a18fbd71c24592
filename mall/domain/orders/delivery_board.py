"""What every way of delivery costs where, for the page that tells it: one statement."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from mall.core.db import db
from mall.domain.orders.models import delivery_method_table as method
from mall.domain.orders.models import delivery_rate_table as rate
from mall.domain.orders.queries import spoken


@dataclass(frozen=True, slots=True)
class BoardRate:
    """A fee (minor units) for some places; nothing is charged from goods worth `free_from` on.

    `places`: countries (ISO 3166-1) and provinces; none: the rest of the world.
    """

    places: Sequence[str]
    fee: int
    free_from: int | None


@dataclass(frozen=True, slots=True)
class BoardMethod:
    """A way of delivery; without rates it costs nothing."""

    code: str
    kind: str
    name: str
    hint: str
    rates: list[BoardRate] = field(default_factory=list)


_BOARD = (
    sa.select(
        method.c.code, method.c.kind, method.c.name, method.c.hint,
        rate.c.id, rate.c.places, rate.c.fee, rate.c.free_from,
    )
    .select_from(method)
    .outerjoin(rate, sa.and_(rate.c.method == method.c.code, rate.c.active))
    .where(method.c.active, method.c.kind != "none")
    .order_by(method.c.position, rate.c.fee, rate.c.id)
)  # fmt: skip


def board(locale: str) -> list[BoardMethod]:
    """The ways of delivery that can be chosen now, in the order of the checkout."""
    found: dict[str, BoardMethod] = {}
    for row in db.session.execute(_BOARD):
        shown = found.setdefault(
            row.code, BoardMethod(row.code, row.kind, spoken(row.name, locale), spoken(row.hint, locale))
        )
        if row.id is not None:
            shown.rates.append(BoardRate(row.places, row.fee, row.free_from))
    return list(found.values())

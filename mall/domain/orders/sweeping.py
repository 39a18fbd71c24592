"""Clearing away what nobody will use: quotes long lapsed, baskets that guests left behind. The caller commits."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.db import changed, db
from mall.domain.orders.models import basket_table, quote_table

#: A lapsed quote may still be placed (at today's price) by someone who comes back to an open page.
KEEP_QUOTES = timedelta(days=1)
KEEP_GUEST_BASKETS = timedelta(days=30)
#: Rows a statement deletes at most, so that no lock is held for long.
BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Swept:
    """How many rows one round deleted; `more` if a table may have more."""

    quotes: int
    baskets: int

    @property
    def more(self) -> bool:
        """Whether another round is worth it."""
        return BATCH in (self.quotes, self.baskets)


_QUOTES = sa.delete(quote_table).where(
    quote_table.c.id.in_(
        sa.select(quote_table.c.id).where(quote_table.c.valid_until < bindparam("before")).limit(BATCH)
    )
)
_BASKETS = sa.delete(basket_table).where(
    basket_table.c.id.in_(
        sa.select(basket_table.c.id)
        .where(basket_table.c.updated_at < bindparam("before"), basket_table.c.token.is_not(None))
        .limit(BATCH)
    )
)


def sweep(as_of: datetime) -> Swept:
    """Delete one batch of quotes that lapsed a day ago and of guests' baskets untouched for 30 days.

    Orders keep their own copies, so nothing that was bought is lost. Idempotent.
    """
    quotes = db.session.execute(_QUOTES, {"before": as_of - KEEP_QUOTES})
    baskets = db.session.execute(_BASKETS, {"before": as_of - KEEP_GUEST_BASKETS})
    return Swept(changed(quotes), changed(baskets))

"""Sums over every account: what the merchant owes in points."""

import sqlalchemy as sa

from mall.core.db import db
from mall.domain.ledger.statements import account, total

_STATES = ("available", "held", "pending", "debt")
_TOTALS = sa.select(*(total(account.c[state]).label(state) for state in _STATES))


def totals() -> dict[str, int]:
    """Points of all members together, by state; as written, without what is due and not booked yet."""
    return {state: int(n) for state, n in db.session.execute(_TOTALS).one()._mapping.items()}

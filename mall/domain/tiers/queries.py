"""Reads of the ladder and of who stands where."""

from typing import cast

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.db import db
from mall.domain.tiers.models import Tier
from mall.domain.tiers.rules import TierRow

tier_table = cast(sa.Table, Tier.__table__)

_COLUMNS = (
    tier_table.c.code, tier_table.c.rank, tier_table.c.name, tier_table.c.cash_discount, tier_table.c.free_delivery,
)  # fmt: skip
_LADDER = sa.select(*_COLUMNS).order_by(tier_table.c.rank)
_FREE = sa.select(tier_table.c.free_delivery).where(tier_table.c.code == bindparam("code"))


def ladder() -> list[TierRow]:
    """All steps, the lowest first."""
    return [_row(*found) for found in db.session.execute(_LADDER)]


def free_delivery(code: str) -> frozenset[str]:
    """The kinds of delivery method that cost a tier's members nothing; none for a code that is no tier."""
    return frozenset(db.session.scalar(_FREE, {"code": code}) or ())


def _row(code: str, rank: int, name: dict[str, str], discount: int, free: list[str]) -> TierRow:
    return TierRow(code, rank, name, discount, frozenset(free))

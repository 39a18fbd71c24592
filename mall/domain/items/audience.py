"""Who looks: the ladder of tiers and where a member stands on it, as statements about items need them.

Tiers lie above items, so their tables are read here by name, and only here.
"""

from typing import Any

import sqlalchemy as sa

from mall.core.db import Json, db
from mall.domain.items.ways import Standing

TIER = sa.table(
    "tier",
    sa.column("code", sa.String()),
    sa.column("rank"),
    sa.column("cash_discount"),
    sa.column("name", Json),
    sa.column("free_delivery", Json),
)
_MEMBER_TIER = sa.table("member_tier", sa.column("member_id"), sa.column("tier", sa.String()))
_LOWEST = sa.select(TIER.c.code).order_by(TIER.c.rank).limit(1).scalar_subquery()
_LADDER = sa.select(TIER.c.code, TIER.c.cash_discount).order_by(TIER.c.rank)


def code_of(member: Any) -> sa.ColumnElement[str]:
    """The code of a member's tier, as part of another statement: the lowest for guests and who was granted nothing."""
    own = sa.select(_MEMBER_TIER.c.tier).where(_MEMBER_TIER.c.member_id == member).scalar_subquery()
    return sa.func.coalesce(own, _LOWEST)


def ladder() -> list[Standing]:
    """Every step of the ladder, the lowest first."""
    return [Standing(code, discount) for code, discount in db.session.execute(_LADDER)]

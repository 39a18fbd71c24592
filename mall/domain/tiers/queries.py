"""Reads of the ladder and of who stands where."""

from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.db import db
from mall.core.ids import MemberId
from mall.domain.tiers.models import MemberTier, Tier
from mall.domain.tiers.rules import TierRow

tier_table = cast(sa.Table, Tier.__table__)
member_tier_table = cast(sa.Table, MemberTier.__table__)

_COLUMNS = (
    tier_table.c.code, tier_table.c.rank, tier_table.c.name, tier_table.c.cash_discount, tier_table.c.free_delivery,
)  # fmt: skip
_LADDER = sa.select(*_COLUMNS).order_by(tier_table.c.rank)
_lowest = sa.select(tier_table.c.code).order_by(tier_table.c.rank).limit(1).scalar_subquery()


def code_of(member: Any) -> sa.ColumnElement[str]:
    """The tier's code of a member, to be embedded in another statement: the lowest step if nothing was granted."""
    own = sa.select(member_tier_table.c.tier).where(member_tier_table.c.member_id == member).scalar_subquery()
    return sa.func.coalesce(own, _lowest)


_OF = sa.select(*_COLUMNS).where(tier_table.c.code == code_of(bindparam("member", type_=sa.BigInteger())))


def ladder() -> list[TierRow]:
    """All steps, the lowest first."""
    return [_row(*found) for found in db.session.execute(_LADDER)]


def tier_of(member_id: MemberId | int | None) -> TierRow:
    """Where a member stands; a guest (None) and who was granted nothing stand on the lowest step."""
    return _row(*db.session.execute(_OF, {"member": member_id}).one())


def _row(code: str, rank: int, name: dict[str, str], discount: int, free: list[str]) -> TierRow:
    return TierRow(code, rank, name, discount, frozenset(free))

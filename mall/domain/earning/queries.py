"""Reads of the earning rules."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.db import UtcDateTime, db
from mall.domain.earning.models import EarningRule
from mall.domain.earning.rules import Rate

_IN_FORCE = (
    sa.select(EarningRule.points, EarningRule.per, EarningRule.id)
    .where(EarningRule.kind == "purchase", EarningRule.starts_at <= bindparam("at", type_=UtcDateTime()))
    .order_by(EarningRule.starts_at.desc())
    .limit(1)
)


def rate_in_force(at: datetime) -> Rate:
    """What a purchase at that instant gives: the latest version of the rule, else the default."""
    row = db.session.execute(_IN_FORCE, {"at": at}).first()
    return Rate(*row) if row else Rate()

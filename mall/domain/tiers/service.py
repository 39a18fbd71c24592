"""The verbs of tiers."""

from datetime import datetime

import sqlalchemy as sa

from mall.core.actor import Actor
from mall.core.db import db
from mall.core.ids import MemberId
from mall.domain.tiers.errors import NoSuchTier
from mall.domain.tiers.models import MemberTier, Tier


def grant(member: MemberId, tier: str, *, actor: Actor, reason: str, at: datetime) -> None:
    """Put a member on a step of the ladder, for good until it is changed. Raises NoSuchTier. The caller commits."""
    if db.session.scalar(sa.select(Tier.code).where(Tier.code == tier)) is None:
        raise NoSuchTier(value=tier[:20])
    there = db.session.get(MemberTier, member)
    if there is None:
        there = MemberTier(member_id=member)
        db.session.add(there)
    elif there.tier == tier:
        return
    there.tier, there.since, there.granted_by, there.reason = tier, at, actor.id, reason
    db.session.flush()

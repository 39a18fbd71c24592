"""Counters behind the limits per member."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from mall.core.db import Base


class LimitCounter(Base):
    """Units of an offer that a member has taken in a period ("ever", or a local day such as "2026-11-22").

    `cap` is the limit that the last taking was checked against: the CHECK repeats the guard of the UPDATE.
    """

    __tablename__ = "limit_counter"
    __table_args__ = (sa.CheckConstraint("used >= 0 AND used <= cap", name="within"),)

    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"), primary_key=True, autoincrement=False)
    offer_id: Mapped[int] = mapped_column(sa.ForeignKey("offer.id"), primary_key=True, autoincrement=False)
    period: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    used: Mapped[int]
    cap: Mapped[int]

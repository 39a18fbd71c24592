"""What a member reads on every page: balance, what expires next, basket, unread messages; in one statement."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from mall.core.ids import MemberId
from mall.core.reading import Reading
from mall.domain.ledger import queries as ledger
from mall.domain.notifications import queries as notifications
from mall.domain.orders import basket_queries as baskets


@dataclass(frozen=True, slots=True)
class Bar:
    """Points and counts of one member; without a points account (staff, an import half done) there are no points."""

    available: int | None
    expiring_points: int | None
    expires_at: datetime | None
    held: int | None
    pending: int | None
    debt: int | None
    basket: int
    unread: int


_member: sa.BindParameter[int] = sa.bindparam("member_id")
_one = sa.select(sa.literal(1).label("one")).subquery("one")
_balance = ledger.BALANCE.subquery("balance")
_BAR = Reading(
    sa.select(
        _balance.c.available,
        _balance.c.expiring_points,
        _balance.c.expires_at,
        _balance.c.held,
        _balance.c.pending,
        _balance.c.debt,
        baskets.count_of_member(_member),
        notifications.unread_of(_member),
    ).select_from(sa.outerjoin(_one, _balance, sa.true()))
)


def bar_of(member: MemberId, at: datetime) -> Bar:
    """The bar of a member."""
    (row,) = _BAR.rows({"member_id": member, "at": at})
    return Bar(*row)

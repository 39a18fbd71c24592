"""The bar on top: balance, what expires next, basket, unread messages, in one statement."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask import g
from flask_login import current_user

from mall.core.db import db
from mall.domain.notifications import queries as notifications


@dataclass(frozen=True, slots=True)
class Header:
    """What the bar on top shows; `balance` is None where nobody is signed in."""

    balance: int | None = None
    expiring_points: int | None = None
    expiring_on: datetime | None = None
    basket_count: int = 0
    unread: int = 0
    is_staff: bool = False


_MEMBER = sa.select(notifications.unread_of(sa.bindparam("member_id")).label("unread"))


def header() -> Header:
    """The header of this request: read once, in one statement; none at all for a guest without a basket."""
    known: Header | None = g.get("mall_header")
    if known is None:
        g.mall_header = known = _read()
    return known


def _read() -> Header:
    if not getattr(current_user, "is_authenticated", False):
        return Header()
    row = db.session.execute(_MEMBER, {"member_id": current_user.id}).one()
    return Header(balance=0, unread=row.unread, is_staff=bool(getattr(current_user, "is_staff", False)))

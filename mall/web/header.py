"""The bar on top: balance, what expires next, basket, unread messages, in one statement."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask import g, has_app_context, session
from flask_login import current_user
from sqlalchemy.orm import Session

from mall.core import clock
from mall.core.db import MallSession
from mall.domain.orders import basket_queries as baskets
from mall.domain.orders.bar import bar_of


@dataclass(frozen=True, slots=True)
class Header:
    """What the bar on top shows; `balance` is None where nobody is signed in."""

    balance: int | None = None
    expiring_points: int | None = None
    expiring_on: datetime | None = None
    basket_count: int = 0
    unread: int = 0
    is_staff: bool = False
    held: int = 0
    pending: int = 0
    debt: int = 0


def header() -> Header:
    """The header of this request: read once, in one statement; none at all for a guest without a basket."""
    known: Header | None = g.get("mall_header")
    if known is None:
        g.mall_header = known = _read()
    return known


@sa.event.listens_for(MallSession, "after_commit")
def _forget(_session: Session) -> None:
    """What was just written shows in the answer to the same request."""
    if has_app_context():
        g.pop("mall_header", None)


def _read() -> Header:
    if not current_user.is_authenticated:
        token = session.get("basket")
        return Header(basket_count=baskets.count_of_guest(token)) if token else Header()
    row = bar_of(current_user.id, clock.now())
    return Header(
        balance=row.available or 0,
        expiring_points=row.expiring_points or None,
        expiring_on=row.expires_at,
        basket_count=row.basket,
        unread=row.unread,
        is_staff=current_user.is_staff,
        held=row.held or 0,
        pending=row.pending or 0,
        debt=row.debt or 0,
    )

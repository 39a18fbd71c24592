"""An order with cash due, and the hands that move it, for tests against the development Stripe.

`story` is the fixture: Mei's order of a kettle for 2,000 points + 30.00, placed just now; `story.now` is its clock.
"""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from devstripe.testing import Running
from mall.core.actor import as_member
from mall.core.db import db, transaction
from mall.core.ids import OrderId
from mall.domain.items.stock_models import Stock
from mall.domain.ledger import queries as points
from mall.domain.members.models import Member
from mall.domain.orders import expiring, queries
from mall.domain.orders.models import Order, refund_table
from mall.domain.orders.service import Placed
from mall.domain.payments import queries as payments
from mall.web import paying
from tests.support.items_factory import Made, make_item
from tests.support.orders_factory import give_points, place_order

PRICE, CASH = 2_000, 3_000


class Story:
    """An order with cash due, and the hands that move it; `now` is a clock that the test moves."""

    def __init__(self, member: Member, item: Made, at: datetime) -> None:
        self.member, self.item, self.at = member, item, at
        self.placed: Placed = place_order(member.id, (item.variant_id, 1), at=at - timedelta(seconds=1))
        self.id = OrderId(self.placed.id)

    def now(self) -> datetime:
        return self.at

    def later(self, stripe: Running, **time: float) -> None:
        """Time passes here and at Stripe."""
        self.at += timedelta(**time)
        stripe.control.advance(int(timedelta(**time).total_seconds()))

    def open(self) -> str:
        """Have the session opened; its id."""
        paying.open_session(self.id, now=self.now)
        session = payments.of_order(self.id)[-1].session_id
        assert session is not None
        return session

    def close(self, why: str = "member") -> str:
        with transaction():
            return expiring.begin(self.id, why=why, actor=as_member(self.member.id), at=self.at)

    @property
    def state(self) -> str:
        db.session.expire_all()
        return db.session.get_one(Order, self.id).state

    @property
    def stock(self) -> tuple[int | None, int, int]:
        """Available, reserved, sold."""
        db.session.expire_all()
        row = db.session.get_one(Stock, self.item.variant_id)
        return row.available, row.reserved, row.sold

    @property
    def balance(self) -> tuple[int, int]:
        """Available and held points."""
        found = points.balance(self.member.id, self.at)
        return found.available, found.held

    def events(self) -> list[str]:
        shown = queries.any_order(self.placed.number, locale="en")
        return [event.kind for event in shown.events]

    @property
    def held(self) -> tuple[tuple[int | None, int, int], tuple[int, int]]:
        """Stock and balance: to compare with WAITING, PAID, LET_GO."""
        return self.stock, self.balance

    def strays(self) -> int:
        return (
            db.session.scalar(
                sa.select(sa.func.count()).select_from(refund_table).where(refund_table.c.kind == "stray")
            )
            or 0
        )


#: Stock (available, reserved, sold) and points (available, held); the cash of a paid order earns 30 points.
WAITING, PAID, LET_GO = ((4, 1, 0), (500, 2_000)), ((4, 0, 1), (530, 0)), ((5, 0, 0), (2_500, 0))


def url(story: Story, page: str = "") -> str:
    """The address of the order's page, or of one below it."""
    return f"/orders/{story.placed.number}{page and '/' + page}"


@pytest.fixture
def story(app: Flask, mei: Member, at: datetime) -> Story:
    with transaction():
        give_points(mei.id, 2_500, at=at - timedelta(days=1))
        kettle = make_item("Kettle", points=PRICE, cash=CASH, stock=5)
    return Story(mei, kettle, at)

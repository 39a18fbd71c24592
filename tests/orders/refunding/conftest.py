"""A sale of three kettles, paid with points of two lots and by card: what the tests of refunds start from."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from devstripe.testing import Running
from mall.core.actor import Actor, as_staff
from mall.core.db import db, transaction
from mall.core.ids import OrderId
from mall.domain.items.stock_models import Stock
from mall.domain.ledger import queries as points
from mall.domain.members.models import Member
from mall.domain.orders import queries, refunding, shipping
from mall.domain.orders.models import Order, OrderLine, Refund
from mall.domain.orders.refunding import Preview, Requested, Units
from tests.support.cash_factory import grant, make_combo, paid_order

PRICE, CASH, UNITS = 101, 1_001, 3


class Sale:
    """Three kettles at 101 points and 10.01: 303 points, of which 200 expire in three days, and 30.03."""

    def __init__(self, stripe: Running, member: Member, staff: Member, at: datetime) -> None:
        self.stripe, self.member, self.staff, self.at = stripe, member, as_staff(staff.id), at
        grant(member.id, 200, at=at - timedelta(days=2), expires_at=at + timedelta(days=3))
        grant(member.id, 300, at=at - timedelta(days=2))
        with transaction():
            self.variant = make_combo("Kettle", points=PRICE, cash=CASH).variant_id
        placed = paid_order(stripe, member.id, (self.variant, UNITS), at=at)
        self.id, self.number = OrderId(placed.id), placed.number

    @property
    def line(self) -> OrderLine:
        db.session.expire_all()
        return db.session.scalars(sa.select(OrderLine).where(OrderLine.order_id == self.id)).one()

    @property
    def order(self) -> Order:
        db.session.expire_all()
        return db.session.get_one(Order, self.id)

    @property
    def available(self) -> int | None:
        """What is on the shelf."""
        db.session.expire_all()
        return db.session.get_one(Stock, self.variant).available

    @property
    def balance(self) -> tuple[int, int]:
        """Available points, and debt."""
        found = points.balance(self.member.id, self.at)
        return found.available, found.debt

    @property
    def events(self) -> list[str]:
        return [event.kind for event in queries.any_order(self.number, locale="en").events]

    def units(self, unsent: int = 0, returned: int = 0) -> list[Units]:
        return [Units(self.line.id, unsent, returned)]

    def preview(self, unsent: int = 0, returned: int = 0, *, restock: bool = False) -> Preview:
        return refunding.preview(self.id, self.units(unsent, returned), restock=restock, at=self.at)

    def refund(
        self, unsent: int = 0, returned: int = 0, *, actor: Actor | None = None, **more: object
    ) -> Requested:
        asked = self.units(unsent, returned)
        with transaction():
            return refunding.request(self.id, asked, actor=actor or self.staff, at=self.at, **more)  # type: ignore[arg-type]

    def ship(self, n: int) -> None:
        line = self.line.id
        with transaction():
            shipping.ship(
                self.id, lines=[(line, n)], carrier="SF", tracking="1", actor=self.staff, at=self.at
            )

    def row(self, refund_id: int) -> Refund:
        db.session.expire_all()
        return db.session.get_one(Refund, refund_id)

    def refunds_at_stripe(self) -> list[tuple[int, str]]:
        """Amount and status of Stripe's refunds, the oldest first."""
        found = self.stripe.client().v1.refunds.list().data
        return [(one.amount, str(one.status)) for one in reversed(found)]


@pytest.fixture
def sale(app: Flask, mei: Member, sam: Member, dev_stripe: Running, at: datetime) -> Sale:
    return Sale(dev_stripe, mei, sam, at)

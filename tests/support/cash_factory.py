"""Orders paid with cash, for tests: placed, paid at the development Stripe, settled; in transactions of their own."""

from datetime import datetime, timedelta

from devstripe.testing import Running
from mall.core.db import transaction
from mall.core.ids import MemberId, OrderId
from mall.domain.orders.service import Delivery, Placed
from mall.domain.payments import queries as payments
from mall.web import paying
from tests.support.items_factory import Made, make_item
from tests.support.orders_factory import NEXT_YEAR, STANDARD, give_points, place_order


def make_combo(name: str = "Kettle", *, points: int, cash: int, stock: int = 10, kind: str = "goods") -> Made:
    """An item for points plus cash (minor units); inside a transaction."""
    return make_item(name, points=points, cash=cash, stock=stock, kind=kind)


def pay(stripe: Running, order_id: int, at: datetime, card: str = "4242424242424242") -> None:
    """Pay an order that waits for its cash, and settle it."""
    order = OrderId(order_id)
    paying.open_session(order, now=lambda: at)
    session = payments.of_order(order)[-1].session_id
    assert session is not None
    stripe.control.pay(session, card)
    settled = paying.look(order, now=lambda: at)
    assert settled is not None
    assert settled.state in ("paid", "completed")  # codes are given with the payment


def paid_order(
    stripe: Running, member: MemberId, *lines: tuple[int, int], at: datetime, delivery: Delivery = STANDARD
) -> Placed:
    """A member's order of (variant, quantity), paid."""
    placed = place_order(member, *lines, at=at - timedelta(seconds=2), delivery=delivery)
    pay(stripe, placed.id, at)
    return placed


def grant(member: MemberId, points: int, *, at: datetime, expires_at: datetime | None = None) -> None:
    """Points for a member, in a transaction of its own."""
    with transaction():
        give_points(member, points, at=at, expires_at=expires_at or NEXT_YEAR)

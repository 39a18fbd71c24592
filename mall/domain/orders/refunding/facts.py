"""What a refund must know of an order: its lines, its fee, the payment that its cash came by. Reads, one after another."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.db import db
from mall.core.ids import MemberId, OrderId
from mall.domain.ledger.statements import total
from mall.domain.orders.errors import NoSuchOrder
from mall.domain.orders.models import order_line_table as line
from mall.domain.orders.models import order_table as orders
from mall.domain.orders.models import refund_table as refund
from mall.domain.orders.refunding.rules import LineFacts
from mall.domain.payments import queries as payments
from mall.domain.payments.queries import PaymentView

#: States of an order of which something may be given back.
REFUNDABLE = ("paid", "completed")


@dataclass(frozen=True, slots=True)
class Facts:
    """An order as a refund sees it. Cash in minor units; `goods_back` and `delivery_back` were given back before."""

    id: OrderId
    number: str
    member_id: MemberId
    state: str
    currency: str
    fee: int
    goods_back: int
    delivery_back: int
    placed_on: date
    lines: tuple[LineFacts, ...]


_ORDER = sa.select(
    orders.c.id,
    orders.c.number,
    orders.c.member_id,
    orders.c.state,
    orders.c.currency,
    orders.c.delivery_fee,
    orders.c.cash_back,
    orders.c.placed_on,
    sa.select(total(refund.c.delivery))
    .where(refund.c.order_id == orders.c.id)
    .scalar_subquery()
    .label("delivery_back"),
).where(orders.c.id == bindparam("order"))
_LINES = (
    sa.select(
        *(
            line.c[name]
            for name in (
                "id", "variant_id", "offer_id", "kind", "quantity", "sent", "cancelled", "returned", "points",
                "cash",
            )
        )
    )
    .where(line.c.order_id == bindparam("order"))
    .order_by(line.c.position)
)  # fmt: skip
_STRAYS = sa.select(refund.c.payment_id).where(
    refund.c.order_id == bindparam("order"), refund.c.kind == "stray"
)


def of_order(order_id: OrderId) -> Facts:
    """The facts of an order as it stands. Raises NoSuchOrder."""
    row = db.session.execute(_ORDER, {"order": order_id}).one_or_none()
    if row is None:
        raise NoSuchOrder
    lines = db.session.execute(_LINES, {"order": order_id}).all()
    return Facts(
        row.id,
        row.number,
        row.member_id,
        row.state,
        row.currency,
        row.delivery_fee,
        row.cash_back - row.delivery_back,
        row.delivery_back,
        row.placed_on,
        tuple(LineFacts(*found) for found in lines),
    )


def payment_of(order_id: OrderId) -> PaymentView | None:
    """The payment that paid the order: the first paid one that was not sent back as stray money."""
    strays = set(db.session.scalars(_STRAYS, {"order": order_id}))
    found = (one for one in payments.of_order(order_id) if one.state == "paid" and one.id not in strays)
    return next(found, None)

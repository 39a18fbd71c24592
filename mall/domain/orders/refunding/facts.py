"""What a refund must know of an order: its lines, its fee, the payment that its cash came by. One statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.db import db
from mall.core.ids import MemberId, OrderId
from mall.domain.earning.cash import SOURCE
from mall.domain.earning.models import Purchase
from mall.domain.items.code_models import Code, CodePool
from mall.domain.ledger.statements import total
from mall.domain.orders import rules as states
from mall.domain.orders.claims import AGAINST_ORDER
from mall.domain.orders.errors import NoSuchOrder
from mall.domain.orders.models import order_line_table as line
from mall.domain.orders.models import order_table as orders
from mall.domain.orders.models import refund_table as refund
from mall.domain.orders.queries import Row
from mall.domain.orders.refunding.rules import LineFacts
from mall.domain.payments.models import dispute_table as dispute
from mall.domain.payments.models import payment_table as payment

#: States of an order of which something may be given back.
REFUNDABLE = ("paid", "completed")


@dataclass(frozen=True, slots=True)
class Paid:
    """The payment that an order's cash came by: minor units taken, and set aside to go back."""

    id: int
    captured: int
    refunding: int


@dataclass(frozen=True, slots=True)
class Facts:
    """An order as a refund sees it. Cash in minor units; `goods_back` and `delivery_back` were given back before.

    `paid`: the first paid payment that was not sent back as stray money. `lost` is what the bank has taken back of it
    for good, `disputed` whether it may yet. `earned` are the points that the cash earned, and the amount that earned them.
    """

    id: OrderId
    number: str
    member_id: MemberId
    state: str
    currency: str
    fee: int
    goods_back: int
    delivery_back: int
    placed_on: date
    expires_at: datetime | None
    paid: Paid | None
    lost: int
    disputed: bool
    earned: tuple[int, int]
    lines: tuple[LineFacts, ...]

    @property
    def delivery_fee(self) -> int:
        """What delivery costs, as order views name it."""
        return self.fee

    @property
    def waits(self) -> bool:
        """Whether cash may still come."""
        return self.state in states.WAITING

    def payable(self, at: datetime) -> bool:
        """Whether the member can still be sent to pay."""
        return states.is_payable(self.state, self.expires_at, at)

    @property
    def cancellable(self) -> bool:
        """Whether the member can still cancel it: paid, and nothing sent."""
        return self.state == "paid" and not any(one.sent for one in self.lines)

    @property
    def rest(self) -> list[tuple[int, int]]:
        """What can still be cancelled of an order that was sent in part: order line and units."""
        part_sent = self.state == "paid" and any(one.sent for one in self.lines)
        return [(one.id, one.unsent) for one in self.lines if one.unsent] if part_sent else []


_stray = sa.exists().where(
    refund.c.order_id == orders.c.id, refund.c.payment_id == payment.c.id, refund.c.kind == "stray"
)
_paid_by = (
    sa.select(payment.c.id)
    .where(payment.c.order_id == orders.c.id, payment.c.state == "paid", ~_stray.correlate(orders, payment))
    .order_by(payment.c.attempt)
    .limit(1)
    .correlate(orders)
    .scalar_subquery()
)
_paid = payment.alias("paid")
_purchase = cast(sa.Table, Purchase.__table__)
_of_order = sa.and_(dispute.c.order_id == orders.c.id, AGAINST_ORDER)
_LINE = (
    "id", "variant_id", "offer_id", "kind", "quantity", "sent", "cancelled", "returned", "points", "cash",
)  # fmt: skip
_code, _pool = cast(sa.Table, Code.__table__), cast(sa.Table, CodePool.__table__)
_given = sa.select(sa.func.count()).where(_code.c.order_line_id == line.c.id, _code.c.state == "given")
_pooled = sa.and_(
    line.c.kind == "digital", sa.exists().where(_pool.c.variant_id == line.c.variant_id).correlate(line)
)
_codes = sa.case((_pooled, _given.correlate(line).scalar_subquery()))
_FACTS = (
    sa.select(
        *(line.c[name].label(f"line_{name}") for name in _LINE),
        _codes.label("line_codes"),
        *(
            orders.c[name]
            for name in ("id", "number", "member_id", "state", "currency", "delivery_fee", "cash_back")
        ),
        orders.c.placed_on,
        orders.c.expires_at,
        sa.select(total(refund.c.delivery))
        .where(refund.c.order_id == orders.c.id)
        .scalar_subquery()
        .label("delivery_back"),
        _paid.c.id.label("paid_id"),
        _paid.c.captured,
        _paid.c.refunding,
        sa.select(total(dispute.c.amount))
        .where(_of_order, dispute.c.state == "lost")
        .scalar_subquery()
        .label("lost"),
        sa.exists().where(_of_order, dispute.c.state == "open").label("disputed"),
        _purchase.c.points.label("earned_points"),
        _purchase.c.amount.label("earned_by"),
    )
    .select_from(orders)
    .join(line, line.c.order_id == orders.c.id)
    .outerjoin(_paid, _paid.c.id == _paid_by)
    .outerjoin(_purchase, sa.and_(_purchase.c.source == SOURCE, _purchase.c.external_id == orders.c.number))
    .order_by(line.c.position)
)
_BY_ID = _FACTS.where(orders.c.id == bindparam("order"))
_BY_NUMBER = _FACTS.where(orders.c.number == bindparam("number"))


def of_order(order_id: OrderId) -> Facts:
    """The facts of an order as it stands. Raises NoSuchOrder."""
    return _read(db.session.execute(_BY_ID, {"order": order_id}).all())


def of_member(number: str, *, member: MemberId) -> Facts:
    """The facts of a member's own order. Raises NoSuchOrder, also for another member's."""
    found = _read(db.session.execute(_BY_NUMBER, {"number": number}).all())
    if found.member_id != member:
        raise NoSuchOrder(number=number, owner=found.member_id)
    return found


def _read(rows: Sequence[Row]) -> Facts:
    if not rows:
        raise NoSuchOrder
    row = rows[0]
    return Facts(
        id=row.id,
        number=row.number,
        member_id=row.member_id,
        state=row.state,
        currency=row.currency,
        fee=row.delivery_fee,
        goods_back=row.cash_back - row.delivery_back,
        delivery_back=row.delivery_back,
        placed_on=row.placed_on,
        expires_at=row.expires_at,
        paid=Paid(row.paid_id, row.captured, row.refunding) if row.paid_id is not None else None,
        lost=row.lost,
        disputed=bool(row.disputed),
        earned=(row.earned_points, row.earned_by) if row.earned_points is not None else (0, 0),
        lines=tuple(LineFacts(*found[: len(_LINE) + 1]) for found in rows),
    )

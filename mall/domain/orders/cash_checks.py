"""What must hold of every order that is paid with cash: the cash side of invariant 5, its holds, its reservations.

Read set by set, for `mall ledger verify`.
"""

from collections.abc import Iterator

import sqlalchemy as sa

from mall.core.checks import Violation
from mall.core.db import db
from mall.domain.items.stock_models import Stock
from mall.domain.ledger.models import Hold
from mall.domain.orders.models import order_line_table, order_table, refund_table
from mall.domain.orders.rules import WAITING
from mall.domain.payments.models import payment_table

#: The rules' numbers in the list of invariants.
ORDERS, STOCK = 5, 7

_order, _line, _payment, _refund = order_table.c, order_line_table.c, payment_table.c, refund_table.c
_n = sa.func.coalesce
_strays = (
    sa.select(_refund.order_id, sa.func.sum(_refund.cash).label("cash"))
    .where(_refund.kind == "stray")
    .group_by(_refund.order_id)
    .subquery()
)
_captured = (
    sa.select(_payment.order_id, sa.func.sum(_payment.captured).label("cash"))
    .group_by(_payment.order_id)
    .subquery()
)
_due = sa.case((_order.paid_at.is_(None), 0), else_=_order.cash)
#: Cash that came in and stays is exactly what a paid order costs, and nothing for one that was never paid.
_CASH = (
    sa.select(_order.number, _due, _n(_captured.c.cash, 0), _n(_strays.c.cash, 0))
    .outerjoin(_captured, _captured.c.order_id == _order.id)
    .outerjoin(_strays, _strays.c.order_id == _order.id)
    .where(_due != _n(_captured.c.cash, 0) - _n(_strays.c.cash, 0))
)
#: What a refund takes is what the payment has set aside for it.
_refunds = (
    sa.select(_refund.payment_id, sa.func.sum(_refund.cash).label("cash"))
    .where(_refund.payment_id.is_not(None))
    .group_by(_refund.payment_id)
    .subquery()
)
_SET_ASIDE = (
    sa.select(_payment.reference, _payment.refunding, _n(_refunds.c.cash, 0))
    .outerjoin(_refunds, _refunds.c.payment_id == _payment.id)
    .where(_payment.refunding != _n(_refunds.c.cash, 0))
)
#: An order is paid exactly if it says since when; it ends unpaid as "expired" or "cancelled".
_PAID_AT = sa.select(_order.number, _order.state).where(
    sa.or_(
        sa.and_(_order.paid_at.is_(None), _order.state.in_(("paid", "completed"))),
        sa.and_(_order.paid_at.is_not(None), _order.state.in_((*WAITING, "expired"))),
    )
)
_hold = sa.and_(Hold.ref_kind == "order", Hold.ref_id == _order.number, Hold.member_id == _order.member_id)
_waits = _order.state.in_(WAITING)
_paid = _order.paid_at.is_not(None)
#: Points of an order that costs cash too are held while it waits, captured once it is paid, released otherwise.
_HOLDS = (
    sa.select(_order.number, _order.state, _order.points, Hold.pending, Hold.captured, Hold.released)
    .outerjoin(Hold, _hold)
    .where(
        _order.cash > 0,
        _order.points > 0,
        sa.or_(
            Hold.id.is_(None),
            Hold.pending != sa.case((_waits, _order.points), else_=0),
            Hold.captured != sa.case((_paid, _order.points), else_=0),
            Hold.released != sa.case((sa.or_(_waits, _paid), 0), else_=_order.points),
        ),
    )
)
#: A hold for an order that does not exist, or that needed none.
_HELD_FOR_NOTHING = (
    sa.select(Hold.ref_id)
    .select_from(Hold)
    .outerjoin(order_table, _hold)
    .where(Hold.ref_kind == "order", sa.or_(_order.id.is_(None), _order.cash == 0))
)
_reserved = (
    sa.select(_line.variant_id, sa.func.sum(_line.quantity - _line.cancelled).label("n"))
    .join_from(order_line_table, order_table, _order.id == _line.order_id)
    .where(_waits)
    .group_by(_line.variant_id)
    .subquery()
)
#: Reserved is exactly what orders wait for.
_RESERVED = (
    sa.select(Stock.variant_id, Stock.reserved, _n(_reserved.c.n, 0))
    .outerjoin(_reserved, _reserved.c.variant_id == Stock.variant_id)
    .where(Stock.reserved != _n(_reserved.c.n, 0))
)


def violations() -> Iterator[Violation]:
    """Every order, payment, hold and reservation that does not add up; nothing if all is well."""
    run = db.session.execute
    for number, due, captured, strays in run(_CASH):
        found = f"{due} of cash is due for it, {captured} came in and {strays} of that goes back at once"
        yield Violation(ORDERS, f"order {number}", found)
    for reference, set_aside, refunds in run(_SET_ASIDE):
        yield Violation(
            ORDERS, f"payment {reference}", f"{set_aside} set aside to go back, refunds say {refunds}"
        )
    for number, state in run(_PAID_AT):
        yield Violation(ORDERS, f"order {number}", f"{state}, and that does not agree with when it was paid")
    for number, state, points, pending, captured, released in run(_HOLDS):
        found = f"{state}, {points} points, but its hold has {pending} pending, {captured} captured, {released} released"
        yield Violation(ORDERS, f"order {number}", found)
    for number in run(_HELD_FOR_NOTHING).scalars():
        yield Violation(ORDERS, f"order {number}", "points are held for it, and it waits for no cash")
    for variant, reserved, wanted in run(_RESERVED):
        yield Violation(
            STOCK, f"stock of variant {variant}", f"{reserved} reserved, orders wait for {wanted}"
        )

"""What must hold of every order: the order side of invariant 5, read set by set, for `mall ledger verify`.

Points paid agree with the ledger; and so do an order's own sums, states, parcels and limit counters with its lines.
"""

from collections.abc import Iterator

import sqlalchemy as sa

from mall.core.checks import Violation
from mall.core.db import db
from mall.domain.ledger.models import Allocation, Entry
from mall.domain.orders.limits import EVER
from mall.domain.orders.models import (
    limit_counter_table,
    order_line_table,
    order_table,
    shipment_line_table,
)
from mall.domain.orders.rules import WAITING

#: The rule's number in the list of invariants.
INVARIANT = 5

_n = sa.func.coalesce
_of_orders = sa.and_(Entry.ref_kind == "order", Entry.kind.in_(("redeem", "capture", "refund")))
_number = _n(Entry.of_id, Entry.ref_id)
_booked = (
    sa.select(
        Entry.member_id,
        _number.label("number"),
        sa.func.sum(
            sa.case(
                (Entry.kind == "redeem", -Entry.available), (Entry.kind == "capture", -Entry.held), else_=0
            )
        ).label("used"),
        sa.func.sum(sa.case((Entry.kind == "refund", Entry.available - Entry.debt), else_=0)).label("back"),
    )
    .where(_of_orders)
    .group_by(Entry.member_id, _number)
    .subquery()
)
#: What was never paid took no points: they were held at most (see `cash_checks`).
_paid = sa.case((order_table.c.paid_at.is_(None), 0), else_=order_table.c.points)
_POINTS = (
    sa.select(
        order_table.c.number,
        _paid.label("points"),
        order_table.c.points_back,
        _n(_booked.c.used, 0).label("used"),
        _n(_booked.c.back, 0).label("back"),
    )
    .outerjoin(
        _booked,
        sa.and_(_booked.c.member_id == order_table.c.member_id, _booked.c.number == order_table.c.number),
    )
    .where(sa.or_(_paid != _n(_booked.c.used, 0), order_table.c.points_back != _n(_booked.c.back, 0)))
)
_ORPHANS = (
    sa.select(_booked.c.number, _booked.c.member_id)
    .outerjoin(
        order_table,
        sa.and_(order_table.c.member_id == _booked.c.member_id, order_table.c.number == _booked.c.number),
    )
    .where(order_table.c.id.is_(None))
)
_net = sa.func.sum(
    sa.case((Allocation.dst == "spent", Allocation.n), (Allocation.src == "spent", -Allocation.n), else_=0)
)
_LOTS = (
    sa.select(_number.label("number"), Allocation.lot, _net.label("net"))
    .join(Entry, sa.and_(Entry.member_id == Allocation.member_id, Entry.seq == Allocation.seq))
    .where(_of_orders)
    .group_by(Entry.member_id, _number, Allocation.lot)
    .having(_net < 0)
)
_line = order_line_table.c
_sums = (
    sa.select(
        _line.order_id,
        sa.func.sum(_line.points).label("points"),
        sa.func.sum(_line.cash).label("cash"),
        sa.func.sum(_line.points_back).label("back"),
        sa.func.sum(sa.case((_line.state == "open", 1), else_=0)).label("open"),
        sa.func.sum(_line.sent).label("sent"),
    )
    .group_by(_line.order_id)
    .subquery()
)
_LINES = (
    sa.select(
        order_table.c.number, order_table.c.points, order_table.c.points_back, _sums.c.points, _sums.c.back
    )
    .outerjoin(_sums, _sums.c.order_id == order_table.c.id)
    .where(
        sa.or_(
            _sums.c.order_id.is_(None),
            order_table.c.points != _sums.c.points,
            order_table.c.cash != _sums.c.cash + order_table.c.delivery_fee,
            order_table.c.points_back != _sums.c.back,
        )
    )
)
_STATES = (
    sa.select(order_table.c.number, order_table.c.state, _sums.c.open, _sums.c.sent)
    .join(_sums, _sums.c.order_id == order_table.c.id)
    .where(
        sa.or_(
            sa.and_(order_table.c.state == "paid", _sums.c.open == 0),
            sa.and_(order_table.c.state == "completed", sa.or_(_sums.c.open > 0, _sums.c.sent == 0)),
            sa.and_(
                order_table.c.state.in_(("cancelled", "expired")), sa.or_(_sums.c.open > 0, _sums.c.sent > 0)
            ),
            sa.and_(order_table.c.state.in_(WAITING), sa.or_(_sums.c.open == 0, _sums.c.sent > 0)),
        )
    )
)
_shipped = (
    sa.select(shipment_line_table.c.order_line_id, sa.func.sum(shipment_line_table.c.quantity).label("n"))
    .group_by(shipment_line_table.c.order_line_id)
    .subquery()
)
_PARCELS = (
    sa.select(_line.id, _line.sent, _n(_shipped.c.n, 0).label("n"))
    .outerjoin(_shipped, _shipped.c.order_line_id == _line.id)
    .where(_line.kind == "goods", _line.sent != _n(_shipped.c.n, 0))
)
_counter = limit_counter_table.c
_taken = (
    sa.select(_n(sa.func.sum(_line.quantity - _line.cancelled), 0))
    .join_from(order_line_table, order_table, order_table.c.id == _line.order_id)
    .where(
        order_table.c.member_id == _counter.member_id,
        _line.offer_id == _counter.offer_id,
        sa.or_(
            _counter.period == EVER,
            sa.cast(order_table.c.placed_on, sa.String) == _counter.period,
        ),
    )
    .scalar_subquery()
)
_COUNTERS = sa.select(_counter.member_id, _counter.offer_id, _counter.period, _counter.used, _taken).where(
    _counter.used != _taken
)


def violations() -> Iterator[Violation]:
    """Every order, line, parcel and counter that does not add up; nothing if all is well."""
    run = db.session.execute
    for number, points, back, used, given in run(_POINTS):
        found = f"the order says {points} paid and {back} back, the ledger {used} and {given}"
        yield Violation(INVARIANT, f"order {number}", found)
    for number, member in run(_ORPHANS):
        yield Violation(
            INVARIANT, f"order {number}", f"member {member} has entries for it, but it does not exist"
        )
    for number, lot, net in run(_LOTS):
        yield Violation(INVARIANT, f"order {number}", f"lot {lot} got back {-net} more than it gave")
    for number, points, back, in_lines, back_in_lines in run(_LINES):
        found = f"{points} points and {back} back, but its lines add up to {in_lines} and {back_in_lines}"
        yield Violation(INVARIANT, f"order {number}", found)
    for number, state, left, sent in run(_STATES):
        yield Violation(
            INVARIANT, f"order {number}", f"{state}, with {left} lines open and {sent} units sent"
        )
    for line, sent, n in run(_PARCELS):
        yield Violation(INVARIANT, f"order line {line}", f"{sent} sent, {n} in parcels")
    for member, offer, period, used, taken in run(_COUNTERS):
        row = f"counter of member {member}, offer {offer}, {period}"
        yield Violation(INVARIANT, row, f"{used} counted, {taken} in orders")

"""What must hold of refunds and documents: sums per order and line, shares, states, numbers. For `mall ledger verify`.

That a payment has set aside exactly what its refunds say is checked with the payments (cash_checks).
"""

from collections.abc import Iterator

import sqlalchemy as sa

from mall.core.checks import Violation
from mall.core.db import db
from mall.domain.earning.cash import SOURCE
from mall.domain.earning.models import Purchase
from mall.domain.ledger.statements import total
from mall.domain.orders.claims import AGAINST_ORDER
from mall.domain.orders.models import (
    document_counter_table,
    document_table,
    order_line_table,
    order_table,
    refund_line_table,
    refund_table,
)
from mall.domain.payments.models import dispute_table, payment_table

#: The rule's number in the list of invariants.
INVARIANT = 5

_order, _line, _refund = order_table.c, order_line_table.c, refund_table.c
_part, _payment, _document = refund_line_table.c, payment_table.c, document_table.c
_counter, _purchase = document_counter_table.c, Purchase.__table__.c
_n = sa.func.coalesce

_by_order = (
    sa.select(
        _refund.order_id,
        total(_refund.points).label("points"),
        total(_refund.cash).label("cash"),
        total(_refund.delivery).label("delivery"),
        total(_refund.earned_back).label("earned"),
    )
    .where(_refund.kind == "lines")
    .group_by(_refund.order_id)
    .subquery()
)
_back = sa.select(_line.order_id, total(_line.cash_back).label("cash")).group_by(_line.order_id).subquery()
#: An order's cash that was given back is its refunds' cash, and its lines' with the delivery fee.
_CASH = (
    sa.select(
        _order.number, _order.cash_back, _n(_by_order.c.cash, 0), _back.c.cash + _n(_by_order.c.delivery, 0)
    )
    .join(_back, _back.c.order_id == _order.id)
    .outerjoin(_by_order, _by_order.c.order_id == _order.id)
    .where(
        sa.or_(
            _order.cash_back != _n(_by_order.c.cash, 0),
            _order.cash_back != _back.c.cash + _n(_by_order.c.delivery, 0),
            _n(_by_order.c.delivery, 0) > _order.delivery_fee,
        )
    )
)
_lost = (
    sa.select(dispute_table.c.order_id, total(dispute_table.c.amount).label("cash"))
    .where(dispute_table.c.state == "lost", AGAINST_ORDER)
    .group_by(dispute_table.c.order_id)
    .subquery()
)
_gone = _line.cancelled + _line.returned
_cash_share = _line.cash * _gone // _line.quantity
#: What a line gave back is the share of the units that went back; lines of orders that were never paid give nothing.
#: Of cash it may be less after a lost dispute: the bank has taken it.
_SHARES = (
    sa.select(_line.id, _line.points_back, _line.cash_back, _gone)
    .join(order_table, _order.id == _line.order_id)
    .outerjoin(_lost, _lost.c.order_id == _order.id)
    .where(
        sa.or_(
            sa.and_(
                _order.paid_at.is_not(None),
                sa.or_(
                    _line.points_back != _line.points * _gone // _line.quantity,
                    _line.cash_back > _cash_share,
                    sa.and_(_line.cash_back < _cash_share, _lost.c.cash.is_(None)),
                ),
            ),
            sa.and_(_order.paid_at.is_(None), _line.points_back + _line.cash_back + _line.returned > 0),
        )
    )
)
_by_line = (
    sa.select(
        _part.order_line_id,
        sa.func.sum(_part.quantity - _part.returned).label("cancelled"),
        sa.func.sum(_part.returned).label("returned"),
        sa.func.sum(_part.points).label("points"),
        sa.func.sum(_part.cash).label("cash"),
    )
    .group_by(_part.order_line_id)
    .subquery()
)
#: Where refunds name units of a line, they name exactly those that came back (before there were refunds, none did).
_UNITS = (
    sa.select(_line.id, _line.cancelled, _line.returned, _by_line.c.cancelled, _by_line.c.returned)
    .join(_by_line, _by_line.c.order_line_id == _line.id)
    .where(
        sa.or_(
            _line.returned != _by_line.c.returned,
            _line.cancelled < _by_line.c.cancelled,
            _line.points_back < _by_line.c.points,
            _line.cash_back != _by_line.c.cash,
        )
    )
)
_parts = (
    sa.select(
        _part.refund_id, sa.func.sum(_part.points).label("points"), sa.func.sum(_part.cash).label("cash")
    )
    .group_by(_part.refund_id)
    .subquery()
)
#: A refund is the sum of its parts and the delivery fee; it belongs to its payment's order.
_REFUNDS = (
    sa.select(_refund.key)
    .outerjoin(_parts, _parts.c.refund_id == _refund.id)
    .outerjoin(payment_table, _payment.id == _refund.payment_id)
    .where(
        sa.or_(
            sa.and_(
                _refund.kind == "lines",
                sa.or_(
                    _parts.c.refund_id.is_(None),
                    _refund.points != _parts.c.points,
                    _refund.cash != _parts.c.cash + _refund.delivery,
                ),
            ),
            sa.and_(_refund.kind == "stray", _parts.c.refund_id.is_not(None)),
            _payment.order_id != _refund.order_id,
            sa.and_(_refund.cash == 0, _refund.state != "succeeded"),
            sa.and_(_refund.cash > 0, _refund.state == "succeeded", _refund.stripe_id.is_(None)),
        )
    )
)
_earned = _n(_by_order.c.earned, 0)
_goods = _n(_by_order.c.cash, 0) - _n(_by_order.c.delivery, 0)
_sources = _goods + _n(_lost.c.cash, 0)
_all_back = sa.case((_sources > _purchase.amount, _purchase.amount), else_=_sources)
_due_back = _purchase.points * _all_back // _purchase.amount
#: Earned points are taken back in the share of the cash that earned them; refunds share that with lost disputes.
_EARNED = (
    sa.select(_order.number, _earned, _purchase.points)
    .join(Purchase, sa.and_(_purchase.source == SOURCE, _purchase.external_id == _order.number))
    .outerjoin(_by_order, _by_order.c.order_id == _order.id)
    .outerjoin(_lost, _lost.c.order_id == _order.id)
    .where(sa.or_(_earned > _due_back, sa.and_(_earned < _due_back, _lost.c.cash.is_(None))))
)
_numbered = (
    sa.select(
        _document.kind,
        _document.year,
        sa.func.count().label("n"),
        sa.func.max(_document.serial).label("last"),
    )
    .group_by(_document.kind, _document.year)
    .subquery()
)
_same = sa.and_(_numbered.c.kind == _counter.kind, _numbered.c.year == _counter.year)
#: Documents of a kind and year are numbered 1 … last, none left out (a number can not be there twice).
_GAPS = (
    sa.select(_counter.kind, _counter.year, _counter.last, _n(_numbered.c.n, 0), _n(_numbered.c.last, 0))
    .outerjoin(_numbered, _same)
    .where(sa.or_(_counter.last != _n(_numbered.c.n, 0), _counter.last != _n(_numbered.c.last, 0)))
)
_UNCOUNTED = (
    sa.select(_numbered.c.kind, _numbered.c.year)
    .outerjoin(document_counter_table, _same)
    .where(_counter.kind.is_(None))
)


def violations() -> Iterator[Violation]:
    """Every refund, line and series of documents that does not add up; nothing if all is well."""
    run = db.session.execute
    for number, back, refunds, lines in run(_CASH):
        found = f"{back} of cash given back, its refunds say {refunds}, its lines {lines}"
        yield Violation(INVARIANT, f"order {number}", found)
    for line, points, cash, units in run(_SHARES):
        found = f"{points} points and {cash} of cash back is not the share of {units} units"
        yield Violation(INVARIANT, f"order line {line}", found)
    for line, cancelled, returned, of_cancelled, of_returned in run(_UNITS):
        found = f"{cancelled} cancelled and {returned} returned, refunds say {of_cancelled} and {of_returned}"
        yield Violation(INVARIANT, f"order line {line}", found)
    for key in run(_REFUNDS).scalars():
        yield Violation(
            INVARIANT, f"refund {key}", "its parts, its payment or its state do not agree with it"
        )
    for number, taken, earned in run(_EARNED):
        found = f"{taken} of {earned} earned points taken back is not the share of the cash given back"
        yield Violation(INVARIANT, f"order {number}", found)
    for kind, year, last, n, greatest in run(_GAPS):
        found = f"{n} documents up to number {greatest}, and {last} is the last number given"
        yield Violation(INVARIANT, f"{kind}s of {year}", found)
    for kind, year in run(_UNCOUNTED):
        yield Violation(
            INVARIANT, f"{kind}s of {year}", "there are documents, and no counter gave their numbers"
        )

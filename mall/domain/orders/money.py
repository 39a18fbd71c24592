"""What became of an order's cash, as columns of a statement about orders: for the word that people read."""

from typing import Any

import sqlalchemy as sa

from mall.domain.ledger.statements import total
from mall.domain.orders import words
from mall.domain.orders.claims import AGAINST_ORDER
from mall.domain.orders.models import document_table as document
from mall.domain.orders.models import order_table as orders
from mall.domain.orders.models import refund_table as refund
from mall.domain.payments.models import dispute_table as dispute

_refund = (
    # The alphabet has the gravest first: failed, requested, sent.
    sa.select(sa.func.min(refund.c.state))
    .where(refund.c.order_id == orders.c.id, refund.c.state.in_(("failed", "requested", "sent")))
    .correlate(orders)
    .scalar_subquery()
    .label("refund")
)


def _has(state: str, name: str) -> sa.Label[bool]:
    found = sa.select(dispute.c.id).where(
        dispute.c.order_id == orders.c.id, dispute.c.state == state, AGAINST_ORDER
    )
    return sa.exists(found).correlate(orders).label(name)


#: For an order's own page: the part of its cash_back that did not arrive, and the credit notes that say it did.
STUCK = (
    sa.select(total(refund.c.cash))
    .where(refund.c.order_id == orders.c.id, refund.c.state == "failed", refund.c.kind == "lines")
    .correlate(orders)
    .scalar_subquery()
    .label("cash_failed"),
    sa.select(sa.func.aggregate_strings(document.c.number, " "))
    .join(refund, refund.c.id == document.c.refund_id)
    .where(refund.c.order_id == orders.c.id, refund.c.state == "failed")
    .correlate(orders)
    .scalar_subquery()
    .label("notes_failed"),
)
COLUMNS = (_refund, _has("open", "disputed"), _has("lost", "lost"))


def read(row: sa.Row[*tuple[Any, ...]]) -> words.Money:
    """Of a row that has COLUMNS, and the order's points, points_back, cash and cash_back."""
    given = words.back(row.points, row.points_back, row.cash, row.cash_back)
    return words.Money(row.refund, bool(row.disputed), given, bool(row.lost))

"""Which disputes are against an order: those over the payment that paid for it.

Stray money is none of the order's: it goes back whatever happens, and a dispute over it takes nothing from the order.
"""

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.db import db
from mall.domain.orders.models import refund_table as refund
from mall.domain.payments.models import dispute_table as dispute

#: A condition on `dispute`, in whatever statement it stands.
AGAINST_ORDER = ~(
    sa.exists()
    .where(refund.c.payment_id == dispute.c.payment_id, refund.c.kind == "stray")
    .correlate(dispute)
)
_STRAY = sa.select(sa.exists().where(refund.c.payment_id == bindparam("payment"), refund.c.kind == "stray"))


def is_stray(payment_id: int) -> bool:
    """Whether a payment reached an order that could not take it."""
    return bool(db.session.scalar(_STRAY, {"payment": payment_id}))

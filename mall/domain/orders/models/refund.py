"""Refunds: what an order gave back, to which source, and how far the cash has come."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from mall.core.db import Base
from mall.domain.orders import rules

_STRAY = sa.text("kind = 'stray'")
_WAITING = sa.text(f"state IN {rules.UNSETTLED}")


class Refund(Base):
    """One decision to give back: points at once to their lots, `cash` (minor units) through Stripe afterwards.

    `key` is its public number and Stripe's idempotency key (with the attempt, from the second on). `kind` "lines"
    names units of the order; "stray" sends back a payment that reached an order which could not take it. `delivery`
    is the part of `cash` that is the delivery fee; `earned_back` are points that the cash had earned. `form_key` is
    the request that asked for it: the same form sent twice is one refund.
    """

    __tablename__ = "refund"
    __table_args__ = (
        sa.UniqueConstraint("order_id", "form_key"),
        sa.CheckConstraint(f"state IN {rules.states('refund')}", name="state"),
        sa.CheckConstraint("kind IN ('lines', 'stray')", name="kind"),
        sa.CheckConstraint("points >= 0 AND cash >= 0 AND earned_back >= 0", name="amounts"),
        sa.CheckConstraint("delivery >= 0 AND delivery <= cash", name="delivery"),
        sa.CheckConstraint("(cash = 0) = (payment_id IS NULL)", name="source"),
        sa.CheckConstraint("attempt >= 1 AND calls >= 0", name="attempts"),
        sa.CheckConstraint("state <> 'settled_by_hand' OR note <> ''", name="note"),
        sa.Index("ix_refund_order_id_id", "order_id", "id"),
        sa.Index(
            "uq_refund_stray", "payment_id", unique=True, sqlite_where=_STRAY, postgresql_where=_STRAY
        ),
        sa.Index(
            "ix_refund_waiting", "state", "id", sqlite_where=_WAITING, postgresql_where=_WAITING
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(20), unique=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("orders.id"))
    payment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("payment.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(10))
    state: Mapped[str] = mapped_column(sa.String(20))
    attempt: Mapped[int] = mapped_column(server_default="1")
    points: Mapped[int]
    cash: Mapped[int]
    delivery: Mapped[int] = mapped_column(server_default="0")
    earned_back: Mapped[int] = mapped_column(server_default="0")
    currency: Mapped[str] = mapped_column(sa.String(3))
    reason: Mapped[str] = mapped_column(sa.Text)
    note: Mapped[str] = mapped_column(sa.Text, server_default="")
    restock: Mapped[bool]
    form_key: Mapped[str | None] = mapped_column(sa.String(40))
    requested_kind: Mapped[str] = mapped_column(sa.String(10))
    requested_id: Mapped[int | None]
    requested_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    called_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    stripe_id: Mapped[str | None] = mapped_column(sa.String(120), unique=True)
    error: Mapped[str] = mapped_column(sa.String(500), server_default="")
    calls: Mapped[int] = mapped_column(server_default="0")


class RefundLine(Base):
    """Units of an order line in a refund: `quantity` of them, of which `returned` had been sent; `restocked` went back."""

    __tablename__ = "refund_line"
    __table_args__ = (
        sa.CheckConstraint(
            # A unit that was never sent may have nothing to put back: a code that its pool never had.
            "quantity > 0 AND returned >= 0 AND returned <= quantity "
            "AND restocked >= 0 AND restocked <= quantity",
            name="units",
        ),
        sa.CheckConstraint("points >= 0 AND cash >= 0", name="amounts"),
    )

    refund_id: Mapped[int] = mapped_column(sa.ForeignKey("refund.id"), primary_key=True, autoincrement=False)
    order_line_id: Mapped[int] = mapped_column(
        sa.ForeignKey("order_line.id"), primary_key=True, autoincrement=False, index=True
    )
    quantity: Mapped[int]
    returned: Mapped[int]
    restocked: Mapped[int]
    points: Mapped[int]
    cash: Mapped[int]

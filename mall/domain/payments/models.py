"""Tables of cash: attempts to be paid, what Stripe told us, disputes.

Money is in the mall's minor units (`currency` upper case); what goes to Stripe is converted in `rules` alone.
"""

from datetime import datetime
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from mall.core.db import Base
from mall.core.partial import among, differs
from mall.domain.payments import rules


class Payment(Base):
    """One attempt to be paid for an order: the mirror of one Stripe Checkout Session.

    `request` is the body that is sent to Stripe, byte for byte the same at every try, with `key` as its idempotency
    key; it is emptied some time after the attempt has ended. `refunding` is what refunds have reserved of what was
    `captured`; `refunded` is what Stripe says has gone back. `problem` is set while Stripe's object does not match.
    """

    __tablename__ = "payment"
    __table_args__ = (
        sa.UniqueConstraint("order_id", "attempt"),
        sa.CheckConstraint(f"state IN {rules.STATES}", name="state"),
        sa.CheckConstraint("amount > 0 AND attempt > 0 AND calls >= 0", name="counts"),
        sa.CheckConstraint(
            "0 <= refunding AND refunding <= captured AND captured <= amount", name="refunding"
        ),
        sa.CheckConstraint("refunded >= 0", name="refunded"),
        sa.CheckConstraint("state <> 'open' OR session_id IS NOT NULL", name="open"),
        sa.CheckConstraint("(state = 'paid') = (paid_at IS NOT NULL)", name="paid"),
        sa.Index("ix_payment_created_at", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("orders.id"))
    attempt: Mapped[int]
    reference: Mapped[str] = mapped_column(sa.String(40), unique=True)
    state: Mapped[str] = mapped_column(sa.String(10))
    amount: Mapped[int]
    currency: Mapped[str] = mapped_column(sa.String(3))
    livemode: Mapped[bool]
    key: Mapped[str] = mapped_column(sa.String(255), unique=True)
    request: Mapped[str] = mapped_column(sa.Text)
    expires_at: Mapped[datetime]
    created_at: Mapped[datetime]
    calls: Mapped[int] = mapped_column(server_default="0")
    called_at: Mapped[datetime | None]
    session_id: Mapped[str | None] = mapped_column(sa.String(255), unique=True)
    url: Mapped[str | None] = mapped_column(sa.Text)
    payment_intent: Mapped[str | None] = mapped_column(sa.String(255), unique=True)
    charge: Mapped[str | None] = mapped_column(sa.String(255))
    mirrored_at: Mapped[datetime | None]
    paid_at: Mapped[datetime | None]
    captured: Mapped[int] = mapped_column(server_default="0")
    refunding: Mapped[int] = mapped_column(server_default="0")
    refunded: Mapped[int] = mapped_column(server_default="0")
    error: Mapped[str] = mapped_column(sa.String(500), server_default="")
    problem: Mapped[str] = mapped_column(sa.String(500), server_default="")


class StripeEvent(Base):
    """A webhook as it was received, once. `payload` never changes; it may be deleted long after it was handled."""

    __tablename__ = "stripe_event"
    __table_args__ = (
        sa.CheckConstraint(f"state IN {rules.EVENT_STATES}", name="state"),
        sa.Index("ix_stripe_event_state_received_at", "state", "received_at"),
        sa.Index("ix_stripe_event_object_id", "object_id"),
    )

    id: Mapped[str] = mapped_column(sa.String(255), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(100))
    object_id: Mapped[str] = mapped_column(sa.String(255))
    created: Mapped[datetime]
    livemode: Mapped[bool]
    payload: Mapped[str] = mapped_column(sa.Text)
    received_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(sa.String(12))
    handled_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(sa.String(500), server_default="")


class Dispute(Base):
    """A cardholder's bank takes money back: the mirror of a Stripe dispute. `status` is Stripe's own word."""

    __tablename__ = "dispute"
    __table_args__ = (
        sa.CheckConstraint(f"state IN {rules.DISPUTE_STATES}", name="state"),
        sa.CheckConstraint("amount >= 0", name="amount"),
        sa.CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="closed"),
        sa.Index("ix_dispute_order_id", "order_id"),
        sa.Index("ix_dispute_state_id", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    stripe_id: Mapped[str] = mapped_column(sa.String(255), unique=True)
    payment_id: Mapped[int] = mapped_column(sa.ForeignKey("payment.id"), index=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("orders.id"))
    state: Mapped[str] = mapped_column(sa.String(10))
    status: Mapped[str] = mapped_column(sa.String(40))
    amount: Mapped[int]
    currency: Mapped[str] = mapped_column(sa.String(3))
    reason: Mapped[str] = mapped_column(sa.String(60))
    opened_at: Mapped[datetime]
    due_by: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


payment_table = cast(sa.Table, Payment.__table__)
stripe_event_table = cast(sa.Table, StripeEvent.__table__)
dispute_table = cast(sa.Table, Dispute.__table__)

#: What the partial indexes of `payment` hold, and how whoever reads by them must say it: attempts that are not over, that
#: do not match what Stripe has, that are over and whose request is kept still.
IS_WAITING = among(payment_table.c.state, *rules.WAITING)
HAS_PROBLEM = differs(payment_table.c.problem, "")
KEEPS_REQUEST = sa.and_(differs(payment_table.c.request, ""), among(payment_table.c.state, *rules.OVER))


def _index(name: str, condition: sa.ColumnElement[bool], *columns: str) -> sa.Index:
    on = (payment_table.c[column] for column in columns)
    return sa.Index(name, *on, sqlite_where=condition, postgresql_where=condition)


_index("ix_payment_waiting", IS_WAITING, "state", "id")
_index("ix_payment_problem", HAS_PROBLEM, "id")
_index("ix_payment_request", KEEPS_REQUEST, "created_at")

"""Orders, their lines and their timeline."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from mall.core.db import Base
from mall.domain.orders import rules

_TO_GIVE = sa.text("state = 'open' AND kind <> 'goods'")
_UNPAID = sa.text(f"state IN {rules.WAITING}")


class Order(Base):
    """Something bought. `points` and `cash` are the lines' sums, `delivery_fee` in the cash; `points_off` of the points
    took `worth_off` from the cash price; `tier` was the buyer's. `points_back` is what cancelling has given back of
    `points`; cash is in minor units.

    While it waits for cash, `expires_at` is when its points and stock go back; `closing` says who asked for that (the
    time, the member, staff). `paid_at` is null for what was never paid: such an order took nothing.
    `address` is a copy: what the member changes later does not move a parcel. It is the only personal data here.
    """

    __tablename__ = "orders"
    __table_args__ = (
        sa.UniqueConstraint("member_id", "key"),
        sa.CheckConstraint(f"state IN {rules.states('order')}", name="state"),
        sa.CheckConstraint("points >= 0 AND cash >= 0", name="price"),
        sa.CheckConstraint("points_back >= 0 AND points_back <= points", name="points_back"),
        sa.Index("ix_orders_member_id_id", "member_id", "id"),
        sa.Index("ix_orders_state_id", "state", "id"),
        sa.Index("ix_orders_expires_at", "expires_at", sqlite_where=_UNPAID, postgresql_where=_UNPAID),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(20), unique=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    state: Mapped[str] = mapped_column(sa.String(20))
    points: Mapped[int]
    points_back: Mapped[int] = mapped_column(server_default="0")
    cash: Mapped[int]
    cash_back: Mapped[int] = mapped_column(
        sa.CheckConstraint("cash_back >= 0 AND cash_back <= cash", name="cash_back"), server_default="0"
    )
    quote_id: Mapped[str] = mapped_column(sa.String(22), unique=True)
    key: Mapped[str] = mapped_column(sa.String(64))
    request_hash: Mapped[str] = mapped_column(sa.String(64))
    delivery: Mapped[str] = mapped_column(sa.ForeignKey("delivery_method.code"))
    address: Mapped[dict[str, Any] | None] = mapped_column(
        sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
    )
    terms_version: Mapped[str] = mapped_column(sa.String(20))
    placed_at: Mapped[datetime]
    placed_on: Mapped[date]
    expires_at: Mapped[datetime | None] = mapped_column(
        sa.CheckConstraint(f"state NOT IN {rules.PAYABLE} OR expires_at IS NOT NULL", name="expires_at")
    )
    closing: Mapped[str | None] = mapped_column(
        sa.String(10), sa.CheckConstraint(f"closing IN {rules.CLOSING}", name="closing")
    )
    paid_at: Mapped[datetime | None]
    currency: Mapped[str] = mapped_column(sa.String(3), server_default="CNY")
    tier: Mapped[str | None] = mapped_column(sa.String(20))
    delivery_fee: Mapped[int] = mapped_column(
        sa.CheckConstraint("delivery_fee >= 0 AND delivery_fee <= cash", name="delivery_fee"),
        server_default="0",
    )
    points_off: Mapped[int] = mapped_column(
        sa.CheckConstraint("points_off >= 0 AND points_off <= points", name="points_off"), server_default="0"
    )
    worth_off: Mapped[int] = mapped_column(
        sa.CheckConstraint("worth_off >= 0", name="worth_off"), server_default="0"
    )


class OrderLine(Base):
    """One line. `points`, `cash`: what it costs as a whole, its share of points off in it. `sent` counts units shipped
    or fulfilled; the state says "open" exactly while units are left.

    `returned` counts those of the sent units that came back. `points_back` and `cash_back` are what refunds gave back
    of the line.
    """

    __tablename__ = "order_line"
    __table_args__ = (
        sa.UniqueConstraint("order_id", "position"),
        sa.CheckConstraint(f"state IN {rules.states('line')}", name="state"),
        sa.CheckConstraint("points_each >= 0 AND cash_each >= 0", name="price"),
        sa.CheckConstraint(
            "quantity > 0 AND sent >= 0 AND cancelled >= 0 AND sent + cancelled <= quantity", name="counts"
        ),
        sa.CheckConstraint("(state = 'open') = (sent + cancelled < quantity)", name="open"),
        sa.Index("ix_order_line_to_give", "order_id", sqlite_where=_TO_GIVE, postgresql_where=_TO_GIVE),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("orders.id"))
    position: Mapped[int]
    variant_id: Mapped[int] = mapped_column(sa.ForeignKey("variant.id"), index=True)
    offer_id: Mapped[int] = mapped_column(sa.ForeignKey("offer.id"), index=True)
    price_id: Mapped[int] = mapped_column(sa.ForeignKey("offer_price.id"))
    quantity: Mapped[int]
    sent: Mapped[int] = mapped_column(server_default="0")
    cancelled: Mapped[int] = mapped_column(server_default="0")
    returned: Mapped[int] = mapped_column(
        sa.CheckConstraint("returned >= 0 AND returned <= sent", name="returned"), server_default="0"
    )
    points_back: Mapped[int] = mapped_column(
        sa.CheckConstraint("points_back >= 0 AND points_back <= points", name="points_back"),
        server_default="0",
    )
    cash_back: Mapped[int] = mapped_column(
        sa.CheckConstraint("cash_back >= 0 AND cash_back <= cash", name="cash_back"), server_default="0"
    )
    state: Mapped[str] = mapped_column(sa.String(20))
    points_each: Mapped[int]
    cash_each: Mapped[int]
    kind: Mapped[str] = mapped_column(sa.String(20))
    slug: Mapped[str] = mapped_column(sa.String(120))
    sku: Mapped[str] = mapped_column(sa.String(64))
    name: Mapped[dict[str, Any]]
    options: Mapped[dict[str, Any]]
    picture: Mapped[str | None] = mapped_column(sa.String(200))
    points: Mapped[int] = mapped_column(sa.CheckConstraint("points >= 0", name="points"), server_default="0")
    cash: Mapped[int] = mapped_column(sa.CheckConstraint("cash >= 0", name="cash"), server_default="0")


class OrderEvent(Base):
    """A line of the order's timeline: who did what, when, and what a reader wants to know about it."""

    __tablename__ = "order_event"
    __table_args__ = (sa.Index("ix_order_event_order_id_id", "order_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("orders.id"))
    kind: Mapped[str] = mapped_column(sa.String(20))
    at: Mapped[datetime]
    actor_kind: Mapped[str] = mapped_column(sa.String(10))
    actor_id: Mapped[int | None]
    data: Mapped[dict[str, Any]]
    note: Mapped[str | None] = mapped_column(sa.Text)

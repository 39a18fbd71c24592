"""Parcels: an order ships in parts."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from mall.core.db import Base


class Shipment(Base):
    """One parcel; carrier and tracking are empty for what needs none (services, digital goods).

    `key` names the request that sent it: the same request again is not a second parcel.
    """

    __tablename__ = "shipment"
    __table_args__ = (sa.UniqueConstraint("order_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("orders.id"))
    key: Mapped[str | None] = mapped_column(sa.String(40))
    carrier: Mapped[str] = mapped_column(sa.String(80))
    tracking: Mapped[str] = mapped_column(sa.String(80))
    shipped_at: Mapped[datetime]


class ShipmentLine(Base):
    """Units of an order line in a parcel."""

    __tablename__ = "shipment_line"
    __table_args__ = (sa.CheckConstraint("quantity > 0", name="quantity"),)

    shipment_id: Mapped[int] = mapped_column(
        sa.ForeignKey("shipment.id"), primary_key=True, autoincrement=False
    )
    order_line_id: Mapped[int] = mapped_column(
        sa.ForeignKey("order_line.id"), primary_key=True, autoincrement=False
    )
    quantity: Mapped[int]

"""Delivery methods and their rates are data."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from mall.core.db import Base

KINDS = ("standard", "priority", "same_day", "pickup", "none")


class DeliveryMethod(Base):
    """One way to receive an order. `name` and `hint` are by language tag; `none` is for codes and services."""

    __tablename__ = "delivery_method"
    __table_args__ = (sa.CheckConstraint(f"kind IN {KINDS}", name="kind"),)

    code: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    name: Mapped[dict[str, Any]]
    hint: Mapped[dict[str, Any]]
    needs_address: Mapped[bool]
    position: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True)


class DeliveryRate(Base):
    """What a method costs (minor units) for some places: "CN", "CN/shanghai"; none named: the rest of the world.

    `name` is what staff call the region. From goods worth `free_from` (minor units) on, nothing is charged.
    A rate that is withdrawn stays, to be brought back; the audit trail has every change.
    """

    __tablename__ = "delivery_rate"
    __table_args__ = (
        sa.CheckConstraint("fee >= 0", name="fee"),
        sa.CheckConstraint("free_from > 0", name="free_from"),
        sa.Index(None, "method"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    method: Mapped[str] = mapped_column(sa.ForeignKey("delivery_method.code"))
    name: Mapped[str] = mapped_column(sa.String(80))
    places: Mapped[list[Any]]
    fee: Mapped[int]
    free_from: Mapped[int | None]
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime]

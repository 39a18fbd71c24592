"""Delivery methods are data."""

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

"""Numbered documents: receipts and credit notes, the counters that number them, and the tax they show."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from mall.core.db import Base

_RECEIPT = sa.text("kind = 'receipt'")


class Document(Base):
    """A receipt or credit note as it was issued: `data` holds all that it says, so that it never changes."""

    __tablename__ = "document"
    __table_args__ = (
        sa.UniqueConstraint("kind", "year", "serial"),
        sa.CheckConstraint("kind IN ('receipt', 'credit_note')", name="kind"),
        sa.CheckConstraint("(kind = 'credit_note') = (refund_id IS NOT NULL)", name="refund"),
        sa.CheckConstraint("serial > 0", name="serial"),
        sa.Index(
            "uq_document_receipt", "order_id", unique=True, sqlite_where=_RECEIPT, postgresql_where=_RECEIPT
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    year: Mapped[int]
    serial: Mapped[int]
    number: Mapped[str] = mapped_column(sa.String(20), unique=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("orders.id"), index=True)
    refund_id: Mapped[int | None] = mapped_column(sa.ForeignKey("refund.id"), unique=True)
    data: Mapped[dict[str, Any]]
    issued_at: Mapped[datetime]


class DocumentCounter(Base):
    """The last number given, for each kind and year. Taken in the transaction that writes the document: no gaps."""

    __tablename__ = "document_counter"
    __table_args__ = (sa.CheckConstraint("last >= 0", name="last"),)

    kind: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class TaxRate(Base):
    """A tax that prices include, from `starts_on` (a local day) on, for a kind of item or for delivery; never edited.

    `rate` is in basis points of the net price (1,300 = 13 %).
    """

    __tablename__ = "tax_rate"
    __table_args__ = (
        sa.UniqueConstraint("kind", "starts_on"),
        sa.CheckConstraint("kind IN ('goods', 'service', 'digital', 'delivery')", name="kind"),
        sa.CheckConstraint("rate >= 0 AND rate < 10000", name="rate"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    rate: Mapped[int]
    name: Mapped[dict[str, Any]]
    starts_on: Mapped[date]

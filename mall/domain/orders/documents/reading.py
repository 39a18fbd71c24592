"""What documents are made of, and the documents themselves, as light rows."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.db import db
from mall.core.errors import N_, NotFound
from mall.core.ids import MemberId
from mall.domain.orders.documents.rules import Rate
from mall.domain.orders.models import document_table as document
from mall.domain.orders.models import order_line_table as line
from mall.domain.orders.models import order_table as orders
from mall.domain.orders.models import refund_line_table as refund_line
from mall.domain.orders.models import refund_table as refund_table
from mall.domain.orders.models import tax_rate_table as tax_rate


class NoSuchDocument(NotFound):
    """No such document, or another member's."""

    code = "no_such_document"
    message = N_("We cannot find that document.")


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """An order as its receipt needs it; `member` is the member's number."""

    number: str
    points: int
    cash: int
    delivery_fee: int
    currency: str
    paid_at: datetime | None
    member: str


@dataclass(frozen=True, slots=True)
class RefundFacts:
    """A refund as its credit note needs it."""

    key: str
    order_id: int
    kind: str
    state: str
    points: int
    cash: int
    delivery: int


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A line on a document; names by language, amounts of the whole line."""

    kind: str
    name: Mapping[str, str]
    options: Mapping[str, str]
    sku: str
    quantity: int
    points: int
    cash: int

    def as_json(self) -> dict[str, Any]:
        """For the document's snapshot."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document as it was issued; `data` is its snapshot.

    `name` is what the member is called now: no document holds it, as none can be changed when a person is forgotten.
    """

    id: int
    kind: str
    number: str
    order_id: int
    issued_at: datetime
    data: Mapping[str, Any]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Issued:
    """A document in a list."""

    kind: str
    number: str
    issued_at: datetime


_member = sa.table("member", sa.column("id"), sa.column("number"), sa.column("name"))
_ORDER = (
    sa.select(
        orders.c.number,
        orders.c.points,
        orders.c.cash,
        orders.c.delivery_fee,
        orders.c.currency,
        orders.c.paid_at,
        _member.c.number.label("member"),
    )
    .join(_member, _member.c.id == orders.c.member_id)
    .where(orders.c.id == bindparam("order"))
)
_words = (line.c.kind, line.c.name, line.c.options, line.c.sku)
_LINES = (
    sa.select(*_words, line.c.quantity, line.c.points, line.c.cash)
    .where(line.c.order_id == bindparam("order"))
    .order_by(line.c.position)
)
_REFUND = sa.select(
    *(refund_table.c[name] for name in ("key", "order_id", "kind", "state", "points", "cash", "delivery"))
).where(refund_table.c.id == bindparam("refund"))
_REFUND_LINES = (
    sa.select(*_words, refund_line.c.quantity, refund_line.c.points, refund_line.c.cash)
    .join(line, line.c.id == refund_line.c.order_line_id)
    .where(refund_line.c.refund_id == bindparam("refund"))
    .order_by(line.c.position)
)
_RATES = (
    sa.select(tax_rate.c.kind, tax_rate.c.rate, tax_rate.c.name)
    .where(tax_rate.c.starts_on <= bindparam("day"))
    .order_by(tax_rate.c.starts_on)
)
_shown = ("id", "kind", "number", "order_id", "issued_at", "data")
_DOCUMENT = sa.select(*(document.c[name] for name in _shown))
_RECEIPT = _DOCUMENT.where(document.c.order_id == bindparam("order"), document.c.kind == "receipt")
_NOTES = _DOCUMENT.where(document.c.order_id == bindparam("order"), document.c.kind == "credit_note")
_NOTE = sa.select(document.c.number).where(document.c.refund_id == bindparam("refund"))
_NOTE_BY_KEY = (
    sa.select(document.c.number)
    .join(refund_table, refund_table.c.id == document.c.refund_id)
    .where(refund_table.c.key == bindparam("key"))
)
_BY_NUMBER = (
    _DOCUMENT.add_columns(_member.c.name, orders.c.member_id)
    .join(orders, orders.c.id == document.c.order_id)
    .join(_member, _member.c.id == orders.c.member_id)
    .where(document.c.number == bindparam("number"))
)
_OF_ORDER = (
    sa.select(document.c.kind, document.c.number, document.c.issued_at)
    .where(document.c.order_id == bindparam("order"))
    .order_by(document.c.id)
)


def order(order_id: int) -> OrderFacts | None:
    """The order that a document is about."""
    row = db.session.execute(_ORDER, {"order": order_id}).one_or_none()
    return OrderFacts(*row) if row else None


def lines(order_id: int) -> list[DocumentLine]:
    """All lines of an order."""
    return [DocumentLine(*row) for row in db.session.execute(_LINES, {"order": order_id})]


def refund(refund_id: int) -> RefundFacts | None:
    """The refund that a credit note is about."""
    row = db.session.execute(_REFUND, {"refund": refund_id}).one_or_none()
    return RefundFacts(*row) if row else None


def refund_lines(refund_id: int) -> list[DocumentLine]:
    """The lines of a refund: the units and amounts that went back."""
    return [DocumentLine(*row) for row in db.session.execute(_REFUND_LINES, {"refund": refund_id})]


def rates(day: date) -> dict[str, Rate]:
    """The tax rates in force on a local day, by kind; of each kind the latest that has started."""
    return {row.kind: Rate(row.rate, row.name) for row in db.session.execute(_RATES, {"day": day})}


def receipt_of(order_id: int) -> DocumentView | None:
    """The order's receipt, if it was issued."""
    row = db.session.execute(_RECEIPT, {"order": order_id}).one_or_none()
    return DocumentView(*row) if row else None


def note_of(refund_id: int) -> str | None:
    """The number of a refund's credit note, if it was issued."""
    return db.session.scalar(_NOTE, {"refund": refund_id})


def note_of_refund(key: str) -> str | None:
    """The number of the credit note of the refund with that number, if it was issued."""
    return db.session.scalar(_NOTE_BY_KEY, {"key": key})


def credited(order_id: int) -> dict[int, int]:
    """What credit notes of an order have credited so far at each tax rate, gross."""
    sums: dict[int, int] = {}
    for row in db.session.execute(_NOTES, {"order": order_id}):
        for tax in row.data["taxes"]:
            sums[tax["rate"]] = sums.get(tax["rate"], 0) + tax["gross"]
    return sums


def of_order(order_id: int) -> list[Issued]:
    """An order's documents, the first first."""
    return [Issued(*row) for row in db.session.execute(_OF_ORDER, {"order": order_id})]


def by_number(number: str, *, member: MemberId | None) -> DocumentView:
    """A document by its number, if it is that member's; `member` None: whoever's (for staff). Raises NoSuchDocument."""
    row = db.session.execute(_BY_NUMBER, {"number": number}).one_or_none()
    if row is None or (member is not None and row.member_id != member):
        raise NoSuchDocument
    return DocumentView(*row[:7])

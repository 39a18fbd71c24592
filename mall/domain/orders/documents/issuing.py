"""Issuing receipts and credit notes: numbered without gaps, written once, never changed. The caller commits.

The outbox asks for them after the payment's commit, so that no member waits for the one row that numbers come from. A
number is taken and its document written in one transaction, under the counter's lock: a rollback gives it back.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.dialects import postgresql, sqlite

from mall.core import clock
from mall.core.actor import SYSTEM
from mall.core.db import write_connection
from mall.core.ids import OrderId
from mall.domain.orders import timeline
from mall.domain.orders.documents import reading, rules
from mall.domain.orders.documents.rules import DELIVERY, Rate, Taxed
from mall.domain.orders.models import document_counter_table as counter
from mall.domain.orders.models import document_table as document


@dataclass(frozen=True, slots=True)
class Merchant:
    """Who issues, as the documents name them; `zone` is whose days and years count."""

    name: str
    address: str
    tax_number: str
    zone: str


_COUNTER = {"kind": bindparam("which"), "year": bindparam("of_year"), "last": 0}
_OPEN = {
    "sqlite": sqlite.insert(counter).values(_COUNTER).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(counter).values(_COUNTER).on_conflict_do_nothing(),
}
_this = sa.and_(counter.c.kind == bindparam("which"), counter.c.year == bindparam("of_year"))
_LOCK = sa.select(counter.c.last).where(_this).with_for_update()
_TAKE = sa.update(counter).where(_this).values(last=counter.c.last + 1).returning(counter.c.last)
_WRITE = sa.insert(document)


def receipt(order_id: int, *, merchant: Merchant, at: datetime) -> str | None:
    """Number the receipt of a paid order; its number, None if no cash was paid. Once for each order."""
    order = reading.order(order_id)
    if order is None or order.paid_at is None or not order.cash:
        return None
    year = _turn("receipt", merchant, at)
    if (known := reading.receipt_of(order_id)) is not None:
        return known.number
    rates = reading.rates(clock.local_day(order.paid_at, merchant.zone))
    lines = reading.lines(order_id)
    amounts = [Taxed(line.kind, line.cash) for line in lines] + [Taxed(DELIVERY, order.delivery_fee)]
    data = {
        **_head(order, merchant),
        "paid_at": order.paid_at.isoformat(),
        "lines": [line.as_json() for line in lines],
        "points": order.points,
        "cash": order.cash,
        "delivery": order.delivery_fee,
        "taxes": [tax.as_json() for tax in rules.taxes(amounts, rates)],
        "rates": {kind: {"rate": rate.rate, "name": dict(rate.name)} for kind, rate in rates.items()},
    }
    return _issue("receipt", year, order_id, None, data, at)


def credit_note(refund_id: int, *, merchant: Merchant, at: datetime) -> str | None:
    """Number the credit note of a refund whose cash has gone back; None for one that concerns no receipt.

    The receipt's own rates count, whatever is in force today. Once for each refund.
    """
    refund = reading.refund(refund_id)
    if refund is None or refund.kind != "lines" or not refund.cash:
        return None
    receipt(refund.order_id, merchant=merchant, at=at)
    year = _turn("credit_note", merchant, at)
    if (known := reading.note_of(refund_id)) is not None:
        return known
    order, of = reading.order(refund.order_id), reading.receipt_of(refund.order_id)
    assert order is not None
    assert of is not None
    rates = {kind: Rate(found["rate"], found["name"]) for kind, found in of.data["rates"].items()}
    lines = reading.refund_lines(refund_id)
    amounts = [Taxed(line.kind, line.cash) for line in lines] + [Taxed(DELIVERY, refund.delivery)]
    data = {
        **_head(order, merchant),
        "receipt": of.number,
        "refund": refund.key,
        "by_hand": refund.state == "settled_by_hand",
        "lines": [line.as_json() for line in lines],
        "points": refund.points,
        "cash": refund.cash,
        "delivery": refund.delivery,
        "taxes": [
            tax.as_json() for tax in rules.credited(amounts, rates, before=reading.credited(refund.order_id))
        ],
    }
    return _issue("credit_note", year, refund.order_id, refund_id, data, at)


def _head(order: reading.OrderFacts, merchant: Merchant) -> dict[str, Any]:
    """What both kinds say first. No personal data: a document is never changed, and a person can be forgotten."""
    issuer = {name: text for name, text in asdict(merchant).items() if name != "zone"}
    return {"merchant": issuer, "order": order.number, "member": order.member, "currency": order.currency}


def _turn(kind: str, merchant: Merchant, at: datetime) -> int:
    """Wait for the turn to number documents of a kind in the local year of `at`; the year."""
    connection, year = write_connection(), clock.local_day(at, merchant.zone).year
    asked = {"which": kind, "of_year": year}
    connection.execute(_OPEN[connection.dialect.name], asked)
    connection.execute(_LOCK, asked)
    return year


def _issue(
    kind: str, year: int, order_id: int, refund_id: int | None, data: dict[str, Any], at: datetime
) -> str:
    connection = write_connection()
    serial: int = connection.execute(_TAKE, {"which": kind, "of_year": year}).scalar_one()
    number = rules.number(kind, year, serial)
    connection.execute(
        _WRITE,
        {
            "kind": kind,
            "year": year,
            "serial": serial,
            "number": number,
            "order_id": order_id,
            "refund_id": refund_id,
            "data": data,
            "issued_at": at,
        },
    )
    timeline.note(OrderId(order_id), (kind, {"number": number}), actor=SYSTEM, at=at)
    return number

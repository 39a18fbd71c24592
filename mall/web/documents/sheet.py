"""A document in the reader's language, as plain lines: the page and the PDF show the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import format_decimal, gettext, ngettext

from mall.core.numbers import major
from mall.domain.orders.documents.reading import DocumentView
from mall.domain.orders.queries import spoken
from mall.web.formatting import day, money, points


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the document: what, how many, points and money as written."""

    name: str
    hint: str
    quantity: str
    points: str
    money: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that a document says. `facts`, `sums` and `taxes` are (label, value); the last of `sums` is the total.

    `member` is the name, if it is known, and the member's number.
    """

    number: str
    title: str
    issuer: tuple[str, ...]
    member: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    sums: tuple[tuple[str, str], ...]
    taxes: tuple[tuple[str, str, str, str], ...]
    notes: tuple[str, ...]


def sheet(document: DocumentView, *, locale: str) -> Sheet:
    """A document's snapshot put into words."""
    data = document.data
    currency: str = data["currency"]
    return Sheet(
        number=document.number,
        title=title(document.kind),
        issuer=_issuer(data["merchant"]),
        member=tuple(text for text in (document.name, data["member"]) if text),
        facts=_facts(document),
        rows=tuple(_row(line, currency, locale) for line in data["lines"]),
        sums=_sums(document, currency),
        taxes=tuple(_tax(tax, currency, locale) for tax in data["taxes"]),
        notes=_notes(document),
    )


def title(kind: str) -> str:
    """What a kind of document is called."""
    return str(gettext("Receipt") if kind == "receipt" else gettext("Credit note"))


def _issuer(merchant: Mapping[str, str]) -> tuple[str, ...]:
    found = [merchant["name"], *merchant["address"].splitlines()]
    if merchant["tax_number"]:
        found.append(str(gettext("Tax number %(number)s", number=merchant["tax_number"])))
    return tuple(line for line in found if line.strip())


def _facts(document: DocumentView) -> tuple[tuple[str, str], ...]:
    data = document.data
    found = [
        (gettext("Issued on"), day(document.issued_at)),
        (gettext("Order"), data["order"]),
    ]
    if document.kind == "receipt":
        found.append((gettext("Paid on"), day(datetime.fromisoformat(data["paid_at"]))))
    else:
        found += [(gettext("For receipt"), data["receipt"]), (gettext("Refund"), data["refund"])]
    return tuple((str(label), str(value)) for label, value in found)


def _row(line: Mapping[str, Any], currency: str, locale: str) -> Row:
    hint = " · ".join(part for part in (line["sku"], spoken(line["options"], locale)) if part)
    return Row(
        spoken(line["name"], locale),
        hint,
        points(line["quantity"]),
        points(line["points"]) if line["points"] else "",
        money(line["cash"], currency) if line["cash"] else "",
    )


def _sums(document: DocumentView, currency: str) -> tuple[tuple[str, str], ...]:
    data, found = document.data, []
    receipt = document.kind == "receipt"
    if data["delivery"]:
        found.append((gettext("Delivery"), money(data["delivery"], currency)))
    if data["points"]:
        written = ngettext("%(n)s point", "%(n)s points", data["points"], n=points(data["points"]))
        found.append((gettext("Paid with points") if receipt else gettext("Points given back"), written))
    label = gettext("Paid by card") if receipt else gettext("Given back to the card")
    if data.get("by_hand"):
        label = gettext("Given back in another way")
    found.append((label, money(data["cash"], currency)))
    return tuple((str(label), str(value)) for label, value in found)


def _tax(tax: Mapping[str, Any], currency: str, locale: str) -> tuple[str, str, str, str]:
    rate = format_decimal(major(tax["rate"], "CNY"))
    name = gettext("%(tax)s %(rate)s%%", tax=spoken(tax["name"], locale), rate=rate)
    return str(name), money(tax["net"], currency), money(tax["tax"], currency), money(tax["gross"], currency)


def _notes(document: DocumentView) -> tuple[str, ...]:
    found = []
    if document.data["taxes"]:
        found.append(gettext("Prices include tax. Points are no payment in money and carry no tax here."))
    if document.data["taxes"] and document.kind == "credit_note":
        found.append(gettext("The tax on this note lowers the tax of the receipt that it belongs to."))
    return tuple(str(note) for note in found)

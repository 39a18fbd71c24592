"""The order's story in the reader's words: what each event of the timeline says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask
from flask_babel import gettext as _

from mall.core.errors import N_
from mall.domain.orders.queries import EventView, LineView, OrderView
from mall.domain.orders.words import WORDS
from mall.web import telling_cash, telling_refunds
from mall.web.formatting import day, points, sentences

_ICONS = {
    "placed": "receipt",
    "paid": "coins",
    "shipped": "truck",
    "fulfilled": "sparkles",
    "codes_given": "ticket",
    "completed": "circle-check",
    "cancelled": "undo-2",
    "part_cancelled": "undo-2",
    **telling_cash.ICONS,
    **telling_refunds.ICONS,
}
#: What gives something back, and what it is called.
_BACK = {
    "cancelled": N_("Cancelled"),
    "part_cancelled": N_("Part cancelled"),
    "refunded": N_("Refunded"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """An event as `timeline()` of the look shows it; `who` did it is for the desk alone."""

    at: datetime
    title: str
    text: str
    icon: str
    who: str = ""


def state_word(key: str) -> tuple[str, str]:
    """The word for an order's state in the reader's language, and the kind of its badge."""
    message, kind = WORDS[key]
    return str(_(message)), kind


def init_app(app: Flask) -> None:
    """Make the words for an order's state known to the templates."""
    app.jinja_env.filters["state_word"] = state_word


def timeline(order: OrderView, people: Mapping[int, str] | None = None) -> list[Told]:
    """The events, newest first: what happened last is what the member came to see.

    `people` are the names of those who did them, by id; without them, as for the member, nobody is named.
    """
    names = {line.id: line for line in order.lines}
    return [_told(event, order, names, people or {}) for event in reversed(order.events)]


@dataclass(frozen=True, slots=True)
class Returned:
    """What a refund or a cancellation gave back, for a mail: its units in words, its data, and the reason given."""

    units: list[str]
    data: Mapping[str, Any]
    reason: str


def returned(order: OrderView, refund: str | None) -> Returned | None:
    """What the refund with that number gave back, as the timeline has it; None if it is not there."""
    names = {line.id: line for line in order.lines}
    for event in order.events:
        if event.kind in _BACK and refund and event.data.get("refund") == refund:
            return Returned(_each(event.data, names), event.data, event.note or "")
    return None


def by_day(lots: Sequence[tuple[int, datetime | None]]) -> list[tuple[int, datetime | None]]:
    """Lots (points, expiry) as a reader tells them apart: those that expire on the same day are one; in order of use."""
    found: dict[str, tuple[int, datetime | None]] = {}
    for n, expires in lots:
        label = day(expires)
        found[label] = (n + found.get(label, (0, None))[0], expires)
    return sorted(found.values(), key=lambda lot: (lot[1] is None, lot[1].timestamp() if lot[1] else 0.0))


def lots_of(event: EventView) -> list[tuple[int, datetime | None]]:
    """The lots that an event is about (points, expiry)."""
    return [(n, datetime.fromisoformat(at) if at else None) for n, at in event.data.get("lots", ())]


def lots_text(lots: Sequence[Sequence[Any]]) -> str:
    """Points by lot, as the timeline keeps them: "300 (valid until 30 Nov 2026), 20 (no expiry)"."""
    parts = []
    for n, expires in by_day([(n, datetime.fromisoformat(at) if at else None) for n, at in lots]):
        if expires:
            parts.append(_("%(n)s (valid until %(day)s)", n=points(n), day=day(expires)))
        else:
            parts.append(_("%(n)s (no expiry)", n=points(n)))
    return str(_(", ")).join(parts)


def line_note(line: LineView) -> str:
    """What became of a line, where that is not the same as the order's state."""
    said = []
    if line.sent and line.kind == "goods":
        said.append(_("%(n)s of %(of)s shipped", n=points(line.sent), of=points(line.quantity)))
    elif line.sent:
        said.append(_("%(n)s of %(of)s fulfilled", n=points(line.sent), of=points(line.quantity)))
    if line.cancelled:
        said.append(_("%(n)s of %(of)s cancelled", n=points(line.cancelled), of=points(line.quantity)))
    if line.returned:
        said.append(_("%(n)s of %(of)s came back", n=points(line.returned), of=points(line.quantity)))
    return " · ".join(said)


def next_step(order: OrderView) -> list[str]:
    """What comes next for the reader, in sentences: what is being got ready, and how it finds them once it is sent."""
    goods = [line for line in order.lines if line.kind == "goods"]
    said = []
    if order.state == "paid" and any(line.left for line in order.lines):
        parcel = any(line.left for line in goods)
        said.append(
            str(_("We are getting it ready.") if parcel else _("We see to it, and say here when it is done."))
        )
        if parcel and order.delivery_hint:
            said.append(order.delivery_hint)
    parcels = [event for event in order.events if event.kind == "shipped"]
    if parcels and order.state in ("paid", "completed"):
        title, text = _words(parcels[-1], order, {line.id: line for line in order.lines})
        said.append(" · ".join(part for part in (title, text) if part))
    return said


def _told(event: EventView, order: OrderView, names: dict[int, LineView], people: Mapping[int, str]) -> Told:
    title, text = _words(event, order, names)
    who = people.get(event.actor_id, "") if event.actor_id else ""
    return Told(event.at, title, text, _ICONS.get(event.kind, "circle-dot"), who)


def _words(event: EventView, order: OrderView, names: dict[int, LineView]) -> tuple[str, str]:
    data = event.data
    about_cash = telling_cash.told(event.kind, data, lots_text)
    if about_cash is not None:
        return about_cash
    if event.kind == "placed":
        return _("Order placed"), ""
    if event.kind == "paid":
        return _paid(data, order)
    if event.kind == "shipped":
        return _shipped(data, order, names)
    if event.kind == "fulfilled":
        return _("Fulfilled"), _answered(event, names)
    if event.kind == "codes_given":
        return _("Codes ready"), _units(data, names)
    if event.kind == "completed":
        return _("Completed"), ""
    if event.kind in _BACK:
        return _back(event, names)
    return telling_refunds.told(event.kind, data) or (event.kind, "")


def _paid(data: Any, order: OrderView) -> tuple[str, str]:
    said, used = [], lots_text(data.get("lots", ()))
    if any(event.kind == "closing" for event in order.events):  # nobody closes an order once it is paid
        said.append(_("The payment had arrived already, so the order stands."))
    if used:
        said.append(_("Points used: %(lots)s", lots=used))
    return _("Paid with %(price)s", price=telling_cash.price(data)), sentences(said)


def _shipped(data: Any, order: OrderView, names: dict[int, LineView]) -> tuple[str, str]:
    if order.delivery_kind == "pickup":
        return _("Handed over at pick-up"), _units(data, names)
    sent = [_units(data, names)]
    if data.get("tracking"):
        sent.append(
            _("%(carrier)s, tracking number %(tracking)s", carrier=data["carrier"], tracking=data["tracking"])
        )
    elif data.get("carrier"):
        sent.append(data["carrier"])
    return _("Shipped"), " · ".join(sent)


def _answered(event: EventView, names: dict[int, LineView]) -> str:
    said = [_units(event.data, names)]
    if event.note:
        said.append(_("“%(words)s”", words=event.note))
    return " · ".join(said)


def _back(event: EventView, names: dict[int, LineView]) -> tuple[str, str]:
    data = event.data
    said = [_units(data, names)] if event.kind != "cancelled" else []
    said += telling_refunds.back(data, lots_text(data.get("lots", ())))
    if event.note:
        said.append(_("“%(words)s”", words=event.note))
    return str(_(_BACK[event.kind])), " · ".join(said)


def _units(data: Any, names: dict[int, LineView]) -> str:
    return str(_(", ")).join(_each(data, names))


def _each(data: Any, names: dict[int, LineView]) -> list[str]:
    return [f"{names[line].name} × {points(n)}" for line, n in data.get("lines", ()) if line in names]

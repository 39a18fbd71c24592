"""Reads for the order's pages: light rows, a fixed number of statements whatever the length of the list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.db import db
from mall.core.ids import MemberId, OrderId
from mall.domain.orders import handed, words
from mall.domain.orders.errors import NoSuchOrder
from mall.domain.orders.handed import Handed
from mall.domain.orders.models import (
    delivery_method_table,
    order_event_table,
    order_line_table,
    order_table,
)

PER_PAGE = 20

Row: TypeAlias = sa.Row[*tuple[Any, ...]]


def spoken(texts: Mapping[str, str], locale: str) -> str:
    """A text in the reader's language, else in English, else in any."""
    return texts.get(locale) or texts.get("en") or next(iter(texts.values()), "")


@dataclass(frozen=True, slots=True)
class LineView:
    """A line of an order, in the words of the day it was placed."""

    id: int
    slug: str
    sku: str
    name: str
    options: str
    picture: str | None
    kind: str
    state: str
    quantity: int
    sent: int
    cancelled: int
    points_each: int
    handed: Handed

    @property
    def points(self) -> int:
        """Points of the whole line."""
        return self.points_each * self.quantity

    @property
    def left(self) -> int:
        """Units that were neither sent nor cancelled."""
        return self.quantity - self.sent - self.cancelled


@dataclass(frozen=True, slots=True)
class EventView:
    """An entry of the timeline; `data` is what was said then."""

    kind: str
    at: datetime
    actor_kind: str
    actor_id: int | None
    data: Mapping[str, Any]
    note: str | None


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order as its page shows it; `delivery` is the method's name in the reader's language."""

    id: OrderId
    number: str
    member_id: MemberId
    state: str
    points: int
    points_back: int
    cash: int
    placed_at: datetime
    address: Mapping[str, str] | None
    terms_version: str
    delivery_kind: str
    delivery: str
    lines: Sequence[LineView]
    events: Sequence[EventView]

    @property
    def word(self) -> str:
        """The key of the word for its state (words.WORDS)."""
        return words.word(
            self.state,
            units=sum(line.quantity for line in self.lines),
            sent=self.sent,
            cancelled=sum(line.cancelled for line in self.lines),
        )

    @property
    def sent(self) -> int:
        """Units sent or fulfilled."""
        return sum(line.sent for line in self.lines)

    @property
    def lots_left(self) -> tuple[tuple[int, datetime | None], ...]:
        """The lots that paid for it (points, expiry), the first used first, without what was given back."""
        paid = next((event for event in self.events if event.kind == "paid"), None)
        lots = [
            (points, datetime.fromisoformat(expires) if expires else None)
            for points, expires in (paid.data["lots"] if paid else ())
        ]
        back = self.points_back
        while lots and back:
            points, expires = lots.pop()
            if points > back:
                lots.append((points - back, expires))
            back -= min(points, back)
        return tuple(lots)

    @property
    def cancellable(self) -> bool:
        """Whether the member can still cancel it: paid, and nothing sent."""
        return self.state == "paid" and not self.sent


_line_columns = [
    order_line_table.c[name].label(f"line_{name}")
    for name in (
        "id", "slug", "sku", "name", "options", "picture", "kind", "state", "quantity", "sent", "cancelled",
        "points_each",
    )
]  # fmt: skip
_ORDER = (
    sa.select(
        *(
            order_table.c[name]
            for name in (
                "id", "number", "member_id", "state", "points", "points_back", "cash", "placed_at", "address",
                "terms_version",
            )
        ),
        delivery_method_table.c.kind.label("delivery_kind"),
        delivery_method_table.c.name.label("delivery_name"),
        *_line_columns,
        *handed.COLUMNS,
    )
    .join(order_line_table, order_line_table.c.order_id == order_table.c.id)
    .outerjoin(handed.NOTE, handed.ON)
    .join(delivery_method_table, delivery_method_table.c.code == order_table.c.delivery)
    .order_by(order_line_table.c.position)
)  # fmt: skip
_BY_NUMBER = _ORDER.where(order_table.c.number == bindparam("number"))
_BY_ID = _ORDER.where(order_table.c.id == bindparam("order"))
_EVENTS = (
    sa.select(
        order_event_table.c.kind,
        order_event_table.c.at,
        order_event_table.c.actor_kind,
        order_event_table.c.actor_id,
        order_event_table.c.data,
        order_event_table.c.note,
    )
    .where(order_event_table.c.order_id == bindparam("order"))
    .order_by(order_event_table.c.id)
)


def order(number: str, *, member: MemberId, locale: str) -> OrderView:
    """A member's own order, in two statements. Raises NoSuchOrder, also for another member's."""
    found = any_order(number, locale=locale)
    if found.member_id != member:
        raise NoSuchOrder(number=number, owner=found.member_id)
    return found


def any_order(number: str, *, locale: str) -> OrderView:
    """An order by its number, whoever's (for staff). Raises NoSuchOrder."""
    return _view(db.session.execute(_BY_NUMBER, {"number": number}).all(), locale)


def mail_view(order_id: OrderId, *, locale: str) -> OrderView:
    """An order by its id, for the messages about it. Raises NoSuchOrder."""
    return _view(db.session.execute(_BY_ID, {"order": order_id}).all(), locale)


def _view(rows: Sequence[Row], locale: str) -> OrderView:
    if not rows:
        raise NoSuchOrder
    events = db.session.execute(_EVENTS, {"order": rows[0].id}).all()
    first = rows[0]
    return OrderView(
        id=first.id,
        number=first.number,
        member_id=first.member_id,
        state=first.state,
        points=first.points,
        points_back=first.points_back,
        cash=first.cash,
        placed_at=first.placed_at,
        address=first.address,
        terms_version=first.terms_version,
        delivery_kind=first.delivery_kind,
        delivery=spoken(first.delivery_name, locale),
        lines=[_line(row[12:], locale) for row in rows],
        events=[EventView(*event) for event in events],
    )


def _line(row: Sequence[Any], locale: str) -> LineView:
    number, slug, sku, name, options, *rest = row[: len(_line_columns)]
    given = handed.read(row[len(_line_columns) :])
    return LineView(*(number, slug, sku, spoken(name, locale), spoken(options, locale), *rest, given))


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order in a list: its first line's words and picture, and how much there is."""

    id: OrderId
    number: str
    state: str
    points: int
    placed_at: datetime
    units: int
    sent: int
    cancelled: int
    lines: int
    name: str
    picture: str | None

    @property
    def word(self) -> str:
        """The key of the word for its state (words.WORDS)."""
        return words.word(self.state, units=self.units, sent=self.sent, cancelled=self.cancelled)


_sums = sa.select(
    order_line_table.c.order_id,
    sa.func.sum(order_line_table.c.quantity).label("units"),
    sa.func.sum(order_line_table.c.sent).label("sent"),
    sa.func.sum(order_line_table.c.cancelled).label("cancelled"),
    sa.func.count().label("lines"),
).group_by(order_line_table.c.order_id)
_page = (
    sa.select(order_table.c.id)
    .where(order_table.c.member_id == bindparam("member"), order_table.c.id < bindparam("before"))
    .order_by(order_table.c.id.desc())
    .limit(PER_PAGE + 1)
)
_of_page = _sums.where(order_line_table.c.order_id.in_(_page)).subquery()
_first = order_line_table.alias("first")
_LIST = (
    sa.select(
        order_table.c.id,
        order_table.c.number,
        order_table.c.state,
        order_table.c.points,
        order_table.c.placed_at,
        _of_page.c.units,
        _of_page.c.sent,
        _of_page.c.cancelled,
        _of_page.c.lines,
        _first.c.name,
        _first.c.picture,
    )
    .join(_of_page, _of_page.c.order_id == order_table.c.id)
    .join(_first, sa.and_(_first.c.order_id == order_table.c.id, _first.c.position == 1))
    .order_by(order_table.c.id.desc())
)


def orders(member: MemberId, *, locale: str, before: int | None = None) -> tuple[list[OrderRow], bool]:
    """The member's orders, newest first, `PER_PAGE` of them older than the order with id `before`; and if more follow."""
    rows = db.session.execute(_LIST, {"member": member, "before": before or 2**62}).all()
    shown = [OrderRow(*row[:9], spoken(row.name, locale), row.picture) for row in rows[:PER_PAGE]]
    return shown, len(rows) > PER_PAGE

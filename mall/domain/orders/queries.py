"""Reads for the order's pages: light rows, a fixed number of statements whatever the length of the list."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.db import db
from mall.core.ids import MemberId, OrderId
from mall.domain.orders import handed, money
from mall.domain.orders.errors import NoSuchOrder
from mall.domain.orders.models import (
    delivery_method_table,
    order_event_table,
    order_line_table,
    order_table,
)
from mall.domain.orders.views import EventView as EventView
from mall.domain.orders.views import LineView as LineView
from mall.domain.orders.views import OrderView as OrderView
from mall.domain.payments.models import payment_table

Row: TypeAlias = sa.Row[*tuple[Any, ...]]


def spoken(texts: Mapping[str, str], locale: str) -> str:
    """A text in the reader's language, else in English, else in any."""
    return texts.get(locale) or texts.get("en") or next(iter(texts.values()), "")


_line_columns = [
    order_line_table.c[name].label(f"line_{name}")
    for name in (
        "id", "slug", "sku", "name", "options", "picture", "kind", "state", "quantity", "sent", "cancelled",
        "points_each", "cash_each", "points", "cash", "returned",
    )
]  # fmt: skip
#: Read after the line's columns, whose places are counted.
_MORE = ("cash_back", "currency", "delivery_fee", "expires_at", "closing", "paid_at")
_attempt = (
    sa.select(payment_table.c.state)
    .where(payment_table.c.order_id == order_table.c.id)
    .order_by(payment_table.c.attempt.desc())
    .limit(1)
    .correlate(order_table)
    .scalar_subquery()
    .label("attempt")
)
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
        *(order_table.c[name] for name in _MORE),
        delivery_method_table.c.hint.label("delivery_hint"),
        _attempt,
        *money.COLUMNS,
        *money.STUCK,
    )
    .join(order_line_table, order_line_table.c.order_id == order_table.c.id)
    .outerjoin(handed.NOTE, handed.ON)
    .join(delivery_method_table, delivery_method_table.c.code == order_table.c.delivery)
    .order_by(order_line_table.c.position)
)  # fmt: skip
_BY_NUMBER = _ORDER.where(order_table.c.number == bindparam("number"))
_BY_ID = _ORDER.where(order_table.c.id == bindparam("order"))
_STATE = sa.select(order_table.c.state).where(order_table.c.id == bindparam("order"))
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


def is_completed(order_id: int) -> bool:
    """Whether nothing of an order is left to be sent or given; False for one that is not there."""
    return db.session.scalar(_STATE, {"order": order_id}) == "completed"


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
        **{name: getattr(first, name) for name in (*_MORE, "attempt")},
        money=money.read(first),
        delivery_hint=spoken(first.delivery_hint, locale),
        cash_failed=int(first.cash_failed),
        notes_failed=tuple((first.notes_failed or "").split()),
    )


def _line(row: Sequence[Any], locale: str) -> LineView:
    number, slug, sku, name, options, *rest = row[: len(_line_columns)]
    given = handed.read(row[len(_line_columns) :][: len(handed.COLUMNS)])
    return LineView(*(number, slug, sku, spoken(name, locale), spoken(options, locale), *rest, given))

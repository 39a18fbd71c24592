"""Booking notes of services: what the member wishes, until staff have fulfilled it, and what staff answer."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.actor import Actor
from mall.core.db import db
from mall.core.ids import MemberId, OrderId
from mall.domain.orders import locking, shipping
from mall.domain.orders.errors import CannotNote, NoSuchOrder
from mall.domain.orders.models import OrderLineNote
from mall.domain.orders.models import order_line_table as line
from mall.domain.orders.models import order_table as orders

MAX_WORDS = 500
#: Words, and the day that would suit.
Wish: TypeAlias = tuple[str, date | None]

#: The order's lock is that of its lines too; they are read once it is held, as they stand then.
_ORDER = (
    sa.select(orders.c.id, orders.c.state)
    .where(orders.c.number == bindparam("number"), orders.c.member_id == bindparam("member"))
    .with_for_update()
)
_SERVICE = sa.select(line.c.state).where(
    line.c.id == bindparam("line"), line.c.order_id == bindparam("order"), line.c.kind == "service"
)


def clean_words(text: str) -> str:
    """What somebody typed, without control signs but line breaks, at most MAX_WORDS signs."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = ["".join(c for c in row if c.isprintable()).rstrip() for row in lines]
    return "\n".join(kept).strip()[:MAX_WORDS]


def wish(
    number: str, order_line_id: int, *, member: MemberId, words: str, day: date | None, at: datetime
) -> None:
    """The member's wish for a service, new or changed; empty takes it back.

    Raises NoSuchOrder (also for another member's), CannotNote once the service was fulfilled or cancelled.
    """
    order = db.session.execute(_ORDER, {"number": number, "member": member}).one_or_none()
    if order is None:
        raise NoSuchOrder(number=number)
    state = db.session.scalar(_SERVICE, {"line": order_line_id, "order": order.id})
    if state is None:
        raise NoSuchOrder(number=number)
    if state != "open" or order.state in ("cancelled", "expired", "completed"):
        raise CannotNote
    _write(order_line_id, {"wish": clean_words(words), "wished_on": day, "wished_at": at})


def wishes_of(order_id: OrderId, wanted: Mapping[int, Wish], *, at: datetime) -> None:
    """The wishes typed at checkout, by the line's position: written to the order that was placed just now."""
    if not wanted:
        return
    rows = db.session.execute(
        sa.select(line.c.id, line.c.position).where(
            line.c.order_id == order_id, line.c.kind == "service", line.c.position.in_(list(wanted))
        )
    )
    for row in rows.all():
        words, day = wanted[row.position]
        if clean_words(words) or day:
            _write(row.id, {"wish": clean_words(words), "wished_on": day, "wished_at": at})


def fulfil(
    order_id: OrderId, *, lines: Sequence[shipping.Part] | None, answer: str, actor: Actor, at: datetime
) -> None:
    """Staff have given these services (default: all that are left); `answer` is what the member reads.

    Raises CannotShip, NoSuchOrder.
    """
    order = locking.lock_order(order_id)
    answer = clean_words(answer)
    chosen = [found.id for found in order.lines if found.kind != "goods" and found.left]
    if lines is not None:
        chosen = [part for part, n in lines if n]
    shipping.fulfil(order_id, lines=lines, actor=actor, at=at, note=answer or None)
    for part in chosen if answer else ():
        _write(part, {"answer": answer, "answered_at": at, "answered_by": actor.id})


def _write(order_line_id: int, values: dict[str, Any]) -> None:
    note = db.session.get(OrderLineNote, order_line_id, with_for_update=True, populate_existing=True)
    if note is None:
        note = OrderLineNote(order_line_id=order_line_id, wish="", answer="")
        db.session.add(note)
    for name, value in values.items():
        setattr(note, name, value)
    db.session.flush()

"""Writing the order's timeline. The caller commits."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.actor import Actor
from mall.core.db import write_connection
from mall.core.ids import OrderId
from mall.domain.orders.models import order_event_table as event

_COLUMNS = ("order_id", "kind", "at", "actor_kind", "actor_id", "data", "note")


@lru_cache(maxsize=8)
def _add(rows: int) -> sa.Insert:
    """The statement that writes so many events in one round trip.

    A SELECT, because SQLAlchemy compiles an INSERT of several VALUES anew each time: that alone was a quarter of
    what placing an order cost.
    """
    events = [
        sa.select(*(bindparam(f"{name}_{row}", type_=event.c[name].type).label(name) for name in _COLUMNS))
        for row in range(rows)
    ]
    return sa.insert(event).from_select(list(_COLUMNS), sa.union_all(*events) if rows > 1 else events[0])


#: Points of a lot and its expiry, as the ledger names them.
Lots = Sequence[tuple[int, datetime | None]]


def note(
    order: OrderId, *events: tuple[str, dict[str, Any]], actor: Actor, at: datetime, text: str | None = None
) -> None:
    """Add events (kind, data) in this order; `text` is a person's own words and belongs to the first of them."""
    values: dict[str, Any] = {}
    for row, (kind, data) in enumerate(events):
        mine = (order, kind, at, actor.kind, actor.id, data, text if row == 0 else None)
        values.update({f"{name}_{row}": value for name, value in zip(_COLUMNS, mine, strict=True)})
    write_connection().execute(_add(len(events)), values)


def lots_as_json(lots: Lots) -> list[list[Any]]:
    """Lots as the timeline keeps them: [points, expiry as ISO 8601 or null]."""
    return [[points, expires.isoformat() if expires else None] for points, expires in lots]

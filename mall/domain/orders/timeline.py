"""Writing the order's timeline. The caller commits."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.actor import Actor
from mall.core.db import db
from mall.core.ids import OrderId
from mall.domain.orders.models import order_event_table as event

_ADD = sa.insert(event).values(
    order_id=bindparam("order_id"),
    kind=bindparam("kind"),
    at=bindparam("at"),
    actor_kind=bindparam("actor_kind"),
    actor_id=bindparam("actor_id"),
    data=bindparam("data"),
    note=bindparam("note"),
)

#: Points of a lot and its expiry, as the ledger names them.
Lots = Sequence[tuple[int, datetime | None]]


def note(
    order: OrderId, *events: tuple[str, dict[str, Any]], actor: Actor, at: datetime, text: str | None = None
) -> None:
    """Add events (kind, data) in this order; `text` is a person's own words and belongs to the first of them."""
    rows = [
        {
            "order_id": order,
            "kind": kind,
            "at": at,
            "actor_kind": actor.kind,
            "actor_id": actor.id,
            "data": data,
            "note": text if place == 0 else None,
        }
        for place, (kind, data) in enumerate(events)
    ]
    db.session.execute(_ADD, rows)


def lots_as_json(lots: Lots) -> list[list[Any]]:
    """Lots as the timeline keeps them: [points, expiry as ISO 8601 or null]."""
    return [[points, expires.isoformat() if expires else None] for points, expires in lots]

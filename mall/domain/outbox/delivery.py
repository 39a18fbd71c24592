"""Taking messages and saying how their delivery ended. Each function is one short transaction's work; the caller commits.

A claim counts as an attempt before anything is tried: a message that kills its worker dies too, in the end. Fresh
messages are taken by the batch; one that failed before is taken alone, so that it takes no other with it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa

from mall.core.db import db, write_connection
from mall.domain.outbox.models import OutboxMessage
from mall.domain.outbox.rules import LEASE, is_last, wait_after

_table = cast(sa.Table, OutboxMessage.__table__)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that this worker may deliver until its lease ends. `id` is its stable name."""

    id: int
    kind: str
    payload: dict[str, Any]
    attempts: int
    created_at: datetime


def _claim(fresh: bool, mine: bool) -> sa.Executable:
    column = _table.c
    kinds = column.kind.in_(sa.bindparam("kinds", expanding=True))
    picked = (
        sa.select(column.id)
        .where(
            column.done_at.is_(None),
            column.dead_at.is_(None),
            column.next_at <= sa.bindparam("now"),
            column.attempts == 0 if fresh else column.attempts > 0,
            kinds if mine else ~kinds,
        )
        .order_by(column.next_at, column.id)
        .limit(sa.bindparam("batch"))
        .with_for_update(skip_locked=True)
        .cte("picked")
    )
    return (
        sa.update(_table)
        .where(column.id.in_(sa.select(picked.c.id)))
        .values(
            attempts=column.attempts + 1,
            next_at=sa.bindparam("until"),
            locked_until=sa.bindparam("until"),
        )
        .returning(column.id, column.kind, column.payload, column.attempts, column.created_at)
    )


_CLAIM = {(fresh, mine): _claim(fresh, mine) for fresh in (True, False) for mine in (True, False)}


def _due(mine: bool) -> sa.Executable:
    column = _table.c
    kinds = column.kind.in_(sa.bindparam("kinds", expanding=True))
    return (
        sa.select(sa.literal(1))
        .where(
            column.done_at.is_(None),
            column.dead_at.is_(None),
            column.next_at <= sa.bindparam("now"),
            kinds if mine else ~kinds,
        )
        .limit(1)
    )


_DUE = {mine: _due(mine) for mine in (True, False)}
_HELD = (
    sa.select(_table.c.id, _table.c.attempts)
    .where(_table.c.id.in_(sa.bindparam("these", expanding=True)))
    .where(_table.c.done_at.is_(None), _table.c.dead_at.is_(None))
    .order_by(_table.c.id)
    .with_for_update()
)
_DONE = (
    sa.update(_table)
    .where(_table.c.id.in_(sa.bindparam("these", expanding=True)))
    .values(done_at=sa.bindparam("now"), locked_until=None, error="")
)
_DONE_FORGET = _DONE.values(payload={})
_FAILED = (
    sa.update(_table)
    .where(_table.c.id == sa.bindparam("this"), _table.c.attempts == sa.bindparam("attempt"))
    .where(_table.c.done_at.is_(None), _table.c.dead_at.is_(None))
    .values(
        next_at=sa.bindparam("again"),
        dead_at=sa.bindparam("dead"),
        locked_until=None,
        error=sa.bindparam("why"),
    )
)
_UNTAKE = (
    sa.update(_table)
    .where(_table.c.id == sa.bindparam("this"), _table.c.attempts == sa.bindparam("attempt"))
    .where(_table.c.done_at.is_(None), _table.c.dead_at.is_(None))
    .values(next_at=sa.bindparam("now"), attempts=_table.c.attempts - 1, locked_until=None)
)


def is_due(*, at: datetime, kinds: Collection[str] = (), others: bool = False) -> bool:
    """Whether any message of these kinds (with `others`: of any other kind) waits to be taken. A read, no lock."""
    found = db.session.execute(_DUE[not others], {"now": at, "kinds": list(kinds)})
    return found.first() is not None


def claim(
    *, at: datetime, limit: int, fresh: bool = True, kinds: Collection[str] = (), others: bool = False
) -> list[Claimed]:
    """Take up to `limit` messages that are due, oldest first, for LEASE; nobody else gets them meanwhile.

    `fresh` takes those never tried, else those tried before. Of these `kinds` only; with `others`, of any other kind.
    """
    rows = db.session.execute(
        _CLAIM[fresh, not others], {"now": at, "until": at + LEASE, "batch": limit, "kinds": list(kinds)}
    )
    return sorted((Claimed(*row) for row in rows), key=lambda claimed: claimed.id)


def held(messages: Sequence[Claimed]) -> list[Claimed]:
    """Those that are still this worker's (no lease lapsed and was claimed anew), locked until the commit."""
    rows = write_connection().execute(_HELD, {"these": [message.id for message in messages]})
    attempts = {row.id: row.attempts for row in rows}
    return [message for message in messages if attempts.get(message.id) == message.attempts]


def done(messages: Sequence[Claimed], *, at: datetime, forget: bool = False) -> None:
    """Mark messages that are `held` as delivered.

    `forget` drops their payloads (mail holds an address and perhaps a reset link).
    """
    if messages:
        statement = _DONE_FORGET if forget else _DONE
        write_connection().execute(statement, {"these": [message.id for message in messages], "now": at})


def failed(message: Claimed, error: str, *, at: datetime) -> bool:
    """Put a message that could not be delivered back for later, or bury it; True if it is dead now."""
    dead = is_last(message.attempts)
    db.session.execute(
        _FAILED,
        {
            "this": message.id,
            "attempt": message.attempts,
            "again": at + wait_after(message.id, message.attempts),
            "dead": at if dead else None,
            "why": error[:500],
        },
    )
    return dead


def untake(messages: Sequence[Claimed], *, at: datetime) -> None:
    """Give claimed messages back untried (the worker stops): at once due again, the attempt not counted."""
    for message in messages:
        db.session.execute(_UNTAKE, {"this": message.id, "attempt": message.attempts, "now": at})

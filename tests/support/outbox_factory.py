"""Messages for the outbox, and lanes with handlers of the test's own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from mall.core.db import db, transaction
from mall.domain.outbox import service
from mall.domain.outbox.models import OutboxMessage
from mall.worker.delivery import Handler, Inside, Outside

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


class Clock:
    """A clock that a test moves."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, **time: float) -> None:
        """Let time pass (timedelta's arguments)."""
        self.at += timedelta(**time)


def put(*kinds: str, at: datetime = NOON, payload: dict[str, Any] | None = None) -> list[int]:
    """Write a message of each kind and commit; their ids."""
    with transaction():
        for kind in kinds:
            service.add(kind, payload or {}, at=at)
    rows = db.session.execute(sa.select(OutboxMessage.id).order_by(OutboxMessage.id.desc()).limit(len(kinds)))
    return sorted(rows.scalars())


def row(message_id: int) -> OutboxMessage:
    """A message as it stands in the database."""
    db.session.expire_all()
    found = db.session.get(OutboxMessage, message_id)
    assert found is not None
    return found


def inside(clock: Clock, **handlers: Handler) -> Inside:
    """A lane of handlers that write to our database."""
    return Inside("inbox", now=clock, handlers=handlers, elsewhere=frozenset({"sent"}))


def outside(clock: Clock, handler: Handler) -> Outside:
    """A lane that sends messages of kind "sent" through `handler`."""
    return Outside("mail", now=clock, openers={"sent": opener(handler)})


def opener(handler: Handler) -> Callable[[], Any]:
    """Opens nothing."""

    @contextmanager
    def opened() -> Iterator[Handler]:
        yield handler

    return opened

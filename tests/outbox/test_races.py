"""Several workers at once, on real connections: each message is claimed once. With its negative control."""

import threading
from collections import Counter
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from mall.core.db import db, transaction
from mall.domain.outbox import delivery
from mall.domain.outbox.models import OutboxMessage
from tests.support.outbox_factory import NOON, put
from tests.support.patience import PATIENCE

pytestmark = pytest.mark.races

MESSAGES, WORKERS = 120, 6


def race(app: Flask, take: Callable[[], list[int]], *, once: bool = False) -> Counter[int]:
    """Let workers take messages until there are none, or once each; how often each message was taken."""
    with app.app_context():
        put(*["a"] * MESSAGES)
    taken: Counter[int] = Counter()
    lock, start = threading.Lock(), threading.Barrier(WORKERS)

    def worker() -> None:
        with app.app_context():
            start.wait(PATIENCE)
            while got := take():
                with lock:
                    taken.update(got)
                if once:
                    break
            db.session.remove()

    threads = [threading.Thread(target=worker) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken


def test_each_message_is_claimed_by_one_worker(fresh_app: Flask) -> None:
    def take() -> list[int]:
        with transaction():
            return [message.id for message in delivery.claim(at=NOON, limit=5, others=True)]

    taken = race(fresh_app, take)
    assert len(taken) == MESSAGES
    assert set(taken.values()) == {1}


def test_without_the_claim_messages_are_taken_twice(fresh_app: Flask) -> None:
    """The negative control: whoever takes what they read a moment ago takes what the others took."""
    waiting = (
        sa.select(OutboxMessage.id).where(OutboxMessage.done_at.is_(None)).order_by(OutboxMessage.id).limit(5)
    )
    everybody_has_read, one_writes = threading.Barrier(WORKERS), threading.Lock()

    def take() -> list[int]:
        ids = list(db.session.scalars(waiting))
        db.session.rollback()
        everybody_has_read.wait(PATIENCE)
        with one_writes, transaction():
            taken = sa.update(OutboxMessage).where(OutboxMessage.id.in_(ids)).values(done_at=NOON)
            db.session.execute(taken)
        return ids

    assert sorted(race(fresh_app, take, once=True).values()) == [WORKERS] * 5

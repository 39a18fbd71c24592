"""The lanes: exactly once inside, at least once outside, and nobody stands in another's way."""

from collections.abc import Callable
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from mall.core.db import AWAY, db
from mall.domain.outbox import service
from mall.domain.outbox.models import OutboxMessage
from mall.domain.outbox.rules import LEASE, MAX_ATTEMPTS
from mall.worker.delivery import Outside, Tally
from tests.support.outbox_factory import Clock, inside, opener, outside, put, row


def test_inside_handlers_get_the_payload_the_time_and_a_stable_id(app: Flask) -> None:
    seen: list[tuple[dict[str, Any], datetime, int]] = []
    clock = Clock()
    (id_,) = put("told", payload={"n": 5})
    assert inside(clock, told=lambda *args: seen.append(args)).drain() == Tally(delivered=1)
    assert seen == [({"n": 5}, clock.at, id_)]
    assert row(id_).done_at == clock.at


def test_a_poison_message_does_not_stop_the_others_and_dies_in_the_end(app: Flask) -> None:
    seen: list[int] = []

    def handle(payload: dict[str, Any], _at: datetime, message_id: int) -> None:
        if payload.get("poison"):
            raise ValueError("cannot be swallowed")
        seen.append(message_id)

    clock = Clock()
    first = put("told", "told")
    (poison,) = put("told", payload={"poison": True})
    last = put("told", "told")
    lane = inside(clock, told=handle)
    assert lane.drain() == Tally(delivered=4, failed=1)
    assert set(seen) == {*first, *last}
    assert row(poison).error == "ValueError: cannot be swallowed"
    for _ in range(MAX_ATTEMPTS - 1):
        clock.at = row(poison).next_at
        lane.drain()
    assert row(poison).dead_at is not None
    assert row(poison).attempts == MAX_ATTEMPTS


def test_what_a_failed_handler_wrote_is_undone(app: Flask) -> None:
    clock = Clock()

    def handle(_payload: dict[str, Any], at: datetime, _id: int) -> None:
        service.add("follow", {}, at=at)
        raise ValueError

    put("told", "told")
    inside(clock, told=handle).drain()
    kinds = db.session.scalars(sa.select(OutboxMessage.kind)).all()
    assert kinds == ["told", "told"]


def test_a_kind_that_nobody_handles_waits_for_a_newer_worker(app: Flask) -> None:
    clock = Clock()
    (id_,) = put("unheard_of")
    assert inside(clock).drain() == Tally(failed=1)
    assert "unheard_of" in row(id_).error
    clock.pass_by(hours=1)
    assert inside(clock, unheard_of=lambda *_: None).drain() == Tally(delivered=1)


def test_outside_handlers_run_outside_any_transaction(app: Flask) -> None:
    from mall.core.db import WriteOutsideTransaction

    def handle(_payload: dict[str, Any], at: datetime, _id: int) -> None:
        with pytest.raises(WriteOutsideTransaction):
            service.add("x", {}, at=at)

    put("sent")
    assert outside(Clock(), handle).drain() == Tally(delivered=1)


def test_a_worker_that_dies_after_sending_sends_again_under_the_same_id(app: Flask) -> None:
    class Killed(BaseException):
        """Stands for the process being gone: nothing after it runs in the worker's own code."""

    sent: list[int] = []
    clock = Clock()
    (id_,) = put("sent")

    def send_then_die(_payload: dict[str, Any], _at: datetime, message_id: int) -> None:
        sent.append(message_id)
        raise Killed

    with pytest.raises(Killed):
        outside(clock, send_then_die).drain()
    clock.pass_by(seconds=LEASE.total_seconds())
    outside(clock, lambda _p, _a, message_id: sent.append(message_id)).drain()
    assert sent == [id_, id_]
    assert row(id_).done_at is not None


def nowhere() -> None:
    """There is no such database."""
    sa.create_engine("sqlite:////no/such/folder/mall.sqlite").connect()


def no_connection_left() -> None:
    """Others have all of the pool's connections."""
    engine = sa.create_engine(
        "sqlite://", poolclass=sa.QueuePool, pool_size=1, max_overflow=0, pool_timeout=0.01
    )
    with engine.connect(), engine.connect():
        pass


@pytest.mark.parametrize("fail", [nowhere, no_connection_left])
def test_a_database_that_is_away_is_no_messages_fault(app: Flask, fail: Callable[[], None]) -> None:
    """It ends the round instead; the message is delivered when its lease is over."""
    clock = Clock()
    (id_,) = put("sent")
    with pytest.raises(AWAY):
        outside(clock, lambda *_: fail()).drain()
    assert (row(id_).error, row(id_).done_at) == ("", None)
    clock.pass_by(seconds=LEASE.total_seconds())
    assert outside(clock, lambda *_: None).drain() == Tally(delivered=1)


def test_a_mail_server_that_is_away_costs_one_try_each_and_loses_nothing(app: Flask) -> None:
    clock = Clock()
    ids = put("sent", "sent", "sent")
    knocks = []

    @contextmanager
    def away() -> Any:
        knocks.append(1)
        raise OSError("connection refused by mei@example.com")
        yield

    lane = Outside("mail", now=clock, openers={"sent": away})
    assert lane.drain() == Tally(failed=3)
    assert len(knocks) == 1
    assert [row(id_).attempts for id_ in ids] == [1, 1, 1]
    assert "mei@" not in row(ids[0]).error
    clock.pass_by(minutes=1)
    back = Outside("mail", now=clock, openers={"sent": opener(lambda *_: None)})
    assert back.drain() == Tally(delivered=3)


def test_told_to_stop_it_gives_back_what_it_has_not_begun(app: Flask) -> None:
    clock = Clock()
    ids = put("sent", "sent", "sent")

    def handle(*_: Any) -> None:
        lane.stop.set()

    lane = outside(clock, handle)
    lane.drain()
    assert [row(id_).done_at is not None for id_ in ids] == [True, False, False]
    assert [row(id_).attempts for id_ in ids] == [1, 0, 0]
    assert outside(clock, lambda *_: None).drain() == Tally(delivered=2)


def test_a_slow_server_does_not_outlast_the_lease(app: Flask) -> None:
    clock = Clock()
    ids = put("sent", "sent", "sent")

    def slow(*_: Any) -> None:
        clock.pass_by(seconds=LEASE.total_seconds() / 2)
        lane.stop.set()

    lane = outside(clock, slow)
    lane.drain()
    assert [row(id_).attempts for id_ in ids] == [1, 0, 0]


def test_the_two_lanes_leave_each_others_messages_alone(app: Flask) -> None:
    clock = Clock()
    mail, told = put("sent", "told")
    assert inside(clock, told=lambda *_: None).drain() == Tally(delivered=1)
    assert row(mail).attempts == 0
    assert row(told).done_at is not None

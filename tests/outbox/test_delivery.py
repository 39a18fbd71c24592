"""Claims, leases and ends of messages, on one connection. (Races: test_races.py.)"""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from mall.core.db import WriteOutsideTransaction, db, transaction
from mall.domain.outbox import delivery, queries, service
from mall.domain.outbox.models import OutboxMessage
from mall.domain.outbox.rules import LEASE, MAX_ATTEMPTS
from tests.support.outbox_factory import NOON, put, row


def claim(**changes: object) -> list[delivery.Claimed]:
    wanted = {"at": NOON, "limit": 10, "others": True, **changes}
    with transaction():
        return delivery.claim(**wanted)  # type: ignore[arg-type]


def test_a_message_stands_or_falls_with_the_transaction_that_wrote_it(app: Flask) -> None:
    def change_of_mind() -> None:
        with transaction():
            service.add("a", {}, at=NOON)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change_of_mind()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(OutboxMessage)) == 0


def test_writing_needs_a_transaction(app: Flask) -> None:
    with pytest.raises(WriteOutsideTransaction):
        service.add("a", {}, at=NOON)


def test_messages_are_taken_oldest_first_and_by_nobody_else_until_the_lease_ends(app: Flask) -> None:
    ids = put("a", "a", "a")
    assert [message.id for message in claim(limit=2)] == ids[:2]
    assert [message.id for message in claim()] == ids[2:]
    assert claim(at=NOON + LEASE - timedelta(seconds=1), fresh=False) == []
    again = claim(at=NOON + LEASE, fresh=False)
    assert [(message.id, message.attempts) for message in again] == [(id, 2) for id in ids]


def test_a_message_is_not_taken_before_it_is_due(app: Flask) -> None:
    with transaction():
        service.add("later", {}, at=NOON, due_at=NOON + timedelta(hours=1))
    assert claim() == []
    assert not delivery.is_due(at=NOON, others=True)
    assert delivery.is_due(at=NOON + timedelta(hours=1), others=True)
    assert len(claim(at=NOON + timedelta(hours=1))) == 1


def test_a_lane_takes_only_its_own_kinds(app: Flask) -> None:
    mail, other = put("mail", "other")
    assert [m.id for m in claim(kinds=["mail"], others=False)] == [mail]
    assert not delivery.is_due(at=NOON, kinds=["mail"])
    assert [m.id for m in claim(kinds=["mail"])] == [other]


def test_only_the_latest_claim_may_say_how_it_ended(app: Flask) -> None:
    (id_,) = put("a")
    (slow,) = claim()
    (quick,) = claim(at=NOON + LEASE, fresh=False)
    with transaction():
        assert delivery.held([slow]) == []
        delivery.failed(slow, "too late to say", at=NOON)
    assert row(id_).done_at is None
    assert row(id_).error == ""
    with transaction():
        assert delivery.held([quick]) == [quick]
        delivery.done([quick], at=NOON)
    assert row(id_).done_at == NOON
    with transaction():
        assert delivery.held([quick]) == []


def test_a_failure_puts_it_back_for_later_and_the_last_one_buries_it(app: Flask) -> None:
    (id_,) = put("a")
    at = NOON
    for attempt in range(1, MAX_ATTEMPTS + 1):
        (message,) = claim(at=at, fresh=attempt == 1)
        with transaction():
            dead = delivery.failed(message, "no way", at=at)
        assert dead == (attempt == MAX_ATTEMPTS)
        at = row(id_).next_at
    assert row(id_).dead_at is not None
    assert claim(at=at + timedelta(days=30), fresh=False) == []
    assert [(found.id, found.error) for found in queries.dead()] == [(id_, "no way")]


def test_a_dead_message_can_be_delivered_again(app: Flask) -> None:
    (id_,) = put("a")
    with transaction():
        db.session.execute(sa.update(OutboxMessage).values(attempts=14, dead_at=NOON, error="why"))
    with transaction():
        assert service.retry(id_ + 1, at=NOON) == 0
        assert service.retry(id_, at=NOON) == 1
    assert [message.attempts for message in claim()] == [1]


def test_given_back_it_is_due_at_once_and_the_try_does_not_count(app: Flask) -> None:
    put("a")
    taken = claim()
    with transaction():
        delivery.untake(taken, at=NOON)
    assert [message.attempts for message in claim()] == [1]


def test_done_mail_forgets_what_it_said(app: Flask) -> None:
    (id_,) = put("mail", payload={"to": "mei@example.com", "text": "a reset link"})
    (message,) = claim()
    with transaction():
        delivery.done([message], at=NOON, forget=True)
    assert row(id_).payload == {}


def test_the_backlog_tells_how_late_the_oldest_due_message_is(app: Flask) -> None:
    assert queries.backlog(NOON) == queries.Backlog(waiting=0, lag_seconds=0.0, dead=0)
    put("a", at=NOON - timedelta(seconds=90))
    put("a", at=NOON + timedelta(days=1))
    assert queries.backlog(NOON) == queries.Backlog(waiting=2, lag_seconds=90.0, dead=0)


def test_a_purge_forgets_only_what_was_delivered_before_and_no_number_is_given_twice(app: Flask) -> None:
    done, dead, waiting = put("a", "a", "a")
    with transaction():
        set_ = sa.update(OutboxMessage)
        db.session.execute(set_.where(OutboxMessage.id == done).values(done_at=NOON))
        db.session.execute(set_.where(OutboxMessage.id == dead).values(dead_at=NOON))
    with transaction():
        assert service.purge(before=NOON) == 0
        assert service.purge(before=NOON + timedelta(seconds=1)) == 1
    left = db.session.scalars(sa.select(OutboxMessage.id).order_by(OutboxMessage.id)).all()
    assert left == [dead, waiting]
    with transaction():
        db.session.execute(sa.delete(OutboxMessage))
    assert put("a")[0] > waiting


def test_old_news_is_passed_over_and_young_news_is_not(app: Flask) -> None:
    old, young = put("a", "a")
    with transaction():
        aged = sa.update(OutboxMessage).where(OutboxMessage.id == old)
        db.session.execute(aged.values(created_at=NOON - timedelta(days=3)))
        assert service.pass_over(before=NOON - timedelta(days=1), at=NOON) == 1
    waiting = sa.select(OutboxMessage.id).where(OutboxMessage.done_at.is_(None))
    assert db.session.scalars(waiting).all() == [young]

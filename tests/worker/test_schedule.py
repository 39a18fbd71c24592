"""What the clock asks for: done once, whoever asks how often."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from mall.core.actor import SYSTEM
from mall.core.db import db, transaction
from mall.domain.ledger import queries
from mall.domain.ledger import seal as seals
from mall.domain.ledger import service as ledger
from mall.domain.members.models import Member
from mall.domain.outbox.models import OutboxMessage
from mall.worker import schedule
from mall.worker.sealing import seal_yesterday
from tests.support.outbox_factory import NOON, put


def job(name: str) -> schedule.Job:
    return next(job for job in schedule.JOBS if job.name == name)


def give(member: Member, points: int, *, expires_at: datetime) -> None:
    with transaction():
        ledger.earn(
            member.id,
            points,
            ref=ledger.Ref("import", "1"),
            key=ledger.Key("test", f"{member.id}"),
            actor=SYSTEM,
            at=NOON,
            expires_at=expires_at,
        )


def test_points_that_are_due_expire_once(mei: Member) -> None:
    give(mei, 500, expires_at=NOON + timedelta(days=30))
    assert schedule.expire_points(NOON + timedelta(days=29)) == 0
    later = NOON + timedelta(days=40)
    assert schedule.expire_points(later) == 1
    assert schedule.expire_points(later) == 0
    assert queries.balance(mei.id, later).available == 0
    assert [row.kind for row in queries.history(mei.id)] == ["expire", "earn"]


def test_the_outbox_forgets_after_thirty_days(app: Flask) -> None:
    old, young = put("a", "a")
    with transaction():
        for id_, days in ((old, 31), (young, 29)):
            stmt = sa.update(OutboxMessage).where(OutboxMessage.id == id_)
            db.session.execute(stmt.values(done_at=NOON - timedelta(days=days)))
    assert schedule.purge_outbox(NOON) == 1
    assert db.session.scalars(sa.select(OutboxMessage.id)).all() == [young]


def test_the_day_that_is_over_is_sealed_once_and_published(mei: Member, tmp_path: Path) -> None:
    give(mei, 500, expires_at=NOON + timedelta(days=30))
    night = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)  # one in the morning of the 23rd in Shanghai
    assert seal_yesterday(night, zone="Asia/Shanghai", folder=tmp_path) == 1
    assert seal_yesterday(night + timedelta(hours=5), zone="Asia/Shanghai", folder=tmp_path) == 0
    (published,) = tmp_path.iterdir()
    assert published.name == "2026-11-22.json"
    last = seals.latest()
    assert last is not None
    assert json.loads(published.read_text())["root"] == last.root.hex()


def test_a_day_sealed_by_hand_does_not_disturb_the_worker(mei: Member, tmp_path: Path) -> None:
    with transaction():
        seals.seal(NOON.date(), at=NOON)
    assert seal_yesterday(NOON, zone="Asia/Shanghai", folder=tmp_path) == 0


def test_a_job_that_fails_is_told_and_leaves_the_others_alone(app: Flask) -> None:
    def broken(_at: datetime) -> int:
        raise ValueError

    assert schedule.run(schedule.Job("broken", "0", "*", broken)) is None
    assert schedule.run(schedule.Job("sound", "0", "*", lambda _at: 3)) == 3


@pytest.mark.parametrize("name", [job.name for job in schedule.JOBS])
def test_every_job_does_nothing_the_second_time(app: Flask, mei: Member, name: str) -> None:
    first, second = schedule.run(job(name)), schedule.run(job(name))
    assert first is not None
    assert second == 0

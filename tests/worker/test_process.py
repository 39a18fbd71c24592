"""The worker as a real process: killed in the middle, stopped in order, run once by hand."""

import json
import signal
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo

from mall.cli import main
from mall.core import clock
from mall.core.db import db, transaction
from mall.domain.members.models import Member
from mall.domain.notifications.models import Message
from mall.domain.outbox import queries, service
from mall.domain.outbox.models import OutboxMessage
from tests.support.cast import person
from tests.support.mailbox import Mailbox
from tests.support.patience import PATIENCE, wait_for
from tests.support.processes import kill, running


@pytest.fixture
def mail_folder(tmp_path: Path) -> Path:
    return tmp_path / "post"


def fill(app: Flask, numbers: Iterable[int]) -> None:
    """Things to tell a member, one a number, each mailed as it is written."""
    with app.app_context():
        member = db.session.scalars(sa.select(Member)).first() or person("Mei", "x")
        with transaction():
            for n in numbers:
                at = clock.now()
                payload = {"member_id": member.id, "order_id": n, "number": f"R-{n:04}", "points": 5}
                service.add("order.placed", payload, at=at)
                mail = {
                    "to": "mei@example.com",
                    "subject": f"Mail {n}",
                    "text": "Hello",
                    "html": "<p>Hello</p>",
                }
                service.add("mail.written", mail, at=at)


def told(app: Flask) -> list[str]:
    with app.app_context():
        rows = db.session.scalars(sa.select(Message.data)).all()
    return [row["number"] for row in rows]


def subjects(folder: Path) -> list[str]:
    """Of what was sent: a file a Message-ID, so a mail that was sent again is there once."""
    if not folder.exists():
        return []
    return [message_from_bytes(path.read_bytes())["Subject"] for path in folder.glob("*.eml")]


def end_leases(app: Flask) -> None:
    """What the killed worker had claimed is due again, as after the lease's ninety seconds."""
    with app.app_context(), transaction():
        past = clock.now() - timedelta(seconds=1)
        waiting = sa.update(OutboxMessage).where(OutboxMessage.done_at.is_(None))
        db.session.execute(waiting.where(OutboxMessage.kind != "mail.member").values(next_at=past))


def waiting(app: Flask) -> int:
    """What waits but for the mails about the orders (which this test only pretends to have)."""
    with app.app_context():
        count = sa.select(sa.func.count()).select_from(OutboxMessage)
        left = db.session.scalar(
            count.where(OutboxMessage.done_at.is_(None), OutboxMessage.kind != "mail.member")
        )
        db.session.remove()
    return int(left or 0)


def kill_at_work(app: Flask, mail_folder: Path, written: int) -> int:
    """Give the worker something to do and kill it in the middle; how much has been written by then.

    On a busy machine the kill may come when all is done: then there is more to do, until it does not.
    """
    more = 200
    while True:
        fill(app, range(written, written + more))
        written, more, begun = written + more, 2 * more, len(told(app))
        with running(app, "worker", MALL_MAIL_URL=f"file://{mail_folder}") as worker:
            wait_for(lambda begun=begun: len(told(app)) > begun + 40, "forty messages")  # type: ignore[misc]
            kill(worker)
        end_leases(app)
        if waiting(app):
            return written


@pytest.mark.slow
@pytest.mark.races
def test_killed_in_the_middle_nothing_is_lost_and_nothing_is_told_twice(
    fresh_app: Flask, mail_folder: Path
) -> None:
    count = kill_at_work(fresh_app, mail_folder, kill_at_work(fresh_app, mail_folder, 0))
    with running(fresh_app, "worker", MALL_MAIL_URL=f"file://{mail_folder}") as worker:
        wait_for(lambda: not waiting(fresh_app), "an empty outbox")
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=PATIENCE) == 0
    assert Counter(told(fresh_app)) == Counter(f"R-{n:04}" for n in range(count))
    assert Counter(subjects(mail_folder)) == Counter(f"Mail {n}" for n in range(count))


@pytest.mark.slow
@pytest.mark.races
def test_told_to_stop_it_ends_what_it_began_and_leaves_no_lease(fresh_app: Flask, mail_folder: Path) -> None:
    fill(fresh_app, range(300))
    with running(fresh_app, "worker", MALL_MAIL_URL=f"file://{mail_folder}") as worker:
        wait_for(lambda: len(subjects(mail_folder)) > 20, "the first mails")
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=PATIENCE) == 0
    with fresh_app.app_context():
        half = sa.select(sa.func.count()).select_from(OutboxMessage)
        leased = half.where(OutboxMessage.done_at.is_(None), OutboxMessage.locked_until > clock.now())
        assert db.session.scalar(leased.where(OutboxMessage.error == "")) == 0


def mall(app: Flask, *words: str) -> Result:
    """`mall WORDS` in this process, on this application."""
    db.session.remove()
    return CliRunner().invoke(main, words, obj=ScriptInfo(create_app=lambda *_: app))


def test_once_does_all_that_is_due_and_stops(app: Flask, mailbox: Mailbox) -> None:
    fill(app, range(3))
    done = mall(app, "worker", "--once")
    said = json.loads(done.stdout.splitlines()[-1])
    assert done.exit_code == 0, done.output
    assert said["delivered"] == 6
    assert set(said["jobs"]) >= {"points.expire", "ledger.seal", "orders.sweep", "outbox.purge"}
    assert len(told(app)) == 3
    assert [mail.subject for mail in mailbox.mails] == ["Mail 0", "Mail 1", "Mail 2"]


def test_the_outbox_can_be_looked_into_and_the_dead_raised(app: Flask) -> None:
    with transaction():
        service.add("order.placed", {"member_id": 1}, at=clock.now())
        dead = {"dead_at": clock.now(), "attempts": 14, "error": "KeyError: 'x'"}
        db.session.execute(sa.update(OutboxMessage).values(**dead))
    status = mall(app, "outbox", "status")
    assert status.exit_code == 1
    assert json.loads(status.stdout)["dead"] == 1
    assert "KeyError" in mall(app, "outbox", "dead").stdout
    assert mall(app, "outbox", "retry").exit_code == 2
    assert mall(app, "outbox", "retry", "--all").exit_code == 0
    assert queries.backlog(clock.now()).dead == 0

"""Telling members: once in the mall, once by mail, each in the member's language."""

from datetime import datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from mall.core.db import db, transaction
from mall.domain.members.models import Member
from mall.domain.notifications import queries, service
from mall.domain.notifications.rules import KINDS, Kind, register
from mall.domain.outbox.models import OutboxMessage
from mall.web import wording

DATA = {"order_id": 1, "number": "R-7K3Q-9XWD-2F5M", "points": 1800}


def tell(member: Member, at: datetime, message_id: int = 1) -> bool:
    with transaction():
        return service.tell(member.id, "order.placed", DATA, at=at, message_id=message_id)


def test_a_message_stands_in_the_inbox_and_its_mail_in_the_outbox(mei: Member, at: datetime) -> None:
    assert tell(mei, at)
    (row,) = queries.inbox(mei.id)
    assert (row.kind, row.data, row.read_at) == ("order.placed", DATA, None)
    waiting = db.session.scalars(sa.select(OutboxMessage)).all()
    assert [(m.kind, m.payload["member_id"]) for m in waiting] == [("mail.member", mei.id)]
    assert "mei@example.com" not in str(waiting[0].payload)


def test_telling_again_under_the_same_id_tells_once(mei: Member, at: datetime) -> None:
    assert tell(mei, at)
    assert not tell(mei, at)
    assert len(queries.inbox(mei.id)) == 1
    assert len(db.session.scalars(sa.select(OutboxMessage)).all()) == 1


def test_a_kind_that_nobody_registered_is_refused(mei: Member, at: datetime) -> None:
    with pytest.raises(KeyError), transaction():
        service.tell(mei.id, "no.such", {}, at=at, message_id=1)


def test_a_kind_is_registered_once() -> None:
    with pytest.raises(ValueError, match="registered already"):
        register(Kind("order.placed", "", "", ""))


def test_nobody_reads_anothers_messages(mei: Member, zoe: Member, at: datetime) -> None:
    tell(mei, at)
    (row,) = queries.inbox(mei.id)
    assert queries.inbox(zoe.id) == []
    with transaction():
        assert service.open_message(row.id, member_id=zoe.id, at=at) is None
        assert service.mark_read(zoe.id, up_to=row.id, at=at) == 0
    assert queries.inbox(mei.id)[0].read_at is None


def test_marking_as_read_leaves_alone_what_came_meanwhile(mei: Member, at: datetime) -> None:
    tell(mei, at, 1)
    (first,) = queries.inbox(mei.id)
    tell(mei, at, 2)
    with transaction():
        assert service.mark_read(mei.id, up_to=first.id, at=at) == 1
    assert [row.read_at is None for row in queries.inbox(mei.id)] == [True, False]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_words_and_a_plainer_sentence_where_something_is_missing(
    app: Flask, kind: str
) -> None:
    full = {"number": "R-1", "points": 1800, "carrier": "SF Express", "tracking": "SF123"}
    bare = {"number": "R-1", "carrier": "", "tracking": ""}
    for data in (full, bare):
        said = wording.title(kind, data) + " " + wording.line(kind, data)
        assert "%(" not in said
        assert "R-1" in said
    with_points = wording.line("order.placed", full)
    assert "1,800" in with_points


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_that_is_mailed_has_both_templates(app: Flask, kind: str) -> None:
    for ending in ("txt", "html"):
        app.jinja_env.get_template(f"{KINDS[kind].template}.{ending}")

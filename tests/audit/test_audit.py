"""The audit trail: written with the deed, never rewritten, blanked only for a person's erasure."""

from datetime import datetime

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError

from mall.core.actor import SYSTEM, Actor, as_staff
from mall.core.db import WriteOutsideTransaction, db, transaction
from mall.core.ids import MemberId
from mall.domain.audit import service
from mall.domain.audit.models import AuditRecord

SAM = as_staff(MemberId(7))


def deed(at: datetime, actor: Actor = SAM, reason: str = "asked by telephone") -> int:
    with transaction():
        service.record(
            actor,
            "points.adjust",
            subject=("member", 42),
            before={"points": 100},
            after={"points": 150},
            reason=reason,
            at=at,
        )
    return int(db.session.scalar(sa.select(sa.func.max(AuditRecord.id))) or 0)


def test_a_deed_is_written_down_whole(app: Flask, at: datetime) -> None:
    row = db.session.get_one(AuditRecord, deed(at))
    assert (row.at, row.actor_kind, row.actor_id, row.action) == (at, "staff", 7, "points.adjust")
    assert (row.subject_kind, row.subject_id) == ("member", "42")
    assert (row.before, row.after, row.reason) == ({"points": 100}, {"points": 150}, "asked by telephone")


def test_the_mall_itself_can_do_things_too(app: Flask, at: datetime) -> None:
    row = db.session.get_one(AuditRecord, deed(at, SYSTEM))
    assert (row.actor_kind, row.actor_id) == ("system", None)


def test_a_deed_that_is_undone_leaves_no_record(app: Flask, at: datetime) -> None:
    def undone() -> None:
        with transaction():
            service.record(SAM, "x", subject=("item", 1), at=at)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        undone()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AuditRecord)) == 0


def test_a_record_needs_a_transaction(app: Flask, at: datetime) -> None:
    with pytest.raises(WriteOutsideTransaction):
        service.record(SAM, "x", subject=("item", 1), at=at)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_record SET action = 'nothing'",
        "UPDATE audit_record SET actor_id = 8",
        "UPDATE audit_record SET reason = 'another'",
        "UPDATE audit_record SET subject_id = '43', before = NULL, after = NULL, reason = ''",
        "DELETE FROM audit_record",
    ],
)
def test_nobody_rewrites_it_not_even_with_sql(app: Flask, at: datetime, statement: str) -> None:
    id_ = deed(at)

    def forge() -> None:
        with transaction() as session:
            session.execute(sa.text(statement))

    with pytest.raises(DBAPIError, match="audit record is never"):
        forge()
    assert db.session.get_one(AuditRecord, id_).action == "points.adjust"


def test_replacing_and_emptying_are_refused_too(app: Flask, at: datetime) -> None:
    id_ = deed(at)
    tricks = {
        "sqlite": "INSERT OR REPLACE INTO audit_record (id, at, actor_kind, action, subject_kind, subject_id, reason)"
        f" VALUES ({id_}, '2026-01-01', 'staff', 'x', 'y', 'z', '')",
        "postgresql": "TRUNCATE audit_record",
    }

    def forge() -> None:
        with transaction() as session:
            session.execute(sa.text(tricks[session.get_bind().dialect.name]))

    with pytest.raises(DBAPIError, match="audit record is never"):
        forge()


def test_a_person_can_be_taken_out_of_it(app: Flask, at: datetime) -> None:
    id_ = deed(at)
    with transaction() as session:
        session.execute(sa.text("UPDATE audit_record SET before = NULL, after = NULL, reason = ''"))
    db.session.expire_all()
    row = db.session.get_one(AuditRecord, id_)
    assert (row.before, row.after, row.reason, row.action) == (None, None, "", "points.adjust")


def test_a_long_reason_is_cut_rather_than_losing_the_deed(app: Flask, at: datetime) -> None:
    assert len(db.session.get_one(AuditRecord, deed(at, reason="x" * 900)).reason) == service.REASON_LENGTH

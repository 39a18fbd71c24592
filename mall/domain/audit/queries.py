"""Reading the audit trail: newest first, by subject or by actor, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from mall.core.actor import Actor
from mall.core.db import db
from mall.domain.audit.models import AuditRecord


@dataclass(frozen=True, slots=True)
class Record:
    """One deed; `changes` lists (field, before, after)."""

    id: int
    at: datetime
    actor_kind: str
    actor_id: int | None
    action: str
    subject_kind: str
    subject_id: str
    reason: str
    changes: list[tuple[str, Any, Any]]


_COLUMNS = (
    AuditRecord.id,
    AuditRecord.at,
    AuditRecord.actor_kind,
    AuditRecord.actor_id,
    AuditRecord.action,
    AuditRecord.subject_kind,
    AuditRecord.subject_id,
    AuditRecord.reason,
)


def trail(
    *,
    subject: tuple[str, int | str] | None = None,
    actor_id: int | None = None,
    action: str = "",
    before: int | None = None,
    limit: int = 50,
) -> Sequence[Record]:
    """The newest deeds: about a subject (kind, id), by a member of staff, of an action (a prefix such as "item.")."""
    statement = (
        sa.select(*_COLUMNS, AuditRecord.before, AuditRecord.after)
        .order_by(AuditRecord.id.desc())
        .limit(limit)
    )
    if subject is not None:
        kind, identity = subject
        statement = statement.where(AuditRecord.subject_kind == kind, AuditRecord.subject_id == str(identity))
    if actor_id is not None:
        statement = statement.where(AuditRecord.actor_kind == "staff", AuditRecord.actor_id == actor_id)
    if action:
        statement = statement.where(AuditRecord.action.startswith(action, autoescape=True))
    if before is not None:
        statement = statement.where(AuditRecord.id < before)
    return [
        Record(
            row.id,
            row.at,
            row.actor_kind,
            row.actor_id,
            row.action,
            row.subject_kind,
            row.subject_id,
            row.reason,
            _changes(row.before, row.after),
        )
        for row in db.session.execute(statement)
    ]


def deeds_of(actor: Actor, action: str, *, since: datetime) -> list[dict[str, Any]]:
    """What this actor's deeds of an action wrote as `after`, since an instant."""
    statement = sa.select(AuditRecord.after).where(
        AuditRecord.actor_kind == actor.kind,
        AuditRecord.actor_id == actor.id,
        AuditRecord.action == action,
        AuditRecord.at > since,
    )
    return [after for after in db.session.scalars(statement) if after]


def _changes(before: dict[str, Any] | None, after: dict[str, Any] | None) -> list[tuple[str, Any, Any]]:
    old, new = before or {}, after or {}
    return [
        (name, old.get(name), new.get(name))
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    ]

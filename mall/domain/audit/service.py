"""Writing the audit trail. The caller commits, so that a deed and its record stand or fall together."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from mall.core.actor import Actor
from mall.core.db import db
from mall.domain.audit.models import AuditRecord

REASON_LENGTH = 500

_INSERT = sa.insert(AuditRecord).values(
    at=sa.bindparam("at"),
    actor_kind=sa.bindparam("actor_kind"),
    actor_id=sa.bindparam("actor_id"),
    action=sa.bindparam("action"),
    subject_kind=sa.bindparam("subject_kind"),
    subject_id=sa.bindparam("subject_id"),
    before=sa.bindparam("before"),
    after=sa.bindparam("after"),
    reason=sa.bindparam("reason"),
)


def record(
    actor: Actor,
    action: str,
    *,
    subject: tuple[str, int | str],
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
    at: datetime,
) -> None:
    """Write down that `actor` did `action` (such as "item.price.set") to `subject` (kind, id), with what changed.

    `before` and `after` hold plain JSON values of the fields that changed, never a secret.
    """
    kind, identity = subject
    db.session.execute(
        _INSERT,
        {
            "at": at,
            "actor_kind": actor.kind,
            "actor_id": actor.id,
            "action": action,
            "subject_kind": kind,
            "subject_id": str(identity),
            "before": before,
            "after": after,
            "reason": reason[:REASON_LENGTH],
        },
    )

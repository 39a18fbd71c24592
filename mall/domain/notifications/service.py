"""Telling a member something: in the mall at once, by mail through the outbox. The caller commits."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from mall.core.db import changed, db, write_connection
from mall.core.ids import MemberId
from mall.domain.notifications.models import Message
from mall.domain.notifications.rules import KINDS
from mall.domain.outbox import service as outbox

#: Outbox kinds that the worker turns into mail.
MAIL_TO_MEMBER, MAIL_AS_WRITTEN = "mail.member", "mail.written"

_VALUES: dict[str, Any] = {
    "member_id": sa.bindparam("member_id"),
    "outbox_id": sa.bindparam("outbox_id"),
    "kind": sa.bindparam("kind"),
    "data": sa.bindparam("data"),
    "created_at": sa.bindparam("at"),
}
_TELL = {
    "sqlite": sqlite.insert(Message).values(**_VALUES).on_conflict_do_nothing().returning(Message.id),
    "postgresql": postgresql.insert(Message).values(**_VALUES).on_conflict_do_nothing().returning(Message.id),
}
_READ = (
    sa.update(Message)
    .where(
        Message.member_id == sa.bindparam("reader"),
        Message.id <= sa.bindparam("last"),
        Message.read_at.is_(None),
    )
    .values(read_at=sa.bindparam("at"))
    .execution_options(synchronize_session=False)
)

_OPEN = (
    sa.update(Message)
    .where(Message.id == sa.bindparam("this"), Message.member_id == sa.bindparam("reader"))
    .values(read_at=sa.func.coalesce(Message.read_at, sa.bindparam("at", type_=Message.read_at.type)))
    .returning(Message.kind, Message.data)
    .execution_options(synchronize_session=False)
)


def tell(member_id: MemberId, kind: str, data: dict[str, Any], *, at: datetime, message_id: int) -> bool:
    """Tell a member something of a registered kind: in the mall, and by mail if the kind says so.

    `message_id` is the outbox message that asked for it: telling it again does nothing and answers False.
    Raises KeyError for a kind that nobody registered.
    """
    known = KINDS[kind]
    connection = write_connection()
    told = connection.execute(
        _TELL[connection.dialect.name],
        {"member_id": member_id, "outbox_id": message_id, "kind": kind, "data": data, "at": at},
    ).scalar_one_or_none()
    if told is None:
        return False
    if known.mail:
        outbox.add(MAIL_TO_MEMBER, {"member_id": member_id, "kind": kind, "data": data}, at=at)
    return True


def mail(*, to: str, subject: str, text: str, html: str, at: datetime) -> None:
    """Send a mail that is written already (password reset, confirmation), after the commit.

    The worker sends it, so how long the request takes does not tell whether the address is known.
    """
    outbox.add(MAIL_AS_WRITTEN, {"to": to, "subject": subject, "text": text, "html": html}, at=at)


def mark_read(member_id: MemberId, *, up_to: int, at: datetime) -> int:
    """Mark a member's messages up to and including `up_to` as read; how many were not."""
    return changed(db.session.execute(_READ, {"reader": member_id, "last": up_to, "at": at}))


def open_message(message_id: int, *, member_id: MemberId, at: datetime) -> tuple[str, dict[str, Any]] | None:
    """Mark one of a member's messages as read; its kind and data. None if it is not theirs."""
    found = db.session.execute(_OPEN, {"this": message_id, "reader": member_id, "at": at}).first()
    return (found.kind, found.data) if found else None

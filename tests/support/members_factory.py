"""Members for tests that need more than the cast, and what was mailed to them."""

import re
from datetime import datetime
from itertools import count

import sqlalchemy as sa

from mall.account.joining import join
from mall.core.db import db, transaction
from mall.domain.members.models import Member
from mall.domain.notifications.service import MAIL_AS_WRITTEN
from mall.domain.outbox.models import OutboxMessage
from tests.support.cast import JOINED

_number = count(1)


def a_member(*, at: datetime = JOINED, **changes: object) -> Member:
    """A confirmed member without a password, unless told otherwise."""
    n = next(_number)
    values: dict[str, object] = {"email": f"member{n}@example.com", "name": f"Member {n}", "language": "en"}
    with transaction():
        return join(**{**values, "confirmed": True, **changes}, at=at)  # type: ignore[arg-type]


def mails_to(email: str) -> list[dict[str, str]]:
    """What waits in the outbox to be mailed to that address, oldest first: subject, text, html."""
    stmt = sa.select(OutboxMessage.payload).where(OutboxMessage.kind == MAIL_AS_WRITTEN)
    return [mail for mail in db.session.scalars(stmt.order_by(OutboxMessage.id)) if mail["to"] == email]


def link_in(mail: dict[str, str]) -> str:
    """The path of the link in a mail; fails unless it is an absolute address of the mall, the same in both parts."""
    found = re.search(r"http://127\.0\.0\.1:8000(/\S+)", mail["text"])
    assert found, mail["text"]
    assert f'href="{found.group(0)}"' in mail["html"]
    return found.group(1)

"""The member's messages: what the mall told them, newest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, Flask, current_app, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mall.core import clock
from mall.core.db import transaction
from mall.core.errors import NotFound
from mall.domain.notifications import queries, service
from mall.domain.notifications.rules import KINDS, Kind
from mall.web import wording
from mall.web.access import me, members_only
from mall.web.arguments import whole
from mall.web.render import go, page

bp = Blueprint("messages", __name__, url_prefix="/account/messages")
PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class Shown:
    """A message in words. `leads` says whether there is a page behind it."""

    id: int
    title: str
    line: str
    icon: str
    at: datetime
    unread: bool
    leads: bool


@bp.get("")
@members_only
def inbox() -> ResponseReturnValue:
    """The messages, `PER_PAGE` of them, older than the message `before`."""
    before = whole("before", least=1)
    rows = queries.inbox(me().id, before=before, limit=PER_PAGE + 1)
    shown = [_shown(row) for row in rows[:PER_PAGE]]
    older = url_for(".inbox", before=shown[-1].id) if len(rows) > PER_PAGE else None
    return page("account/messages.html", fragment="account/_messages.html", messages=shown, older=older)


@bp.post("/read")
@members_only
def read_all() -> ResponseReturnValue:
    """Mark as read what was on the page: messages up to `up_to`, none that came meanwhile."""
    up_to = whole("up_to") or 0
    with transaction():
        service.mark_read(me().id, up_to=up_to, at=clock.now())
    return go(url_for(".inbox"))


@bp.post("/<int:message_id>/open")
@members_only
def follow(message_id: int) -> ResponseReturnValue:
    """Mark one as read and go to the page that it is about."""
    with transaction():
        found = service.open_message(message_id, member_id=me().id, at=clock.now())
    if found is None:
        raise NotFound
    kind, data = found
    return go(_target(KINDS.get(kind), data) or url_for(".inbox"))


def _shown(row: queries.MessageRow) -> Shown:
    known = KINDS.get(row.kind)
    if known is None:
        # Written by a newer release than this process runs: there are no words for it here yet.
        return Shown(row.id, _("News"), "", "bell", row.created_at, row.read_at is None, False)
    return Shown(
        id=row.id,
        title=wording.title(row.kind, row.data),
        line=wording.line(row.kind, row.data),
        icon=known.icon,
        at=row.created_at,
        unread=row.read_at is None,
        leads=_target(known, row.data) is not None,
    )


def _target(kind: Kind | None, data: dict[str, Any]) -> str | None:
    if kind is None or kind.endpoint not in current_app.view_functions or not data.get(kind.key):
        return None
    return url_for(kind.endpoint, **{kind.key: data[kind.key]})


def init_app(app: Flask) -> None:
    """Register the page."""
    app.register_blueprint(bp)

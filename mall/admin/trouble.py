"""Trouble: what the mall could not do by itself. Messages that were given up, webhooks and payments that do not fit."""

from datetime import datetime

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from mall.admin.blueprint import bp
from mall.admin.trouble_words import told
from mall.admin.why import reason
from mall.core import clock
from mall.core.actor import as_staff
from mall.core.db import transaction
from mall.domain.audit import service as audit
from mall.domain.orders.alerts import LONG
from mall.domain.orders.refunding import queries as refunds
from mall.domain.outbox import queries as outbox
from mall.domain.outbox import service as messages
from mall.domain.payments import events
from mall.domain.payments import queries as payments
from mall.web.access import me, needs
from mall.web.formatting import points as number
from mall.web.render import go, page

#: Rows shown of each kind.
SHOWN = 100


@bp.get("/trouble")
@needs("trouble.read")
def trouble() -> ResponseReturnValue:
    """All that waits for a person, the newest first."""
    long_ago = clock.now() - LONG
    return page(
        "admin/trouble.html",
        dead=told(outbox.dead(SHOWN)),
        quarantined=payments.quarantined_events(limit=SHOWN),
        waiting=payments.waiting_events(before=long_ago, limit=SHOWN),
        differences=payments.differences(limit=SHOWN),
        refunds=refunds.unanswered(long_ago),
        doubtful=payments.with_problems(limit=SHOWN),
        unanswered=payments.unanswered(before=long_ago, limit=SHOWN),
        most=SHOWN,
        may_repair=me().can("trouble.repair"),
    )


@bp.post("/trouble/messages/<int:message_id>/retry")
@needs("trouble.repair")
def retry_message(message_id: int) -> ResponseReturnValue:
    """Let one message be delivered again."""
    at = clock.now()
    with transaction():
        if done := messages.retry(message_id, at=at):
            _record("trouble.retry", ("message", message_id), at=at)
    return _back(done)


@bp.post("/trouble/messages/retry")
@needs("trouble.repair")
def retry_messages() -> ResponseReturnValue:
    """Let all of them be delivered again."""
    at = clock.now()
    with transaction():
        if done := messages.retry(at=at):
            _record("trouble.retry_all", ("message", 0), after={"messages": done}, at=at)
    return _back(done)


@bp.post("/trouble/messages/<int:message_id>/discard")
@needs("trouble.repair")
def discard_message(message_id: int) -> ResponseReturnValue:
    """Give a message up for good; why is asked and kept."""
    why = reason()
    if not why:
        return go(url_for(".trouble"))
    at = clock.now()
    with transaction():
        kind = messages.discard(message_id, at=at)
        if kind:
            _record("trouble.discard", ("message", message_id), before={"kind": kind}, reason=why, at=at)
    flash(
        _("It will not be delivered.") if kind else _("Somebody else saw to it already."),
        "good" if kind else "info",
    )
    return go(url_for(".trouble"))


@bp.post("/trouble/webhooks/<event_id>/set-aside")
@needs("trouble.repair")
def set_aside(event_id: str) -> ResponseReturnValue:
    """A quarantined webhook, or a difference, was looked into, and nothing is to be done because of it."""
    why = reason()
    if not why:
        return go(url_for(".trouble"))
    at = clock.now()
    with transaction():
        done = events.mark_event(event_id, "ignored", at=at, error=why)
        if done:
            _record("trouble.set_aside", ("webhook", event_id), reason=why, at=at)
    flash(
        _("It is set aside.") if done else _("Somebody else saw to it already."),
        "good" if done else "info",
    )
    return go(url_for(".trouble"))


def _record(
    action: str,
    subject: tuple[str, int | str],
    *,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
    reason: str = "",
    at: datetime,
) -> None:
    audit.record(as_staff(me().id), action, subject=subject, before=before, after=after, reason=reason, at=at)


def _back(done: int) -> ResponseReturnValue:
    if done:
        text = ngettext(
            "%(n)s message will be delivered again.",
            "%(n)s messages will be delivered again.",
            done,
            n=number(done),
        )
        flash(text, "good")
    else:
        flash(_("Somebody else saw to it already."), "info")
    return go(url_for(".trouble"))

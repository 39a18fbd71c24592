"""A deed of staff on an item: one transaction, the version that was seen, and a record in the audit trail."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import request
from flask_babel import gettext as _

from mall.core import clock
from mall.core.actor import Actor, as_staff
from mall.core.db import transaction
from mall.core.errors import MallError
from mall.domain.audit import service as audit
from mall.domain.items import desk
from mall.domain.items.models import Item
from mall.web.access import me
from mall.web.arguments import whole
from mall.web.errors import words


@dataclass
class Deed:
    """Who does it, when, and what changed; the caller fills `before` and `after`."""

    item: Item
    actor: Actor
    at: datetime
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)

    def changed(self, name: str, before: object, after: object) -> None:
        """Note a field that has another value now."""
        if before != after:
            self.before[name], self.after[name] = before, after


@contextmanager
def deed(item_id: int, action: str, *, reason: str = "") -> Iterator[Deed]:
    """Do something to an item as the signed-in member of staff; the form says which version was seen.

    Raises NoSuchItem, ChangedMeanwhile, and whatever the deed is refused with: then nothing is kept.
    """
    actor, at = as_staff(me().id), clock.now()
    version = whole("version") or 0
    with transaction():
        done = Deed(desk.hold(item_id, version), actor, at)
        yield done
        audit.record(
            actor,
            action,
            subject=("item", item_id),
            before=done.before or None,
            after=done.after or None,
            reason=reason,
            at=at,
        )


def said(refused: MallError) -> str:
    """The refusal with its hint, if it has one."""
    hint = _(refused.hint) if refused.hint else ""
    return f"{words(refused)} {hint}".strip()


def typed(name: str) -> str:
    """What was typed into a field that stands outside a form class."""
    return request.form.get(name, "").strip()

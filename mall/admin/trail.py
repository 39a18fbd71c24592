"""Deeds of the audit trail in words: whose, to what (with the way there), and what changed from what to what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from mall.admin import trail_words
from mall.admin.wording import DEEDS, SUBJECTS
from mall.domain.audit.queries import Record
from mall.domain.items.queries import named
from mall.domain.members import directory
from mall.web.access import me
from mall.web.languages import locale_tag


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A field before and after, in words; `before` is None where the deed had nothing to change."""

    label: str
    before: str | None
    after: str


@dataclass(frozen=True, slots=True)
class ShownDeed:
    """A record in words. `url` leads to the subject, where this reader may go there."""

    at: datetime
    deed: str
    subject: str
    url: str | None
    who: str
    reason: str
    changes: tuple[ShownChange, ...]


@dataclass(frozen=True, slots=True)
class _Names:
    """What the records' keys stand for: read once for the whole page."""

    people: dict[int, directory.Person]
    items: dict[int, str]
    skus: dict[str, named.Named]
    categories: dict[int, str]


def shown(records: Sequence[Record]) -> list[ShownDeed]:
    """The deeds for a page, in the reader's language."""
    names = _names(records)
    return [
        ShownDeed(
            record.at,
            str(_(DEEDS[record.action])) if record.action in DEEDS else record.action,
            *_subject(record, names),
            names.people[record.actor_id].name
            if record.actor_id in names.people
            else str(_("the mall itself")),
            record.reason,
            _changes(record, names),
        )
        for record in records
    ]


def _names(records: Sequence[Record]) -> _Names:
    """Statements only for the kinds of subject that there are."""
    kinds: dict[str, set[str]] = {}
    for record in records:
        kinds.setdefault(record.subject_kind, set()).add(record.subject_id)
    ids = {kind: {int(key) for key in kinds.get(kind, ()) if key.isdecimal()} for kind in ("item", "member")}
    people = {record.actor_id for record in records if record.actor_id} | ids["member"]
    moved = any(field == "category" for record in records for field, _old, _new in record.changes)
    skus, locale = kinds.get("variant", ()), locale_tag()
    return _Names(
        directory.people(people) if people else {},
        named.item_names(ids["item"], locale=locale) if ids["item"] else {},
        named.items_of_skus(skus, locale=locale) if skus else {},
        named.category_names(locale=locale) if moved else {},
    )


def _subject(record: Record, names: _Names) -> tuple[str, str | None]:
    """Its words, and its address for who may go there."""
    kind, key = record.subject_kind, record.subject_id
    if kind == "item" and key.isdecimal() and int(key) in names.items:
        return names.items[int(key)], _way("items.read", "admin.item", id=int(key))
    if kind == "variant" and key in names.skus:
        item = names.skus[key]
        return f"{item.name} · {key}", _way("items.read", "admin.item_stock", id=item.item_id)
    if kind == "member" and key.isdecimal() and int(key) in names.people:
        person = names.people[int(key)]
        return person.name, _way("members.read", "admin.member", number=person.number)
    if kind == "order":
        return str(_("Order %(number)s", number=key)), _way("orders.read", "admin.order", number=key)
    if kind == "delivery":
        return f"{_(SUBJECTS[kind])} {key}", _way("items.read", "admin.delivery")
    return f"{_(SUBJECTS[kind])} {key}" if kind in SUBJECTS else f"{kind} {key}", None


def _way(permission: str, endpoint: str, **values: Any) -> str | None:
    return url_for(endpoint, **values) if me().can(permission) else None


def _changes(record: Record, names: _Names) -> tuple[ShownChange, ...]:
    new = all(before is None for _field, before, _after in record.changes)
    return tuple(
        ShownChange(
            trail_words.label(field),
            None if new else trail_words.value(field, before, categories=names.categories),
            trail_words.value(field, after, categories=names.categories),
        )
        for field, before, after in record.changes
        if field not in trail_words.HIDDEN
    )

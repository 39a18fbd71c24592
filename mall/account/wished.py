"""The hearts that a visitor touched before signing in: kept in the session, and on the wish list afterwards."""

from collections.abc import Sequence
from datetime import datetime

from flask import flash, session
from flask_babel import gettext as _
from flask_babel import ngettext

from mall.core.db import transaction
from mall.core.errors import MallError
from mall.core.ids import MemberId
from mall.core.numbers import parse_whole
from mall.domain.items import wishes
from mall.domain.items.errors import NoSuchItem
from mall.web.errors import words

_KEPT_IN = "wished"
#: A session travels with every request: a visitor's hearts take little room in it.
MOST = 10


def remember(item_id: str | None) -> None:
    """Keep the item that an address names (`wish=…`); anything but a number is no heart."""
    try:
        wish = parse_whole(item_id or "", least=1)
    except MallError:
        return
    session[_KEPT_IN] = [*(known for known in remembered() if known != wish), wish][-MOST:]


def remembered() -> list[int]:
    """The items, the latest last."""
    return list(session.get(_KEPT_IN, ()))


def keep(item_ids: Sequence[int], member: MemberId, *, at: datetime) -> None:
    """Put them on the member's list, each for itself: one that is gone, or too many, stops neither rest nor sign-in."""
    kept = 0
    for item_id in item_ids:
        try:
            with transaction():
                wishes.add(member, item_id, at=at)
            kept += 1
        except NoSuchItem:
            continue
        except MallError as refused:
            flash(words(refused), "warn")
            break
    if kept:
        said = _("It is on your wish list.")
        flash(
            said
            if kept == 1
            else ngettext("%(num)s item is on your wish list.", "%(num)s items are on your wish list.", kept),
            "good",
        )

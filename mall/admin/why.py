"""A deed's reason, typed with its button: required, and kept in the trail."""

from flask import flash
from flask_babel import gettext as _

from mall.admin import deeds
from mall.domain.audit.service import REASON_LENGTH


def reason() -> str:
    """What was typed, "" for nothing; then the person has been told that it is asked for, and nothing is to be done."""
    why = deeds.typed("reason")[:REASON_LENGTH]
    if not why:
        flash(_("Say why: it is kept with what you do."), "bad")
    return why

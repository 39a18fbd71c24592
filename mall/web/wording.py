"""Messages in words, in the language at hand: the same in the inbox and in the mail."""

import re
from typing import Any

from flask_babel import format_decimal, gettext

from mall.domain.notifications.rules import KINDS
from mall.web import telling_cash

_NAMED = re.compile(r"%\((\w+)\)s")


def title(kind: str, data: dict[str, Any]) -> str:
    """The message's title, which is the mail's subject."""
    return _filled(KINDS[kind].subject, data)


def line(kind: str, data: dict[str, Any]) -> str:
    """The sentence under the title; the plainer one where the data lack what the full one says."""
    known = KINDS[kind]
    given = bool(data.get("given") and known.given)
    if known.cash and data.get("cash"):
        said = known.given_cash if given else known.cash
        return _filled(said, {**data, "price": telling_cash.price(data)})
    if given and data.get("points") is not None:
        return _filled(known.given, data)
    full = all(data.get(name) not in (None, "") for name in _NAMED.findall(known.line))
    return _filled(known.line if full else known.plain, data)


def _filled(message: str, data: dict[str, Any]) -> str:
    shown = {key: format_decimal(value) if type(value) is int else value for key, value in data.items()}
    return str(gettext(message, **shown))

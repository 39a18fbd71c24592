"""The quantities of a refund's form: read, and what is said at each that cannot be."""

from flask import request
from flask_babel import ngettext

from mall.core.errors import BadValue
from mall.core.numbers import parse_whole
from mall.domain.orders.refunding import Units
from mall.domain.orders.refunding.facts import Facts
from mall.web.errors import words
from mall.web.formatting import points as written

#: No order has more units of a line.
_MOST = 10_000


def asked_for(known: Facts) -> tuple[list[Units], dict[str, str]]:
    """The quantities typed for each line, `unsent-<id>` and `returned-<id>`, and which of these fields cannot be read."""
    found, wrong = [], {}
    for line in known.lines:
        units = {}
        for kind in ("unsent", "returned"):
            name = f"{kind}-{line.id}"
            try:
                units[kind] = parse_whole(request.form.get(name) or "0", least=0, most=_MOST)
            except BadValue as refused:
                wrong[name] = words(refused)
        if any(units.values()):
            found.append(Units(line.id, **units))
    return found, wrong


def over(known: Facts, asked: list[Units]) -> dict[str, str]:
    """What is said at each quantity that is more than there is."""
    lines, wrong = {line.id: line for line in known.lines}, {}
    for units in asked:
        line = lines[units.line]
        for kind, most, n in (("unsent", line.unsent, units.unsent), ("returned", line.out, units.returned)):
            if n > most:
                wrong[f"{kind}-{line.id}"] = _too_many(most, n)
    return wrong


def _too_many(left: int, asked: int) -> str:
    n = written(asked)
    said: str = ngettext(
        "%(left)s is left; you asked for %(n)s.",
        "%(left)s are left; you asked for %(n)s.",
        left,
        left=written(left),
        n=n,
    )
    return said

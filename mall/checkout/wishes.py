"""Wishes for services, typed at checkout: fields `wish-<position>` and `day-<position>` of the quote's lines."""

import re
from datetime import date

from flask import request

from mall.domain.orders.booking import MAX_WORDS, Wish

_FIELD = re.compile(r"(?:wish|day)-([0-9]{1,3})", re.ASCII)


def typed() -> dict[int, Wish]:
    """What was typed, by the line's position. A day that is none is left out: the order matters more, and the wish can
    be changed on its page."""
    places = {int(found[1]) for name in request.form if (found := _FIELD.fullmatch(name))}
    return {place: (_words(place), _day(place)) for place in places if _words(place) or _day(place)}


def _words(place: int) -> str:
    return request.form.get(f"wish-{place}", "")[:MAX_WORDS].strip()


def _day(place: int) -> date | None:
    try:
        return date.fromisoformat(request.form.get(f"day-{place}", ""))
    except ValueError:
        return None

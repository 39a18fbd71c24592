"""Numbers, money and dates in the reader's way, as template filters."""

import hashlib
import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_skeleton
from flask import Flask, current_app, url_for
from flask_babel import (
    format_currency,
    format_date,
    format_decimal,
    format_time,
    format_timedelta,
    get_locale,
    ngettext,
    to_user_timezone,
)
from markupsafe import Markup

from mall.core import clock
from mall.core.numbers import major

#: Languages that set no blank between sentences.
_WITHOUT_BLANKS = frozenset({"zh", "ja"})
#: The sign of yen and yuan with their country's letters.
_LETTERS = re.compile("(?:CN|JP)¥")


def points(n: int) -> str:
    """A number of points with separators, without the unit."""
    locale = get_locale()
    separator = _separator(locale) if locale else ","
    return str(format_decimal(n)) if separator is None else f"{n:,}".replace(",", separator)


@lru_cache(maxsize=32)
def _separator(locale: Locale) -> str | None:
    """What stands between groups of three digits; None where the locale groups otherwise (then Babel formats each
    number by its pattern: a list page has some sixty, and the general way takes a hundred times as long)."""
    plain = locale.decimal_formats[None].grouping == (3, 3) and locale.default_numbering_system == "latn"
    return str(locale.number_symbols["latn"]["group"]) if plain else None


def money(minor: int, currency: str | None = None) -> str:
    """Minor units as money, e.g. ¥30.00; the mall's currency unless another is named.

    A mall has one currency, so its yen or yuan needs no country's letters before the sign ("CN¥" in CLDR's English):
    the card's page writes ¥ too. Amounts in any other currency keep theirs.
    """
    own = current_app.config["SETTINGS"].currency
    currency = currency or own
    words = str(format_currency(major(minor, currency), currency))
    return _LETTERS.sub("¥", words, count=1) if currency == own else words


def price(n: int, minor: int, currency: str | None = None) -> str:
    """A price in points, in cash (minor units) or in both: "800 points + ¥30.00"."""
    if not n and minor:
        return money(minor, currency)
    words = str(ngettext("%(n)s point", "%(n)s points", n, n=points(n)))
    return f"{words} + {money(minor, currency)}" if minor else words


def price_of(value: Any) -> str:
    """The same of a pair (points, minor units), or of whatever has `points` and `cash`."""
    n, minor = value if isinstance(value, tuple) else (value.points, value.cash)
    return price(n, minor)


def sentences(parts: Iterable[str]) -> str:
    """Sentences one after another as the reader's language sets them: Chinese puts no blank after its full stop.

    Empty ones are passed over. Where one is markup the answer is, and what was plain text is escaped in it.
    """
    said = [part for part in parts if part]
    locale = get_locale()
    blank = not locale or locale.language not in _WITHOUT_BLANKS
    if any(isinstance(part, Markup) for part in said):
        return (Markup(" ") if blank else Markup("")).join(said)
    return (" " if blank else "").join(map(str, said))


def day(value: date | datetime | None) -> str:
    """A date; of an instant, the day in the programme's time zone."""
    return str(format_date(value, "medium")) if value else ""


def short_day(value: date | datetime | None) -> str:
    """Month and day ("Dec 31", "12月31日"), for what lies within a year and where room is short."""
    if not value:
        return ""
    local = to_user_timezone(value) if isinstance(value, datetime) else value
    return str(format_skeleton("MMMd", local, locale=get_locale()))


def last_day(end: datetime | None) -> str:
    """The last day on which something is valid that ends at this instant: of a midnight, the day before."""
    return day(end - timedelta(microseconds=1)) if end else ""


def moment(value: datetime | None) -> str:
    """A date with hours and minutes, in the programme's time zone."""
    return f"{format_date(value, 'medium')} {time_of_day(value)}" if value else ""


def time_of_day(value: datetime) -> str:
    """Hours and minutes in the programme's time zone: "8:18 AM", with a no-break space.

    CLDR sets a narrow one (U+202F) before AM and PM, which some fonts do not have.
    """
    return str(format_time(value, "short")).replace("\u202f", "\u00a0")


def ago(value: datetime) -> str:
    """How long ago, or how long until: "3 hours ago", "in 2 days"."""
    return str(format_timedelta(value - clock.now(), add_direction=True))


@lru_cache(maxsize=512)
def _digest(path: Path, _modified: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def static_url(filename: str) -> str:
    """The address of a static file with its content's hash, so that browsers may keep it for ever."""
    path = Path(str(current_app.static_folder)) / filename
    version = _digest(path, path.stat().st_mtime_ns) if path.is_file() else None
    return url_for("static", filename=filename, v=version)


def init_app(app: Flask) -> None:
    """Make the filters known to the templates."""
    app.jinja_env.filters.update(
        last_day=last_day,
        points=points,
        money=money,
        price=price_of,
        day=day,
        short_day=short_day,
        moment=moment,
        time_of_day=time_of_day,
        ago=ago,
        sentences=sentences,
    )
    app.jinja_env.globals.update(static_url=static_url)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True

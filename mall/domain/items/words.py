"""Checks that the verbs of items share: words in a language, retail values."""

import unicodedata
from typing import Any

from mall.core.errors import BadValue
from mall.domain.items import errors
from mall.domain.items.rules import LOCALES, MAX_PRICE


def put(rows: dict[str, Any], locale: str, words: str, model: type, column: str, most: int) -> bool:
    """Store words in one language, or drop the language if there are none; whether there are."""
    if locale not in LOCALES:
        raise BadValue(value=locale[:40])
    words = words.strip()
    fits(words, most)
    if not words:
        rows.pop(locale, None)
        return False
    if locale not in rows:
        rows[locale] = model(locale=locale)
    setattr(rows[locale], column, words)
    return True


def fits(words: str, most: int) -> None:
    """Raises TooLong, or BadValue for characters that a database would not keep."""
    if len(words) > most:
        raise errors.TooLong(value=words[:40], most=most)
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\r\t" for c in words):
        raise BadValue(value=ascii(words)[:40])


def sound_value(value: int | None) -> int | None:
    """A retail value in minor units. Raises BadValue."""
    if value is not None and not 0 <= value <= MAX_PRICE:
        raise BadValue(value=value)
    return value

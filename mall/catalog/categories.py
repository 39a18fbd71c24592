"""The categories, read once in a while: they stand on every list, show neither points nor stock, and seldom change."""

from threading import Lock

from flask import Flask, current_app

from mall.core import clock
from mall.domain.items import queries
from mall.domain.items.queries import CategoryRow

#: Seconds until a new or renamed category shows.
LIFE = 20


class Remembered:
    """The categories by language, with the instant when they were read."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._rows: dict[str, tuple[float, tuple[CategoryRow, ...]]] = {}

    def get(self, locale: str) -> tuple[CategoryRow, ...]:
        """The categories with names in that language."""
        now = clock.now().timestamp()
        known = self._rows.get(locale)
        if known is None or not 0 <= now - known[0] < LIFE:
            known = now, tuple(queries.categories(locale))
            with self._lock:
                self._rows[locale] = known
        return known[1]

    def forget(self) -> None:
        """Read anew when next asked."""
        with self._lock:
            self._rows.clear()


def categories(locale: str) -> tuple[CategoryRow, ...]:
    """All categories in their order."""
    remembered: Remembered = current_app.extensions["catalog_categories"]
    return remembered.get(locale)


def init_app(app: Flask) -> None:
    """Give the process its memory of categories."""
    app.extensions["catalog_categories"] = Remembered()

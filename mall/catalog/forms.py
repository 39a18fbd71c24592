"""The catalogue's address: what a reader asked for, read gently. A value that makes no sense is left out and told."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from mall.core.errors import BadValue
from mall.core.numbers import parse_whole
from mall.domain.items.rules import KINDS, MAX_PRICE, SORTS, sound_slug

PATH = "/catalog"
TIERS = ("basic", "silver", "gold", "diamond")
LONGEST_QUERY = 80
#: Nobody turns so many pages; a number beyond it comes from a machine, and would make the database skip for nothing.
LAST_PAGE = 1000

Field = Literal["q", "category", "kind", "affordable", "min", "max", "tier", "sort", "page"]
_ON, _OFF = ("1", "on", "true", "yes"), ("", "0", "off", "false", "no")


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of a catalogue page. `bad` holds what was left out: (field, the value as typed)."""

    q: str = ""
    category: str = ""
    kind: str = ""
    affordable: bool = False
    min: int | None = None
    max: int | None = None
    tier: str = ""
    sort: str = ""
    page: int = 1
    bad: tuple[tuple[str, str], ...] = ()

    def but(self, **changes: Any) -> "Asked":
        """The same with changes, from its first page unless the page itself changes."""
        return replace(self, **{"page": 1, "bad": (), **changes})

    def url(self, **changes: Any) -> str:
        """The shareable address: only what differs from the whole catalogue, always in the same order."""
        asked = self.but(**changes) if changes else self
        pairs: list[tuple[str, str | int]] = []
        for name in ("q", "category", "kind", "affordable", "min", "max", "tier", "sort"):
            value = getattr(asked, name)
            if value is not None and value != "" and value is not False:
                pairs.append((name, int(value) if isinstance(value, bool) else value))
        if asked.page > 1:
            pairs.append(("page", asked.page))
        return f"{PATH}?{urlencode(pairs)}" if pairs else PATH

    def within(self, slugs: Iterable[str]) -> "Asked":
        """The same; a category that there is not is left out and told."""
        if not self.category or self.category in set(slugs):
            return self
        return replace(self, category="", bad=(*self.bad, ("category", self.category[:40])))

    @property
    def narrowed(self) -> bool:
        """Whether anything is filtered at all (an order or a page is not a filter)."""
        return self.but(sort="") != Asked()


def read(args: MultiDict[str, str]) -> Asked:
    """What an address asks for. Never raises: unknown words and bad numbers end in `bad`."""
    bad: list[tuple[str, str]] = []

    def known(name: str, words: tuple[str, ...]) -> str:
        value = args.get(name, "").strip()
        if value and value not in words:
            bad.append((name, value[:40]))
            return ""
        return value

    def number(name: str, *, least: int, most: int) -> int | None:
        typed = args.get(name, "")
        text = unicodedata.normalize("NFKC", typed).strip().replace(",", "").replace(" ", "").replace("_", "")
        if not text:
            return None
        try:
            return parse_whole(text, least=least, most=most)
        except BadValue:
            bad.append((name, typed.strip()[:40]))
            return None

    category = args.get("category", "").strip()
    if category and not sound_slug(category):
        bad.append(("category", category[:40]))
        category = ""
    sort = known("sort", SORTS)
    typed = words(args.get("q", ""))
    affordable = args.get("affordable", "").strip().lower()
    if affordable not in _ON + _OFF:
        bad.append(("affordable", affordable[:40]))
    low, high = number("min", least=0, most=MAX_PRICE), number("max", least=0, most=MAX_PRICE)
    if low is not None and high is not None and low > high:
        low, high = high, low
    return Asked(
        q=typed,
        category=category,
        kind=known("kind", KINDS),
        affordable=affordable in _ON,
        min=low or None,
        max=high,
        tier=known("tier", TIERS),
        sort="" if sort == "newest" and not typed else sort,
        page=number("page", least=1, most=LAST_PAGE) or 1,
        bad=tuple(bad),
    )


def words(typed: str) -> str:
    """A search as it is used: control characters out, white space folded, at most 80 characters."""
    clean = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in typed[:1000])
    return " ".join(clean.split())[:LONGEST_QUERY].strip()

"""What a list can be narrowed by and put in order by, in words; each choice with the address it leads to."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from flask_babel import gettext, lazy_gettext

from mall.catalog.forms import TIERS, Asked
from mall.domain.items.queries import CategoryRow
from mall.domain.items.rules import KINDS
from mall.web.formatting import points

_l = lazy_gettext
KIND_WORDS = {"goods": _l("Goods"), "service": _l("Services"), "digital": _l("Digital")}
TIER_WORDS = dict(
    zip(
        TIERS,
        (_l("Basic members"), _l("Silver members"), _l("Gold members"), _l("Diamond members")),
        strict=True,
    )
)
SORT_WORDS = {
    "": _l("Best match"),
    "newest": _l("Newest first"),
    "points": _l("Fewest points first"),
    "-points": _l("Most points first"),
    "popular": _l("Most popular"),
    "value": _l("Most value per point"),
}
#: Bands of points that can be chosen with one touch: (from, to).
BANDS: tuple[tuple[int | None, int | None], ...] = (
    (None, 1000), (1000, 5000), (5000, 20000), (20000, 100000), (100000, None),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several: a link, or an option of a form."""

    label: str
    url: str = ""
    current: bool = False
    value: str = ""
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on, and the address without it."""

    name: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Choices:
    """All that the filters of a list offer."""

    categories: Sequence[Choice]
    kinds: Sequence[Choice]
    sorts: Sequence[Choice]
    bands: Sequence[Choice]


@lru_cache(maxsize=512)
def choices_for(asked: Asked, rows: tuple[CategoryRow, ...], _tag: str) -> Choices:
    """The choices beside a list, some thirty addresses; the tag names the language that they are worded in."""
    return Choices(categories(asked, rows), kinds(asked), sorts(asked), bands(asked))


def categories(asked: Asked, rows: Sequence[CategoryRow]) -> list[Choice]:
    """ "All", then each category."""
    every = Choice(gettext("All"), asked.url(category=""), not asked.category)
    return [
        every,
        *(
            Choice(row.name, asked.url(category=row.slug), row.slug == asked.category, colour=row.colour)
            for row in rows
        ),
    ]


def kinds(asked: Asked) -> list[Choice]:
    """Radio buttons: any kind, then each."""
    return [Choice(gettext("All"), current=not asked.kind)] + [
        Choice(str(KIND_WORDS[kind]), current=kind == asked.kind, value=kind) for kind in KINDS
    ]


def sorts(asked: Asked) -> list[Choice]:
    """Options of the order; "best match" is for searches, everything else begins with the newest."""
    words = SORT_WORDS if asked.q else {name: label for name, label in SORT_WORDS.items() if name}
    chosen = asked.sort if asked.sort in words else "newest"
    return [Choice(str(label), current=name == chosen, value=name) for name, label in words.items()]


def bands(asked: Asked) -> list[Choice]:
    """Ready-made bands of points; the one that is on leads back to all."""
    shown = []
    for low, high in BANDS:
        current = (asked.min, asked.max) == (low, high)
        url = asked.url(min=None, max=None) if current else asked.url(min=low, max=high)
        shown.append(Choice(band_text(low, high), url, current))
    return shown


def band_text(low: int | None, high: int | None) -> str:
    """A band of points in words."""
    if low is None:
        return str(gettext("Up to %(n)s points", n=points(high or 0)))
    if high is None:
        return str(gettext("%(n)s points and more", n=points(low)))
    return str(gettext("%(low)s to %(high)s points", low=points(low), high=points(high)))


def chips(asked: Asked, names: dict[str, str]) -> list[Chip]:
    """The filters that are on, each with the address that takes it away."""
    shown = []
    if asked.q:
        shown.append(Chip("q", gettext("“%(words)s”", words=asked.q), asked.url(q="")))
    if asked.affordable:
        shown.append(Chip("affordable", gettext("I can redeem this now"), asked.url(affordable=False)))
    if asked.category:
        shown.append(Chip("category", names.get(asked.category, asked.category), asked.url(category="")))
    if asked.kind:
        shown.append(Chip("kind", str(KIND_WORDS[asked.kind]), asked.url(kind="")))
    if asked.min is not None or asked.max is not None:
        shown.append(Chip("points", band_text(asked.min, asked.max), asked.url(min=None, max=None)))
    if asked.tier:
        shown.append(Chip("tier", str(TIER_WORDS[asked.tier]), asked.url(tier="")))
    return shown

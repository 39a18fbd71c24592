"""The rules of items: names and numbers that may stand in the shop, prices in force. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, Protocol, get_args

LOCALES = ("en", "zh-Hans", "zh-Hant")
COLOUR = "#8c857b"

Kind = Literal["goods", "service", "digital"]
Status = Literal["draft", "live", "retired"]
Sort = Literal["", "newest", "points", "-points", "popular", "value"]
KINDS: tuple[str, ...] = get_args(Kind)
STATUSES: tuple[str, ...] = get_args(Status)
SORTS: tuple[str, ...] = get_args(Sort)
OFFER_KINDS = ("points", "combo", "range", "cash")
#: What a tier's discount takes from: the offer leaves it out, its cash part (the rule), or its points too.
TIER_DISCOUNTS = ("none", "cash", "all")
MOVES = ("opening", "found", "received", "written_off", "sold", "reserved", "released", "sold_reserved",
         "returned", "unlimited", "limited")  # fmt: skip

#: Most points or minor units for one unit, and most pieces of stock: sums stay far below 2**63.
MAX_PRICE = 10**10
MAX_STOCK = 10**9

#: Bounds of time in the listing: before the first and after the last price version.
ALWAYS, NEVER = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)

#: Rate of an item without a retail value: after all others when sorted by value.
NO_RATE = 2**62

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
_SKU = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._/+-]*[A-Za-z0-9])?", re.ASCII)
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}", re.ASCII)


class Reference(Protocol):
    """What a change of stock is for: an order, an import. (The ledger's `Ref` fits.)"""

    @property
    def kind(self) -> str: ...
    @property
    def id(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Text:
    """An item's words in one language; `description` is Markdown."""

    name: str
    summary: str = ""
    description: str = ""


def sound_slug(text: str) -> bool:
    """Whether text may be the last part of an item's address: 2 to 80 of a–z, 0–9 and single hyphens between."""
    return 2 <= len(text) <= 80 and _SLUG.fullmatch(text) is not None


def sound_sku(text: str) -> bool:
    """Whether text may be an SKU: 1 to 64 ASCII letters, digits, and . _ / + - inside."""
    return len(text) <= 64 and _SKU.fullmatch(text) is not None


def sound_colour(text: str) -> bool:
    """Whether text is a colour as #rrggbb."""
    return _COLOUR.fullmatch(text) is not None


def rate(points: int, value: int | None) -> int:
    """Points per 10,000 minor units of retail value, rounded down: the lower, the better a point is worth."""
    return points * 10_000 // value if value else NO_RATE


def pick(texts: Mapping[str, str], locale: str) -> str:
    """The words in that language, else in English, else in any."""
    return texts.get(locale) or texts.get("en") or next((word for word in texts.values() if word), "")

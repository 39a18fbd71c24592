"""What a file of items asks for: plain values between reading the rows and writing them."""

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mall.core.errors import N_
from mall.domain.items.import_ways import PlannedWay
from mall.domain.items.rules import Text
from mall.domain.items.ways import Limits

#: For the other rows of an item that cannot come in.
SPOILT = N_("Row %(first)s describes this item and is refused. Put that one right.")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row is refused: its line in the file, the column, and what to do (`message` % `params`, translatable)."""

    line: int
    column: str
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"row {self.line}, {self.column}: {self.message % self.params}"


@dataclass(frozen=True, slots=True)
class Ready:
    """A picture whose files are kept already; `alts` are its words by language."""

    key: str
    width: int
    height: int
    alts: Mapping[str, str] = field(default_factory=dict, hash=False)


#: Finds a picture by its name in the file: None if there is none; raises BadPicture if it cannot be used.
PictureSource = Callable[[str], Ready | None]


@dataclass(frozen=True, slots=True)
class PlannedVariant:
    """A variant as its row tells it: `points` for one unit (None: only other
    ways to pay); `stock` None = unlimited; `value` None = not said."""

    line: int
    sku: str
    options: Mapping[str, str]
    points: int | None
    stock: int | None
    value: int | None


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """An item as its rows tell it; `status`, `limits` or one of them None, and empty texts, leave what is there."""

    line: int
    slug: str
    kind: str
    category: str
    status: str | None
    texts: Mapping[str, Text]
    limits: Limits | None
    pictures: tuple[Ready, ...]
    variants: tuple[PlannedVariant, ...]
    ways: tuple[PlannedWay, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file asks for: its number of rows, the sound items, and every problem. `ignored` columns are not ours.

    `categories`: line and category of the items that are refused, so that all that is wrong with them is said at once.
    """

    read: int
    items: list[PlannedItem]
    problems: list[Problem]
    ignored: list[str]
    categories: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a file. `saved` is false after a dry run, and where a problem kept everything back.

    `read`, `refused` count rows; the others count what was (or would be) made, changed, left as it was.
    """

    read: int = 0
    refused: int = 0
    items_created: int = 0
    items_updated: int = 0
    items_unchanged: int = 0
    variants_created: int = 0
    problems: list[Problem] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    saved: bool = False


def missing_column(column: str, others: Sequence[str]) -> Problem:
    """That a column is not there; `others` are those that are and are not ours: one may be it, mistyped."""
    close = difflib.get_close_matches(column, others, 1)
    if close:
        message = N_("This column is missing; “%(close)s” looks like it. Rename it.")
        return Problem(1, column, message, {"close": close[0]})
    return Problem(1, column, N_("This column is missing. Add it."))

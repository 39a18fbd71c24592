"""Items out of a table as merchants keep them, one row a variant: a plan, and every problem of every row. No database."""

import unicodedata
from collections.abc import Iterable
from typing import Any, NamedTuple

from mall.core.errors import N_, BadValue, MallError
from mall.core.numbers import parse_money, parse_whole
from mall.core.tables import Row, read_table
from mall.domain.items.import_columns import COLUMNS, LENGTHS, LIMITS, REQUIRED, SHARED, SUFFIX, UNLIMITED
from mall.domain.items.import_plan import (
    SPOILT,
    PictureSource,
    Plan,
    PlannedItem,
    PlannedVariant,
    Problem,
    Ready,
    missing_column,
)
from mall.domain.items.import_ways import PlannedWay, read_ways
from mall.domain.items.rules import (
    KINDS,
    MAX_PRICE,
    MAX_STOCK,
    STATUSES,
    Text,
    sound_sku,
    sound_slug,
)
from mall.domain.items.ways import Limits


def read_items(data: bytes, name: str, *, currency: str, pictures: PictureSource | None = None) -> Plan:
    """The plan of a CSV or XLSX file. Raises UnreadableFile.

    The first row of an item says what its rows share; in the others those cells are empty or the same. Without
    `pictures`, that column is left alone.
    """
    header, rows = read_table(data, name)
    ignored = [column for column in header if column and column not in COLUMNS]
    missing = [missing_column(column, ignored) for column in REQUIRED if column not in header]
    if missing:
        return Plan(len(rows), [], missing, ignored)
    reader = _Reader(currency, pictures)
    groups: dict[str, list[Row]] = {}
    for row in rows:
        if reader.legible(row):
            groups.setdefault(row.get("slug"), []).append(row)
    items = [item for group in groups.values() if (item := reader.item(group))]
    problems = sorted(reader.problems, key=lambda problem: problem.line)
    return Plan(len(rows), items, problems, ignored, reader.categories)


class _Shared(NamedTuple):
    kind: str
    category: str
    status: str | None
    limits: Limits | None
    texts: dict[str, Text]
    ways: tuple[PlannedWay, ...]


class _Reader:
    """Reads the rows of one file, noting every problem; a cell with one is read as if it were empty."""

    def __init__(self, currency: str, pictures: PictureSource | None) -> None:
        self.currency, self.pictures = currency, pictures
        self.problems: list[Problem] = []
        self.skus: dict[str, int] = {}
        self.categories: list[tuple[int, str]] = []

    def refuse(self, row: Row, column: str, message: str, **params: Any) -> None:
        self.problems.append(Problem(row.line, column, message, params))

    def legible(self, row: Row) -> bool:
        """Whether the row can be told apart: a slug, and no characters that a database would not keep."""
        for column, text in row.cells.items():
            if column in COLUMNS and any(
                unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\r\t" for c in text
            ):
                self.refuse(row, column, N_("There is a control character in this text. Type it anew."))
                return False
        slug = row.get("slug")
        if not sound_slug(slug):
            message = N_(
                "“%(value)s” cannot be part of an address. Use 2 to 80 of a–z, 0–9 and single hyphens."
            )
            self.refuse(row, "slug", message, value=slug[:40])
        return sound_slug(slug)

    def item(self, rows: list[Row]) -> PlannedItem | None:
        """The item that these rows describe, without the rows that have a problem; None if nothing is left."""
        first, before = rows[0], len(self.problems)
        shared = self.shared(first)
        spoilt = len(self.problems) > before
        variants: list[PlannedVariant] = []
        pictures: dict[str, Ready] = {}
        for row in rows:
            before = len(self.problems)
            self.agrees(row, first, spoilt)
            variant, found = self.variant(row, shared), self.ready(row)
            if variant is not None and len(self.problems) == before:
                variants.append(variant)
                pictures.update((picture.key, picture) for picture in found)
        if spoilt or not variants:
            if sound_slug(shared.category):
                self.categories.append((first.line, shared.category))
            return None
        return PlannedItem(
            line=first.line, slug=first.get("slug"), kind=shared.kind, category=shared.category,
            status=shared.status, texts=shared.texts, limits=shared.limits,
            pictures=tuple(pictures.values()), variants=tuple(variants), ways=shared.ways,
        )  # fmt: skip

    def shared(self, row: Row) -> _Shared:
        """What the first row of an item says for all of them."""
        limits = [self.whole(row, column, 1, MAX_STOCK) for column in LIMITS]
        category = row.get("category")
        if not sound_slug(category):
            self.refuse(row, "category", N_("Name the category by its slug, as in categories.csv."))
        return _Shared(
            kind=self.word(row, "kind", KINDS) or "",
            category=category,
            status=self.word(row, "status", STATUSES) if row.get("status") else None,
            limits=Limits(*limits) if any(limits) else None,
            texts=self.texts(row),
            ways=read_ways(self, row),
        )

    def texts(self, row: Row) -> dict[str, Text]:
        """Names, summaries and descriptions by locale; a language without a name says nothing."""
        found = {}
        for locale, suffix in SUFFIX.items():
            words = {word: row.get(f"{word}_{suffix}") for word in LENGTHS}
            for word, text in words.items():
                if len(text) > LENGTHS[word]:
                    message = N_("This text is too long: %(length)s characters, at most %(most)s.")
                    self.refuse(row, f"{word}_{suffix}", message, length=len(text), most=LENGTHS[word])
            if words["name"]:
                found[locale] = Text(**words)
            elif locale == "en" or any(words.values()):
                self.refuse(row, f"name_{suffix}", N_("The name is missing. Fill it in."))
        return found

    def agrees(self, row: Row, first: Row, spoilt: bool) -> None:
        """Refuse a later row of an item that contradicts the first, or whose first row is refused."""
        if row is first:
            return
        if spoilt:
            self.refuse(row, "slug", SPOILT, first=first.line)
            return
        for column in SHARED:
            if row.get(column) and row.get(column) != first.get(column):
                message = N_(
                    "This differs from row %(first)s of the same item. Leave it empty or make them equal."
                )
                self.refuse(row, column, message, first=first.line)

    def variant(self, row: Row, shared: _Shared) -> PlannedVariant | None:
        """What is the row's own; None if its SKU or points cannot be read."""
        sku = self.sku(row)
        points = self.whole(row, "points", 1, MAX_PRICE)
        if not row.get("points") and not shared.ways:
            self.refuse(row, "points", N_("The price in points is missing. Fill in a whole number."))
        options = {locale: row.get(f"options_{suffix}") for locale, suffix in SUFFIX.items()}
        for locale, text in options.items():
            if len(text) > 200:
                message = N_("This text is too long: %(length)s characters, at most %(most)s.")
                self.refuse(row, f"options_{SUFFIX[locale]}", message, length=len(text), most=200)
        stock, value = self.stock(row, shared.kind), self.money(row)
        if sku is None or (points is None and not shared.ways):
            return None
        words = {locale: text for locale, text in options.items() if text}
        return PlannedVariant(row.line, sku, words, points, stock, value)

    def sku(self, row: Row) -> str | None:
        """The SKU, if it is sound and no earlier row has it."""
        sku = row.get("sku")
        if not sound_sku(sku):
            message = N_(
                "“%(value)s” cannot be an SKU. Use up to 64 letters, digits and . _ / + - between them."
            )
            self.refuse(row, "sku", message, value=sku[:40])
            return None
        if sku in self.skus:
            message = N_("Row %(first)s has the SKU “%(value)s” too. Give each variant its own.")
            self.refuse(row, "sku", message, first=self.skus[sku], value=sku)
            return None
        self.skus[sku] = row.line
        return sku

    def stock(self, row: Row, kind: str) -> int | None:
        """Pieces, or None = unlimited (which an empty cell means for what is not a thing)."""
        text = row.get("stock")
        if text.lower() in UNLIMITED or (not text and kind != "goods"):
            return None
        if not text:
            self.refuse(row, "stock", N_("Say how many there are, or “unlimited”."))
            return 0
        return self.whole(row, "stock", 0, MAX_STOCK) or 0

    def ready(self, row: Row) -> list[Ready]:
        """The row's pictures, by their names between semicolons."""
        found = []
        for name in filter(None, (part.strip() for part in row.get("pictures").split(";"))):
            if self.pictures is None:
                break
            try:
                picture = self.pictures(name)
            except MallError as error:
                self.refuse(row, "pictures", error.message, **error.params)
                continue
            if picture is None:
                message = N_(
                    "There is no picture “%(value)s” in the folder. Put it there or take the name out."
                )
                self.refuse(row, "pictures", message, value=name[:60])
            else:
                found.append(picture)
        return found

    def whole(self, row: Row, column: str, least: int, most: int) -> int | None:
        """A whole number; None if the cell is empty or refused."""
        text = row.get(column)
        try:
            return parse_whole(text, least=least, most=most) if text else None
        except BadValue:
            message = N_(
                "“%(value)s” is not a whole number from %(least)s to %(most)s. Write it without separators."
            )
            self.refuse(row, column, message, value=text[:40], least=least, most=most)
            return None

    def money(self, row: Row) -> int | None:
        """The retail value in minor units; None if the cell is empty or refused."""
        text = row.get("value")
        try:
            return parse_money(text, self.currency, most=MAX_PRICE) if text else None
        except BadValue:
            message = N_("“%(value)s” is not an amount in %(currency)s. Write it like 899.00.")
            self.refuse(row, "value", message, value=text[:40], currency=self.currency)
            return None

    def word(self, row: Row, column: str, words: Iterable[str]) -> str | None:
        """One of these words."""
        text = row.get(column).lower()
        if text in words:
            return text
        message = N_("“%(value)s” is not known here. Use one of: %(words)s.")
        self.refuse(row, column, message, value=text[:40], words=", ".join(words))
        return None

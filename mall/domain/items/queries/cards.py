"""The lists of the catalogue: one statement a page."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from mall.core.db import db
from mall.domain.items import search, tokens
from mall.domain.items.queries.card_statement import COUNTED, Shape, card_reading, card_statement
from mall.domain.items.rules import KINDS, MAX_PRICE, SORTS, sound_slug

MAX_PAGE = 2_000


@dataclass(frozen=True, slots=True)
class CatalogFilter:
    """What a list shows. Points in whole numbers; `affordable_with` is the member's balance (what can be redeemed with
    it now, in points or in points and cash: nothing that is sold out or of a higher tier). `min`, `max` bound the points
    of the price shown; a price in cash alone counts as what it is worth in points. `tier` keeps
    what that tier can have. `sort`: "" (relevance when searching, else newest), "newest",
    "points", "-points", "popular", "value" (points per retail value).
    """

    q: str = ""
    category: str | None = None
    kind: str | None = None
    affordable_with: int | None = None
    min: int | None = None
    max: int | None = None
    tier: str | None = None
    sort: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """An item in a list, at the prices of who looks. The price shown is of one unit of the cheapest variant: `points`
    and `cash` (minor units; `full_cash` before the tier's discount), by `way` (the offer's kind); `points_most`,
    `cash_most` of the dearest. `least` points and `least_cash` are the mix with the fewest points (NO_RATE: none takes
    points). `gate`: the tier that can have it, where the reader cannot. `available` None = unlimited; `picture` the key of its first picture (files: `<key>-<320|640|1280>.webp`).
    """

    item_id: int
    slug: str
    name: str
    summary: str
    kind: str
    category: str
    way: str
    points: int
    points_most: int
    cash: int
    cash_most: int
    full_cash: int
    least: int
    least_cash: int
    gate: str | None
    available: int | None
    picture: str | None
    value: int | None
    published_at: datetime
    wished: bool

    @property
    def sold_out(self) -> bool:
        """Whether none is left."""
        return self.available == 0


_CARD = len(fields(Card))


@dataclass(frozen=True, slots=True)
class CardPage:
    """One page of a list. `total` is None where there are more than COUNTED. `relaxed`: nothing matched as typed, and
    these come close; `corrected` is then the query with its typing errors put right, if it had any.
    """

    cards: list[Card]
    page: int
    has_next: bool
    total: int | None
    corrected: str | None = None
    relaxed: bool = False


def cards(
    filters: CatalogFilter,
    *,
    locale: str,
    at: datetime,
    page: int = 1,
    per_page: int = 24,
    member_id: int | None = None,
) -> CardPage:
    """A page of live items, names in `locale` (else English). One statement; one more if a search finds nothing."""
    page = min(max(page, 1), MAX_PAGE)
    query = tokens.parse(filters.q)
    unknown = (filters.kind and filters.kind not in KINDS) or (
        filters.category and not sound_slug(filters.category)
    )
    if unknown or (filters.q.strip() and not query):
        return CardPage([], page, False, 0)
    shape, values = _shape(filters, query, member_id, per_page + 1)
    values |= {"at": at, "locale": locale, "skip": (page - 1) * per_page}
    rows: Sequence[Sequence[Any]] = card_reading(shape).rows(values)
    if rows or not query or page > 1:
        return _page(rows, page, per_page)
    loose = tokens.relaxed(filters.q)
    shape, more = _relaxed(shape, loose)
    rows = db.session.execute(card_statement(shape), values | more).all()
    found = _page(rows, page, per_page)
    return replace(found, relaxed=bool(rows), corrected=_corrected(filters.q, loose, rows))


def _bound(points: int) -> int:
    """A bound that the database can compare with: no price is larger."""
    return min(max(points, -1), MAX_PRICE + 1)


def _page(rows: Sequence[Any], page: int, per_page: int) -> CardPage:
    found = [Card(*row[:_CARD]) for row in rows[:per_page]]
    total = rows[0][_CARD] if rows else 0 if page == 1 else None
    return CardPage(found, page, len(rows) > per_page, None if total and total > COUNTED else total)


def _relaxed(shape: Shape, loose: tokens.Query) -> tuple[Shape, dict[str, Any]]:
    pieces = search.expression(shape.dialect, loose).split(tokens.HOLE)
    forgiven = [term for term in loose.terms if term.typos]
    values: dict[str, Any] = {f"piece{i}": piece for i, piece in enumerate(pieces)}
    for i, term in enumerate(forgiven):
        values |= {f"typos{i}": term.typos, f"typed{i}": term.word}
    return replace(shape, holes=len(forgiven)), values


def _corrected(text: str, loose: tokens.Query, rows: Sequence[Any]) -> str | None:
    """The query with each unknown word replaced by the known one nearest to it; None if that changes nothing."""
    if not rows:
        return None
    forgiven = [term.word for term in loose.terms if term.typos]
    nearest = dict(zip(forgiven, rows[0][_CARD + 1 :], strict=True))
    typed = tokens.runs(text[: tokens.MAX_QUERY])
    better = [nearest.get(run) or run for run in typed]
    return " ".join(better) if better != typed else None


def _shape(
    filters: CatalogFilter, query: tokens.Query, member_id: int | None, n: int
) -> tuple[Shape, dict[str, Any]]:
    sort = filters.sort if filters.sort in SORTS else ""
    shape = Shape(
        dialect=search.dialect(),
        n=n,
        search=bool(query),
        category=bool(filters.category),
        kind=bool(filters.kind),
        low=filters.min is not None,
        high=filters.max is not None,
        sort=sort or ("" if query else "newest"),
        member=member_id is not None,
        stocked=filters.affordable_with is not None,
        reach=filters.affordable_with is not None,
        tier=bool(filters.tier),
    )
    values: dict[str, Any] = {}
    if query:
        values["head"], values["best"], values["rest"] = search.tiers(shape.dialect, query)
    if filters.category:
        values["category"] = filters.category
    if filters.kind:
        values["kind"] = filters.kind
    if filters.min is not None:
        values["low"] = _bound(filters.min)
    if filters.max is not None:
        values["high"] = _bound(filters.max)
    if filters.affordable_with is not None:
        values["reach"] = _bound(filters.affordable_with)
    if filters.tier:
        values["only"] = filters.tier
    values["member"] = member_id or 0
    return shape, values

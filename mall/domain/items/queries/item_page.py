"""The page of one item."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.db import UtcDateTime, db
from mall.core.money import rates
from mall.domain.items import offered
from mall.domain.items.models import Category, Item, Picture, Variant, Wish
from mall.domain.items.offered import Offered
from mall.domain.items.queries.categories import SHELF_NAME, CategoryRow, with_shelf_names
from mall.domain.items.queries.parts import (
    MEMBER,
    NAME,
    OPTIONS,
    SUMMARY,
    AnySelect,
    English,
    Theirs,
    with_options,
    with_texts,
)
from mall.domain.items.rules import pick, sound_slug
from mall.domain.items.showing import headline, instants
from mall.domain.items.stock_models import Stock
from mall.domain.items.ways import Mix, Offer, Standing, Way, ways


@dataclass(frozen=True, slots=True)
class PictureRow:
    """A picture: `key` names its files, `width` and `height` those of the largest, `alt` its words."""

    key: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True, slots=True)
class GatedWay:
    """A way to pay that is open to other tiers only; `tier` is the lowest of them, `way` as it would pay."""

    tier: str
    way: Way


@dataclass(frozen=True, slots=True)
class VariantRow:
    """A variant on its item's page, as who looks can have it; `available` None = unlimited.

    `ways` side by side, `gated` those of other tiers. `way` and `mix` are the price that stands for it (None: it cannot
    be had now), and `next` what that will be from `next_at` on, where it is about to change or to begin.
    """

    variant_id: int
    sku: str
    options: str
    available: int | None
    ways: tuple[Way, ...] = ()
    gated: tuple[GatedWay, ...] = ()
    way: Way | None = None
    mix: Mix | None = None
    next: Mix | None = None
    next_at: datetime | None = None

    @property
    def sold_out(self) -> bool:
        """Whether none is left."""
        return self.available == 0


@dataclass(frozen=True, slots=True)
class ItemPage:
    """A live item with all that its page shows to a `standing`. `html` is sanitised; `value` in minor units."""

    item_id: int
    slug: str
    name: str
    summary: str
    html: str
    kind: str
    status: str
    category: CategoryRow
    value: int | None
    version: int
    published_at: datetime | None
    wished: bool
    standing: Standing
    variants: list[VariantRow] = field(default_factory=list)
    pictures: list[PictureRow] = field(default_factory=list)

    @property
    def mix(self) -> Mix | None:
        """The lowest price of its variants; None if none can be had now."""
        return min((v.mix for v in self.variants if v.mix), key=_by_points, default=None)

    @property
    def mix_most(self) -> Mix | None:
        """The highest price of its variants."""
        return max((v.mix for v in self.variants if v.mix), key=_by_points, default=None)

    @property
    def available(self) -> int | None:
        """How many are left of all variants; None = unlimited."""
        left = [v.available for v in self.variants]
        return None if None in left else sum(n for n in left if n is not None)


def _by_points(mix: Mix) -> tuple[int, int]:
    return mix.points, mix.cash


def item_page(
    slug: str, *, locale: str, at: datetime, member_id: int | None = None, drafts: bool = False
) -> ItemPage | None:
    """The live item of that address (with `drafts`, any item: for staff's preview), or None. One statement."""
    if not sound_slug(slug):
        return None
    values = {"slug": slug, "locale": locale, "member": member_id or 0, "at": at}
    rows = db.session.execute(_PAGE, values).all()
    head = next((row for row in rows if row.part == _ITEM_PART), None)
    if head is None or (head.s6 != "live" and not drafts):
        return None
    found = offered.read(row[_COLUMNS:] for row in rows if row.part == _OFFER_PART)
    offers = found.by_item.get(head.id, [])
    page = ItemPage(
        head.id, head.s1, head.s2, head.s3, head.s4, head.s5, head.s6,
        CategoryRow(head.n1, head.s7, head.s8, head.s9), head.n2, head.n3, head.d, bool(head.n4), found.standing,
    )  # fmt: skip
    for row in rows:
        if row.part == _VARIANT_PART:
            here = VariantRow(row.id, row.s1, row.s2, row.n1)
            page.variants.append(_priced(here, offers, found, at))
        elif row.part == _PICTURE_PART:
            page.pictures.append(PictureRow(row.s1, row.n1, row.n2, pick(json.loads(row.s2), locale)))
    return page


def _priced(row: VariantRow, offers: list[Offer], seen: Offered, at: datetime) -> VariantRow:
    """The variant with its ways to pay for who looks, and those of the other steps."""
    least, standing = rates().min_cash, seen.standing
    found = ways(row.variant_id, offers, standing, at)
    way, mix = headline(found, least=least) or (None, None)
    gated: dict[int, GatedWay] = {}
    for step in seen.ladder:
        for other in ways(row.variant_id, offers, step, at):
            if other.restricted and all(other.offer_id != mine.offer_id for mine in found):
                gated.setdefault(other.offer_id, GatedWay(step.tier, other))
    after, when = None, None
    for moment in instants(offers, at):
        later = headline(ways(row.variant_id, offers, standing, moment), least=least)
        if later is not None and later[1] != mix:
            after, when = later[1], moment
            break
    return replace(
        row, ways=tuple(found), gated=tuple(gated.values()), way=way, mix=mix, next=after, next_at=when
    )


_HTML = sa.func.coalesce(sa.func.nullif(Theirs.html, ""), English.html)
_ITEM_PART, _VARIANT_PART, _PICTURE_PART, _OFFER_PART = 0, 1, 2, 3
_TEXTS, _NUMBERS = 9, 4


def _part(
    number: int,
    place: Any,
    key: Any,
    texts: Sequence[Any],
    numbers: Sequence[Any],
    moment: Any = None,
) -> AnySelect:
    """A part of the page's statement: all have the same columns, so that one round trip brings them all."""
    text, number_ = sa.Text(), sa.BigInteger()
    words = [*texts, *[None] * (_TEXTS - len(texts))]
    counts = [*numbers, *[None] * (_NUMBERS - len(numbers))]
    return sa.select(
        sa.literal_column(str(number)).label("part"),
        sa.cast(place, number_).label("place"),
        sa.cast(key, number_).label("id"),
        *(sa.cast(_or_null(column), text).label(f"s{i}") for i, column in enumerate(words, 1)),
        *(sa.cast(_or_null(column), number_).label(f"n{i}") for i, column in enumerate(counts, 1)),
        sa.type_coerce(_or_null(moment), UtcDateTime()).label("d"),
    )


def _or_null(column: Any) -> Any:
    return sa.null() if column is None else column


_ONE = Item.slug == bindparam("slug", type_=sa.String())
_WISHED = sa.exists(sa.select(Wish.item_id).where(Wish.item_id == Item.id, Wish.member_id == MEMBER))

_HEAD = with_shelf_names(
    with_texts(
        _part(
            _ITEM_PART, 0, Item.id,
            (Item.slug, NAME, SUMMARY, _HTML, Item.kind, Item.status, Category.slug, SHELF_NAME, Category.colour),
            (Category.id, Item.value, Item.version, sa.case((_WISHED, 1), else_=0)), Item.published_at,
        ).select_from(Item).join(Category, Category.id == Item.category_id)
    )
).where(_ONE)  # fmt: skip

_VARIANTS = with_options(
    _part(_VARIANT_PART, Variant.position, Variant.id, (Variant.sku, OPTIONS), (Stock.available,))
    .select_from(Item)
    .join(Variant, sa.and_(Variant.item_id == Item.id, Variant.active))
    .join(Stock, Stock.variant_id == Variant.id)
).where(_ONE)

_PICTURES = (
    _part(
        _PICTURE_PART,
        Picture.position,
        Picture.id,
        (Picture.key, Picture.alts),
        (Picture.width, Picture.height),
    )
    .select_from(Item)
    .join(Picture, Picture.item_id == Item.id)
    .where(_ONE)
)

_ANCHOR = _part(_OFFER_PART, 0, Item.id, (), ()).select_from(Item).where(_ONE)

_ALL = sa.union_all(_HEAD, _VARIANTS, _PICTURES, _ANCHOR).subquery("page")
_OFFERS = offered.rows("slug")
#: Columns of a part; then come the offers, once, beside a row of their own.
_COLUMNS = len(_ALL.c)
_PAGE = (
    sa.select(_ALL, _OFFERS)
    .outerjoin(_OFFERS, _ALL.c.part == _OFFER_PART)
    .order_by(_ALL.c.part, _ALL.c.place, _ALL.c.id)
)

"""Items for tests: `make_item(points=1200, stock=3)` makes a live item with one variant; all inside transaction()."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

import sqlalchemy as sa

from mall.core.actor import SYSTEM
from mall.core.db import db
from mall.domain.items import service
from mall.domain.items.models import Category, Item, Variant

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
NO_LIMITS = service.Limits()
_numbers = count(1)


@dataclass(frozen=True)
class Made:
    """What was made: the item, its variants in order, and its offer's id."""

    item: Item
    variants: list[Variant]
    offer_id: int

    @property
    def item_id(self) -> int:
        return self.item.id

    @property
    def variant_id(self) -> int:
        """Of the first variant."""
        return self.variants[0].id


def make_category(slug: str = "audio", *, name: str = "Audio") -> Category:
    """The category of that slug, made if there is none."""
    found = db.session.scalar(sa.select(Category).where(Category.slug == slug))
    return found or service.create_category(slug, names={"en": name, "zh-Hans": "影音", "zh-Hant": "影音"})


def make_item(
    name: str = "Headphones",
    *,
    points: int | None = 1_000,
    stock: int | Sequence[int | None] | None = 10,
    slug: str | None = None,
    sku: str | None = None,
    kind: str = "goods",
    category: str = "audio",
    texts: dict[str, service.Text] | None = None,
    limits: service.Limits = NO_LIMITS,
    value: int | None = None,
    live: bool = True,
    at: datetime = LONG_AGO,
) -> Made:
    """A live item with a price since `at` (LONG_AGO), and a variant for each number in `stock` (None = unlimited)."""
    number = next(_numbers)
    item = service.create_item(
        slug or f"item-{number}",
        kind=kind,
        category_id=make_category(category).id,
        texts={"en": service.Text(name), **(texts or {})},
        value=value,
        points=points,
        limits=limits,
        actor=SYSTEM,
        at=at,
    )
    counts = stock if isinstance(stock, Sequence) else [stock]
    variants = [
        service.add_variant(
            item.id,
            sku=(sku or f"SKU-{number}") + (f"-{place}" if place else ""),
            options={"en": f"Kind: {place + 1}"} if len(counts) > 1 else {},
            stock_count=left,
            actor=SYSTEM,
            at=at,
        )
        for place, left in enumerate(counts)
    ]
    if live:
        service.publish(item.id, at=at)
    return Made(item, variants, service.offers(item.id)[0].id)

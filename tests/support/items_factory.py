"""Items for tests: `make_item(points=1200, stock=3)` makes a live item with one variant; all inside transaction()."""

from collections.abc import Collection, Sequence
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


def add_way(
    item_id: int,
    kind: str,
    *,
    tiers: Collection[str] = (),
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    variant_id: int | None = None,
    limits: service.Limits | None = None,
    tier_discount: str = "cash",
    position: int = 0,
    at: datetime = LONG_AGO,
    **price: int | None,
) -> int:
    """One more way to pay for an item, priced since `at`; returns the offer's id."""
    offer = service.add_offer(
        item_id,
        kind=kind,
        variant_id=variant_id,
        limits=limits,
        audience=service.Audience(frozenset(tiers), starts_at, ends_at),
        tier_discount=tier_discount,
        position=position,
        at=at,
    )
    service.set_price(offer.id, starts_at=at, actor=SYSTEM, at=at, **price)  # type: ignore[arg-type]
    return offer.id


def make_item(
    name: str = "Headphones",
    *,
    points: int | None = 1_000,
    cash: int = 0,
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
    """A live item with a price since `at` (LONG_AGO), and a variant for each number in `stock` (None = unlimited).

    With `cash` (minor units) its price is in points and cash, or without points in cash alone; tiers get no discount.
    """
    number = next(_numbers)
    item = service.create_item(
        slug or f"item-{number}",
        kind=kind,
        category_id=make_category(category).id,
        texts={"en": service.Text(name), **(texts or {})},
        value=value,
        points=None if cash else points,
        limits=limits,
        actor=SYSTEM,
        at=at,
    )
    if cash:
        service.edit_offer(service.offers(item.id)[0].id, active=False, at=at)
        add_way(
            item.id,
            "combo" if points else "cash",
            points=points or 0,
            cash=cash,
            limits=limits,
            tier_discount="none",
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

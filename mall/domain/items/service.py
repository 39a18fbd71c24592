"""The verbs that fill the shop: categories, items, variants; what is shown to members and what no longer is.

Each keeps the listing and the search index in step, in the caller's transaction. Categories: categories.py;
variants: variants.py; prices: pricing.py; stock: stock.py; pictures: pictures.py.
"""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from mall.core.actor import Actor
from mall.core.db import db
from mall.core.errors import BadValue
from mall.core.ids import ItemId
from mall.domain.items import errors
from mall.domain.items.categories import create_category, edit_category
from mall.domain.items.models import (
    Category,
    Item,
    ItemText,
    Picture,
    Variant,
    Wish,
)
from mall.domain.items.offered import of_items
from mall.domain.items.offers import (
    Audience,
    add_offer,
    check_price,
    edit_offer,
    offers,
    place_offer,
    set_price,
    withdraw_price,
)
from mall.domain.items.price_models import Offer
from mall.domain.items.rules import (
    KINDS,
    LOCALES,
    Text,
    sound_slug,
)
from mall.domain.items.texts import render
from mall.domain.items.upkeep import batched, changed
from mall.domain.items.variants import add_variant, edit_variant, get_variant
from mall.domain.items.ways import Limits
from mall.domain.items.words import fits, put, sound_value

__all__ = [
    "Audience", "Category", "Item", "Limits", "Offer", "Picture", "Text", "Variant", "Wish", "add_offer", "add_variant", "batched",
    "check_price", "create_category", "create_item", "edit_category", "edit_item", "edit_offer", "edit_variant", "get_item",
    "get_variant", "offers", "place_offer", "publish", "retire", "set_price", "withdraw", "withdraw_price",
]  # fmt: skip


def create_item(
    slug: str,
    *,
    kind: str,
    category_id: int,
    texts: Mapping[str, Text],
    value: int | None = None,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    points: int | None = None,
    actor: Actor,
    in_points: bool = True,
    at: datetime,
) -> Item:
    """A new item, a draft, with one points offer, unless not `in_points` (and its price from now on, if `points` are given).

    `texts` by locale; `value` is the retail value in minor units. Raises BadSlug, AlreadyTaken, NeedsName, TooLong,
    BadValue.
    """
    if not sound_slug(slug):
        raise errors.BadSlug(value=slug[:40])
    if kind not in KINDS:
        raise BadValue(value=kind[:40])
    if db.session.scalar(sa.select(Item.id).where(Item.slug == slug)):
        raise errors.AlreadyTaken(value=slug)
    item = Item(
        slug=slug, kind=kind, category_id=category_id, created_at=at, updated_at=at, value=sound_value(value)
    )
    db.session.add(item)
    _put_texts(item, texts)
    db.session.flush()
    offer = add_offer(item.id, limits=limits, at=at) if in_points else None
    if offer is not None and points is not None:
        set_price(offer.id, points=points, starts_at=at, actor=actor, at=at)
    changed(item, at=at, words=True)
    return item


def edit_item(
    item_id: ItemId | int,
    *,
    slug: str | None = None,
    kind: str | None = None,
    category_id: int | None = None,
    texts: Mapping[str, Text] | None = None,
    value: int | None = None,
    no_value: bool = False,
    at: datetime,
) -> Item:
    """Change what is given and leave the rest; `texts` replaces the languages it names (an empty name removes one).

    `no_value` takes the retail value away. Raises NoSuchItem, BadSlug, AlreadyTaken, NeedsName, TooLong, BadValue.
    """
    item = get_item(item_id)
    if slug is not None and slug != item.slug:
        if not sound_slug(slug):
            raise errors.BadSlug(value=slug[:40])
        if db.session.scalar(sa.select(Item.id).where(Item.slug == slug)):
            raise errors.AlreadyTaken(value=slug)
        item.slug = slug
    if kind is not None:
        if kind not in KINDS:
            raise BadValue(value=kind[:40])
        item.kind = kind
    if category_id is not None:
        item.category_id = category_id
    if no_value or value is not None:
        item.value = None if no_value else sound_value(value)
    if texts is not None:
        _put_texts(item, texts)
    changed(item, at=at, words=True)
    return item


def publish(item_id: ItemId | int, *, at: datetime) -> Item:
    """Show an item to members. Raises NoSuchItem, NeedsName, NeedsVariant, NeedsPrice."""
    item = get_item(item_id)
    if "en" not in item.texts:
        raise errors.NeedsName
    if not any(variant.active for variant in item.variants):
        raise errors.NeedsVariant
    if not of_items([item.id], at=at).get(item.id):
        raise errors.NeedsPrice
    item.status, item.published_at = "live", item.published_at or at
    changed(item, at=at)
    return item


def withdraw(item_id: ItemId | int, *, at: datetime) -> Item:
    """Make an item a draft again: members no longer see it; orders keep it. Raises NoSuchItem."""
    return _set_status(item_id, "draft", at)


def retire(item_id: ItemId | int, *, at: datetime) -> Item:
    """Take an item out of the mall for good; staff still find it. Raises NoSuchItem."""
    return _set_status(item_id, "retired", at)


def get_item(item_id: ItemId | int) -> Item:
    """The item. Raises NoSuchItem."""
    item = db.session.get(Item, item_id)
    if item is None:
        raise errors.NoSuchItem
    return item


def _set_status(item_id: ItemId | int, status: str, at: datetime) -> Item:
    item = get_item(item_id)
    item.status = status
    changed(item, at=at)
    return item


def _put_texts(item: Item, texts: Mapping[str, Text]) -> None:
    for locale, text in texts.items():
        if locale not in LOCALES:
            raise BadValue(value=locale)
        fits(text.summary, 300)
        fits(text.description, 20_000)
        if put(item.texts, locale, text.name.strip(), ItemText, "name", 120):
            row = item.texts[locale]
            row.summary, row.description = text.summary.strip(), text.description.strip()
            row.html = render(row.description)
    if "en" not in item.texts:
        raise errors.NeedsName

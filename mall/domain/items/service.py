"""The verbs that fill the shop: categories, items, variants; what is shown to members and what no longer is.

Each keeps the listing and the search index in step, in the caller's transaction. Prices: pricing.py; stock:
stock.py; pictures: pictures.py.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from mall.core.actor import Actor
from mall.core.db import db
from mall.core.errors import BadValue
from mall.core.ids import ItemId
from mall.domain.items import errors, stock
from mall.domain.items.listing import schedules
from mall.domain.items.models import (
    Category,
    CategoryText,
    Item,
    ItemText,
    Picture,
    Variant,
    VariantText,
    Wish,
)
from mall.domain.items.price_models import Offer
from mall.domain.items.pricing import add_offer, edit_offer, offers, set_price, withdraw_price
from mall.domain.items.rules import (
    COLOUR,
    KINDS,
    LOCALES,
    MAX_PRICE,
    Limits,
    Text,
    sound_colour,
    sound_sku,
    sound_slug,
)
from mall.domain.items.texts import render
from mall.domain.items.upkeep import batched, changed

__all__ = [
    "Category", "Item", "Limits", "Offer", "Picture", "Text", "Variant", "Wish", "add_offer", "add_variant", "batched",
    "create_category", "create_item", "edit_category", "edit_item", "edit_offer", "edit_variant", "get_item",
    "get_variant", "offers", "publish", "retire", "set_price", "withdraw", "withdraw_price",
]  # fmt: skip


def create_category(
    slug: str, *, names: Mapping[str, str], position: int = 0, colour: str = COLOUR
) -> Category:
    """A new category; `names` by locale. Raises BadSlug, AlreadyTaken, NeedsName, BadValue."""
    if not sound_slug(slug):
        raise errors.BadSlug(value=slug[:40])
    if db.session.scalar(sa.select(Category.id).where(Category.slug == slug)):
        raise errors.AlreadyTaken(value=slug)
    category = Category(slug=slug)
    db.session.add(category)
    edit_category(category, names=names, position=position, colour=colour)
    return category


def edit_category(category: Category, *, names: Mapping[str, str], position: int, colour: str) -> None:
    """Rename, move or recolour a category. Raises NeedsName, TooLong, BadValue."""
    if not names.get("en"):
        raise errors.NeedsName
    if not sound_colour(colour):
        raise BadValue(value=colour[:40])
    category.position, category.colour = position, colour.lower()
    for locale in LOCALES:
        _put(category.texts, locale, names.get(locale, ""), CategoryText, "name", 80)
    db.session.flush()


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
    at: datetime,
) -> Item:
    """A new item, a draft, with one points offer (and its price from now on, if `points` are given).

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
        slug=slug, kind=kind, category_id=category_id, created_at=at, updated_at=at, value=_value(value)
    )
    db.session.add(item)
    _put_texts(item, texts)
    db.session.flush()
    offer = add_offer(item.id, limits=limits, at=at)
    if points is not None:
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
        item.value = None if no_value else _value(value)
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
    if not any(schedule.versions for schedule in schedules([item.id])[item.id]):
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


def add_variant(
    item_id: ItemId | int,
    *,
    sku: str,
    options: Mapping[str, str] | None = None,
    stock_count: int | None = 0,
    value: int | None = None,
    position: int | None = None,
    actor: Actor,
    at: datetime,
) -> Variant:
    """A new variant with its opening stock (None = unlimited) and, where it differs from the item's, its retail value.

    Raises NoSuchItem, BadSku, AlreadyTaken, TooLong, BadValue."""
    item = get_item(item_id)
    _free_sku(sku)
    place = len(item.variants) if position is None else position
    variant = Variant(
        item_id=item.id, sku=sku, position=place, created_at=at, value=_value(value), active=True
    )
    db.session.add(variant)
    for locale, words in (options or {}).items():
        _put(variant.texts, locale, words, VariantText, "options", 200)
    db.session.flush()
    db.session.expire(item, ["variants"])
    stock.open_stock(variant.id, stock_count, actor=actor, at=at)
    changed(item, at=at, words=True)
    return variant


def edit_variant(
    variant_id: int,
    *,
    sku: str | None = None,
    options: Mapping[str, str] | None = None,
    value: int | None = None,
    no_value: bool = False,
    position: int | None = None,
    active: bool | None = None,
    at: datetime,
) -> Variant:
    """Change what is given and leave the rest. Raises NoSuchItem, BadSku, AlreadyTaken, TooLong, NeedsVariant."""
    variant = get_variant(variant_id)
    item = get_item(variant.item_id)
    if sku is not None and sku != variant.sku:
        _free_sku(sku)
        variant.sku = sku
    for locale, words in (options or {}).items():
        _put(variant.texts, locale, words, VariantText, "options", 200)
    if position is not None:
        variant.position = position
    if active is not None:
        variant.active = active
    if no_value or value is not None:
        variant.value = None if no_value else _value(value)
    if item.status == "live" and not any(other.active for other in item.variants):
        raise errors.NeedsVariant
    changed(item, at=at, words=True)
    return variant


def get_item(item_id: ItemId | int) -> Item:
    """The item. Raises NoSuchItem."""
    item = db.session.get(Item, item_id)
    if item is None:
        raise errors.NoSuchItem
    return item


def get_variant(variant_id: int) -> Variant:
    """The variant. Raises NoSuchItem."""
    variant = db.session.get(Variant, variant_id)
    if variant is None:
        raise errors.NoSuchItem
    return variant


def _set_status(item_id: ItemId | int, status: str, at: datetime) -> Item:
    item = get_item(item_id)
    item.status = status
    changed(item, at=at)
    return item


def _value(value: int | None) -> int | None:
    if value is not None and not 0 <= value <= MAX_PRICE:
        raise BadValue(value=value)
    return value


def _free_sku(sku: str) -> None:
    if not sound_sku(sku):
        raise errors.BadSku(value=sku[:40])
    if db.session.scalar(sa.select(Variant.id).where(Variant.sku == sku)):
        raise errors.AlreadyTaken(value=sku)


def _put_texts(item: Item, texts: Mapping[str, Text]) -> None:
    for locale, text in texts.items():
        if locale not in LOCALES:
            raise BadValue(value=locale)
        _fits(text.summary, 300)
        _fits(text.description, 20_000)
        if _put(item.texts, locale, text.name.strip(), ItemText, "name", 120):
            row = item.texts[locale]
            row.summary, row.description = text.summary.strip(), text.description.strip()
            row.html = render(row.description)
    if "en" not in item.texts:
        raise errors.NeedsName


def _put(rows: dict[str, Any], locale: str, words: str, model: type, column: str, most: int) -> bool:
    """Store words in one language, or drop the language if there are none; whether there are."""
    if locale not in LOCALES:
        raise BadValue(value=locale[:40])
    words = words.strip()
    _fits(words, most)
    if not words:
        rows.pop(locale, None)
        return False
    if locale not in rows:
        rows[locale] = model(locale=locale)
    setattr(rows[locale], column, words)
    return True


def _fits(words: str, most: int) -> None:
    if len(words) > most:
        raise errors.TooLong(value=words[:40], most=most)

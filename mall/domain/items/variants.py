"""Forms of an item: sizes, colours; each with its SKU and its stock."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from mall.core.actor import Actor
from mall.core.db import db
from mall.core.ids import ItemId
from mall.domain.items import errors, stock
from mall.domain.items.models import Item, Variant, VariantText
from mall.domain.items.rules import sound_sku
from mall.domain.items.upkeep import changed
from mall.domain.items.words import put, sound_value


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
    item = _item(item_id)
    _free_sku(sku)
    place = len(item.variants) if position is None else position
    variant = Variant(
        item_id=item.id, sku=sku, position=place, created_at=at, value=sound_value(value), active=True
    )
    db.session.add(variant)
    for locale, words in (options or {}).items():
        put(variant.texts, locale, words, VariantText, "options", 200)
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
    item = _item(variant.item_id)
    if sku is not None and sku != variant.sku:
        _free_sku(sku)
        variant.sku = sku
    for locale, words in (options or {}).items():
        put(variant.texts, locale, words, VariantText, "options", 200)
    if position is not None:
        variant.position = position
    if active is not None:
        variant.active = active
    if no_value or value is not None:
        variant.value = None if no_value else sound_value(value)
    if item.status == "live" and not any(other.active for other in item.variants):
        raise errors.NeedsVariant
    changed(item, at=at, words=True)
    return variant


def get_variant(variant_id: int) -> Variant:
    """The variant. Raises NoSuchItem."""
    variant = db.session.get(Variant, variant_id)
    if variant is None:
        raise errors.NoSuchItem
    return variant


def _item(item_id: ItemId | int) -> Item:
    item = db.session.get(Item, item_id)
    if item is None:
        raise errors.NoSuchItem
    return item


def _free_sku(sku: str) -> None:
    if not sound_sku(sku):
        raise errors.BadSku(value=sku[:40])
    if db.session.scalar(sa.select(Variant.id).where(Variant.sku == sku)):
        raise errors.AlreadyTaken(value=sku)

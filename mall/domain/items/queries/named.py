"""Names of what other pages only know by its key: items, variants, categories."""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from mall.core.db import db
from mall.domain.items.models import CategoryText, Item, Variant
from mall.domain.items.queries.parts import NAME, with_texts


@dataclass(frozen=True, slots=True)
class Named:
    """An item's id and its name in the reader's language."""

    item_id: int
    name: str


_ITEM = with_texts(sa.select(Item.id, sa.func.coalesce(NAME, Item.slug)).select_from(Item))


def item_names(ids: Iterable[int], *, locale: str) -> dict[int, str]:
    """Names of items by id."""
    wanted = _ITEM.where(Item.id.in_(set(ids)))
    return {row[0]: row[1] for row in db.session.execute(wanted, {"locale": locale})}


def items_of_skus(skus: Iterable[str], *, locale: str) -> dict[str, Named]:
    """The item that each SKU is a variant of."""
    wanted = (
        _ITEM.join(Variant, Variant.item_id == Item.id)
        .add_columns(Variant.sku)
        .where(Variant.sku.in_(set(skus)))
    )
    return {sku: Named(item, name) for item, name, sku in db.session.execute(wanted, {"locale": locale})}


def category_names(*, locale: str) -> dict[int, str]:
    """Names of all categories by id, in English where there is none in the language."""
    known: dict[int, str] = {}
    rows = sa.select(CategoryText.category_id, CategoryText.name, CategoryText.locale)
    for category, name, language in db.session.execute(rows.where(CategoryText.locale.in_({locale, "en"}))):
        if language == locale or category not in known:
            known[category] = name
    return known

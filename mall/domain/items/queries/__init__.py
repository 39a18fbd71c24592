"""Reads for pages: light rows, one statement each. Members: cards.py, item_page.py, prices.py; staff: staff.py."""

from mall.domain.items.queries.cards import Card, CardPage, CatalogFilter, cards
from mall.domain.items.queries.checks import stock_violations
from mall.domain.items.queries.item_page import (
    CategoryRow,
    ItemPage,
    PictureRow,
    VariantRow,
    categories,
    item_page,
)
from mall.domain.items.queries.prices import PricedVariant, priced_variants, variant_titles

__all__ = [
    "Card", "CardPage", "CatalogFilter", "CategoryRow", "ItemPage", "PictureRow", "PricedVariant", "VariantRow",
    "cards", "categories", "item_page", "priced_variants", "stock_violations", "variant_titles",
]  # fmt: skip

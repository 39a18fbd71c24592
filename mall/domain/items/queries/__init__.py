"""Reads for pages: light rows, one statement each. Members: cards.py, item_page.py, prices.py; staff: staff.py,
staff_item.py. checks.py: invariant 7."""

from mall.domain.items.queries.cards import Card, CardPage, CatalogFilter, cards
from mall.domain.items.queries.categories import CategoryRow, categories
from mall.domain.items.queries.checks import stock_violations
from mall.domain.items.queries.item_page import (
    GatedWay,
    ItemPage,
    PictureRow,
    VariantRow,
    item_page,
)
from mall.domain.items.queries.prices import Priced, PricedVariant, priced, priced_variants, variant_titles
from mall.domain.items.queries.staff import StaffFilter, StaffItemPage, StaffItemRow, staff_items
from mall.domain.items.queries.staff_item import (
    PriceVersion,
    StaffItem,
    StaffOffer,
    StaffVariant,
    staff_item,
)
from mall.domain.items.queries.stock_journal import StockMoveRow, stock_journal

__all__ = [
    "Card", "CardPage", "CatalogFilter", "CategoryRow", "GatedWay", "ItemPage", "PictureRow", "PriceVersion",
    "Priced", "PricedVariant", "StaffFilter", "StaffItem", "StaffItemPage", "StaffItemRow", "StaffOffer", "StaffVariant",
    "StockMoveRow", "VariantRow", "cards", "categories", "item_page", "priced", "priced_variants",
    "staff_item", "staff_items", "stock_journal", "stock_violations", "variant_titles",
]  # fmt: skip

"""The columns of an items file: what every row says, and what the first row of an item says for all of them."""

from mall.domain.items.import_ways import WAY_COLUMNS
from mall.domain.items.rules import LOCALES

REQUIRED = ("slug", "kind", "category", "sku", "points", "name_en")
SUFFIX = {locale: locale.lower().replace("-", "_") for locale in LOCALES}
UNLIMITED = ("unlimited", "∞", "不限", "无限", "無限")

LENGTHS = {"name": 120, "summary": 300, "description": 20_000}
LIMITS = ("limit_per_order", "limit_per_day", "limit_ever")
SHARED = (
    "kind",
    "category",
    "status",
    *LIMITS,
    *WAY_COLUMNS,
    *(f"{w}_{s}" for w in LENGTHS for s in SUFFIX.values()),
)
_OWN = ("slug", "sku", "points", "stock", "value", "pictures", *(f"options_{s}" for s in SUFFIX.values()))
COLUMNS = frozenset((*_OWN, *SHARED))

"""The shelves of the mall, as pages name them."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from mall.core.db import db
from mall.domain.items.models import Category, CategoryText
from mall.domain.items.queries.parts import LOCALE


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """A category as pages name it."""

    id: int
    slug: str
    name: str
    colour: str


_TheirShelf, _EnglishShelf = aliased(CategoryText), aliased(CategoryText)
#: A category's name in the reader's language, else in English.
SHELF_NAME = sa.func.coalesce(_TheirShelf.name, _EnglishShelf.name)


def with_shelf_names(joined: Any) -> Any:
    """The statement with SHELF_NAME to choose from."""
    return joined.outerjoin(
        _TheirShelf, sa.and_(_TheirShelf.category_id == Category.id, _TheirShelf.locale == LOCALE)
    ).outerjoin(
        _EnglishShelf, sa.and_(_EnglishShelf.category_id == Category.id, _EnglishShelf.locale == "en")
    )


_CATEGORIES = with_shelf_names(
    sa.select(Category.id, Category.slug, SHELF_NAME, Category.colour).select_from(Category)
).order_by(Category.position, Category.id)


def categories(locale: str) -> list[CategoryRow]:
    """All categories in their order, names in `locale` (else English)."""
    return [CategoryRow(*row) for row in db.session.execute(_CATEGORIES, {"locale": locale})]

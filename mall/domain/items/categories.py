"""The shelves of the mall: made, renamed, moved."""

from collections.abc import Mapping

import sqlalchemy as sa

from mall.core.db import db
from mall.core.errors import BadValue
from mall.domain.items import errors
from mall.domain.items.models import Category, CategoryText
from mall.domain.items.rules import COLOUR, LOCALES, sound_colour, sound_slug
from mall.domain.items.words import put


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
        put(category.texts, locale, names.get(locale, ""), CategoryText, "name", 80)
    db.session.flush()

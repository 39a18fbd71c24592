"""What a thing was called when it was ordered, in every language: orders keep it, whatever the item becomes."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.db import db
from mall.domain.items.models import ItemText, Variant, VariantText

#: Names by language tag, and what sets the variant apart by language tag.
Titles = tuple[dict[str, str], dict[str, str]]

_TITLES = (
    sa.select(Variant.id, ItemText.locale, ItemText.name, VariantText.options)
    .join(ItemText, ItemText.item_id == Variant.item_id)
    .outerjoin(
        VariantText, sa.and_(VariantText.variant_id == Variant.id, VariantText.locale == ItemText.locale)
    )
    .where(Variant.id.in_(bindparam("ids", expanding=True)))
)


def of_variants(variant_ids: Sequence[int]) -> dict[int, Titles]:
    """Names and options of these variants, in one statement."""
    found: dict[int, Titles] = {variant: ({}, {}) for variant in variant_ids}
    for variant, locale, name, options in db.session.execute(_TITLES, {"ids": sorted(found)}):
        found[variant][0][locale] = name
        if options:
            found[variant][1][locale] = options
    return found

"""Pieces that several statements share: texts with their fallback, stock left, the price in force."""

from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.orm import aliased

from mall.core.db import UtcDateTime
from mall.domain.items.audience import code_of
from mall.domain.items.models import Item, ItemText, Picture, Variant, VariantText
from mall.domain.items.price_models import Listing, Offer, OfferPrice
from mall.domain.items.stock_models import Stock

#: A select of whatever columns.
AnySelect = sa.Select[*tuple[Any, ...]]
Statement = TypeVar("Statement", bound=AnySelect)

AT: sa.BindParameter[Any] = bindparam("at", type_=UtcDateTime())
LOCALE: sa.BindParameter[str] = bindparam("locale", type_=sa.String())
MEMBER: sa.BindParameter[int] = bindparam("member", type_=sa.BigInteger())


def unseen(value: sa.BindParameter[Any]) -> sa.ScalarSelect[Any]:
    """A value behind a SELECT, where PostgreSQL's planner cannot look.

    It keeps the plan of a prepared statement only if knowing the values would not make a better one. For a page of
    cards it believes so of the instant and of the page's number, is wrong, and plans anew each time: four fifths of
    what the statement costs.
    """
    return sa.select(value).scalar_subquery()


_NOW = unseen(AT)
#: What a listing row must be for who looks: of their tier, and of this instant.
SEEN = (Listing.tier == code_of(MEMBER), Listing.since <= _NOW, Listing.until > _NOW)


def shown(row: Any) -> tuple[Any, ...]:
    """What of a listing row a card tells, in the order of Card's fields."""
    in_cash = row.way == "cash"
    return (
        row.way, sa.case((in_cash, 0), else_=row.points), sa.case((in_cash, 0), else_=row.points_most), row.cash,
        row.cash_most, row.full_cash, row.least, row.least_cash, row.gate,
    )  # fmt: skip


#: The words in the reader's language, and in English to fall back on.
Theirs, English = aliased(ItemText), aliased(ItemText)
TheirOptions, EnglishOptions = aliased(VariantText), aliased(VariantText)

NAME = sa.func.coalesce(Theirs.name, English.name)
SUMMARY = sa.func.coalesce(sa.func.nullif(Theirs.summary, ""), English.summary)
OPTIONS = sa.func.coalesce(TheirOptions.options, EnglishOptions.options, "")


def with_texts(joined: Statement, item_id: Any = Item.id) -> Statement:
    """Join the item's texts in the reader's language and in English."""
    return joined.outerjoin(Theirs, sa.and_(Theirs.item_id == item_id, Theirs.locale == LOCALE)).outerjoin(
        English, sa.and_(English.item_id == item_id, English.locale == "en")
    )


def with_options(joined: Statement) -> Statement:
    """Join the variant's options in the reader's language and in English."""
    return joined.outerjoin(
        TheirOptions, sa.and_(TheirOptions.variant_id == Variant.id, TheirOptions.locale == LOCALE)
    ).outerjoin(
        EnglishOptions, sa.and_(EnglishOptions.variant_id == Variant.id, EnglishOptions.locale == "en")
    )


# Inner tables have names of their own: the outer statement may read the same tables.
_variant, _stock, _picture = aliased(Variant), aliased(Stock), aliased(Picture)
_offer, _price = aliased(Offer), aliased(OfferPrice)


def stock_left(item_id: Any) -> sa.ScalarSelect[int | None]:
    """How many of an item's active variants are left; null = unlimited, 0 = none (also without variants)."""
    counted = sa.func.count(_stock.available)
    return (
        sa.select(
            sa.case(
                (sa.func.count(_stock.variant_id) > counted, sa.null()),
                else_=sa.cast(sa.func.coalesce(sa.func.sum(_stock.available), 0), sa.BigInteger),
            )
        )
        .join(_variant, _variant.id == _stock.variant_id)
        .where(_variant.item_id == item_id, _variant.active)
        .scalar_subquery()
    )


def in_stock(item_id: Any) -> sa.ColumnElement[bool]:
    """That at least one active variant of an item is left: that it can be redeemed at all."""
    left = (
        sa.select(Stock.variant_id)
        .join(Variant, Variant.id == Stock.variant_id)
        .where(
            Variant.item_id == item_id, Variant.active, sa.or_(Stock.available.is_(None), Stock.available > 0)
        )
    )
    return sa.exists(left)


def price_in_force(item_id: Any, variant_id: Any, at: Any) -> sa.ScalarSelect[int]:
    """The id of the price version that a variant is first offered by, to whatever tier, for the staff's lists."""
    return (
        sa.select(_price.id)
        .join(_offer, _offer.id == _price.offer_id)
        .where(
            _offer.item_id == item_id,
            _offer.active,
            sa.or_(_offer.starts_at.is_(None), _offer.starts_at <= at),
            sa.or_(_offer.ends_at.is_(None), _offer.ends_at > at),
            sa.or_(_offer.variant_id == variant_id, _offer.variant_id.is_(None)),
            _price.starts_at <= at,
        )
        .order_by(_offer.variant_id.is_(None), _offer.position, _offer.id, _price.starts_at.desc())
        .limit(1)
        .scalar_subquery()
    )


def cover(item_id: Any) -> sa.ScalarSelect[str]:
    """The key of an item's first picture."""
    return (
        sa.select(_picture.key)
        .where(_picture.item_id == item_id)
        .order_by(_picture.position, _picture.id)
        .limit(1)
        .scalar_subquery()
    )

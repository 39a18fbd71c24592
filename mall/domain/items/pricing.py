"""Offers and their prices: set for an instant, never edited, withdrawn only before they start."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from mall.core.actor import Actor
from mall.core.db import db
from mall.core.errors import BadValue
from mall.domain.items import errors
from mall.domain.items.models import Item, Variant
from mall.domain.items.price_models import Offer, OfferPrice
from mall.domain.items.rules import MAX_PRICE, Limits
from mall.domain.items.upkeep import changed


def offers(item_id: int) -> Sequence[Offer]:
    """All offers of an item, those in use first, by position."""
    return db.session.scalars(
        sa.select(Offer)
        .where(Offer.item_id == item_id)
        .order_by(Offer.active.desc(), Offer.position, Offer.id)
    ).all()


def add_offer(
    item_id: int,
    *,
    variant_id: int | None = None,
    limits: Limits | None = None,
    position: int = 0,
    at: datetime,
) -> Offer:
    """A points offer, without a price yet; for all variants of the item, or for one.

    Where nothing is said of limits, a variant's offer takes those of the item: another price is no way around them.
    Raises BadValue, NoSuchItem.
    """
    if variant_id is not None:
        variant = db.session.get(Variant, variant_id)
        if variant is None or variant.item_id != item_id:
            raise errors.NoSuchItem
        limits = limits or _general_limits(item_id)
    offer = Offer(item_id=item_id, variant_id=variant_id, position=position, created_at=at, active=True)
    _limit(offer, limits or Limits())
    db.session.add(offer)
    db.session.flush()
    return offer


def edit_offer(
    offer_id: int, *, limits: Limits | None = None, active: bool | None = None, at: datetime
) -> Offer:
    """Change an offer's limits, or take it out of use. Raises NoSuchItem, BadValue, NeedsPrice.

    Limits of the item's offer hold for its variants' offers too, except for those that were given others.
    """
    offer = get_offer(offer_id)
    if limits is not None:
        before = _limits(offer)
        _limit(offer, limits)
        if offer.variant_id is None:
            for other in offers(offer.item_id):
                if other.variant_id is not None and _limits(other) == before:
                    _limit(other, limits)
    if active is not None:
        offer.active = active
    _changed(offer, at)
    return offer


def set_price(
    offer_id: int, *, points: int, starts_at: datetime, actor: Actor, at: datetime, cash: int = 0
) -> OfferPrice:
    """A new version of the price of one unit (points; cash in minor units), in force from `starts_at`.

    Raises NoSuchItem, BadValue (not 1 to 10¹⁰), PriceInThePast, SamePriceStart.
    """
    offer = get_offer(offer_id)
    if not (0 <= points <= MAX_PRICE and 0 <= cash <= MAX_PRICE and points + cash > 0):
        raise BadValue(value=points)
    if starts_at < at:
        raise errors.PriceInThePast
    taken = sa.select(OfferPrice.id).where(OfferPrice.offer_id == offer.id, OfferPrice.starts_at == starts_at)
    if db.session.scalar(taken):
        raise errors.SamePriceStart
    price = OfferPrice(
        offer_id=offer.id, points=points, cash=cash, starts_at=starts_at, created_at=at, created_by=actor.id
    )
    db.session.add(price)
    _changed(offer, at)
    return price


def withdraw_price(price_id: int, *, at: datetime) -> None:
    """Take back a version that has not started. Raises NoSuchItem, PriceStands."""
    price = db.session.get(OfferPrice, price_id)
    if price is None:
        raise errors.NoSuchItem
    if price.starts_at <= at:
        raise errors.PriceStands
    offer = get_offer(price.offer_id)
    db.session.delete(price)
    _changed(offer, at)


def get_offer(offer_id: int) -> Offer:
    """The offer. Raises NoSuchItem."""
    offer = db.session.get(Offer, offer_id)
    if offer is None:
        raise errors.NoSuchItem
    return offer


def _limits(offer: Offer) -> Limits:
    return Limits(offer.limit_per_order, offer.limit_per_day, offer.limit_ever)


def _general_limits(item_id: int) -> Limits:
    found = (_limits(offer) for offer in offers(item_id) if offer.active and offer.variant_id is None)
    return next(found, Limits())


def _limit(offer: Offer, limits: Limits) -> None:
    for number in (limits.per_order, limits.per_day, limits.ever):
        if number is not None and not 0 < number <= MAX_PRICE:
            raise BadValue(value=number)
    offer.limit_per_order, offer.limit_per_day, offer.limit_ever = (
        limits.per_order,
        limits.per_day,
        limits.ever,
    )


def _changed(offer: Offer, at: datetime) -> None:
    changed(db.session.get_one(Item, offer.item_id), at=at)

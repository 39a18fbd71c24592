"""Offers and their prices: set for an instant, never edited, withdrawn only before they start."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa

from mall.core.actor import Actor
from mall.core.db import db
from mall.core.errors import BadValue
from mall.core.money import Amount, rates
from mall.domain.items import errors
from mall.domain.items.audience import ladder
from mall.domain.items.models import Item, Variant
from mall.domain.items.price_models import Offer, OfferPrice, OfferTier
from mall.domain.items.rules import MAX_PRICE, OFFER_KINDS, TIER_DISCOUNTS
from mall.domain.items.upkeep import changed
from mall.domain.items.ways import Limits, Price, unsound


@dataclass(frozen=True, slots=True)
class Audience:
    """Who can have an offer and when: tier codes (none = everyone), first instant, first instant after; None = always."""

    tiers: frozenset[str] = frozenset()
    starts_at: datetime | None = None
    ends_at: datetime | None = None


#: Open to all, always.
EVERYONE = Audience()


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
    kind: str = "points",
    variant_id: int | None = None,
    limits: Limits | None = None,
    audience: Audience = EVERYONE,
    tier_discount: str = "cash",
    position: int = 0,
    at: datetime,
) -> Offer:
    """A way to pay (one of OFFER_KINDS), without a price yet; for all variants of the item, or for one.

    Where nothing is said of limits, a variant's offer takes those of the item: another price is no way around them.
    Raises BadValue, NoSuchItem, UnknownTier, BadWindow.
    """
    if kind not in OFFER_KINDS:
        raise BadValue(value=kind[:40])
    if variant_id is not None:
        variant = db.session.get(Variant, variant_id)
        if variant is None or variant.item_id != item_id:
            raise errors.NoSuchItem
        limits = limits or _general_limits(item_id)
    offer = Offer(
        item_id=item_id, variant_id=variant_id, kind=kind, position=position, created_at=at, active=True
    )
    _limit(offer, limits or Limits())
    _open_to(offer, audience)
    _discount(offer, tier_discount)
    db.session.add(offer)
    db.session.flush()
    return offer


def edit_offer(
    offer_id: int,
    *,
    limits: Limits | None = None,
    audience: Audience | None = None,
    tier_discount: str | None = None,
    active: bool | None = None,
    at: datetime,
) -> Offer:
    """Change an offer's limits, audience or discount, or take it out of use; its kind stays.

    Limits of the item's offer hold for its variants' offers too, except for those that were given others. Raises
    NoSuchItem, BadValue, UnknownTier, BadWindow.
    """
    offer = get_offer(offer_id)
    if limits is not None:
        before = _limits(offer)
        _limit(offer, limits)
        if offer.variant_id is None:
            for other in offers(offer.item_id):
                if other.variant_id is not None and _limits(other) == before:
                    _limit(other, limits)
    if audience is not None:
        _open_to(offer, audience)
    if tier_discount is not None:
        _discount(offer, tier_discount)
    if active is not None:
        offer.active = active
    _changed(offer, at)
    return offer


def place_offer(offer_id: int, place: int, *, at: datetime) -> None:
    """Put an offer in use at this place (0 = first) among those beside it: of the item, or of the same variant.

    Raises NoSuchItem, BadValue if there is no such place.
    """
    offer = get_offer(offer_id)
    beside = [one for one in offers(offer.item_id) if one.active and one.variant_id == offer.variant_id]
    if offer not in beside or not 0 <= place < len(beside):
        raise BadValue(value=place)
    beside.remove(offer)
    beside.insert(place, offer)
    for position, one in enumerate(beside):
        one.position = position
    _changed(offer, at)


def set_price(
    offer_id: int,
    *,
    points: int = 0,
    cash: int = 0,
    min_points: int = 0,
    max_points: int | None = None,
    max_share: int | None = None,
    starts_at: datetime,
    actor: Actor,
    at: datetime,
) -> OfferPrice:
    """A new version of the price of one unit (points; cash in minor units), in force from `starts_at`.

    What the numbers mean follows from the offer's kind (see OfferPrice). Raises NoSuchItem, BadPrice (naming the number
    that cannot be), PriceInThePast, SamePriceStart.
    """
    offer = get_offer(offer_id)
    price = Price(points, cash, min_points, max_points, max_share)
    check_price(offer.kind, price)
    if starts_at < at:
        raise errors.PriceInThePast
    taken = sa.select(OfferPrice.id).where(OfferPrice.offer_id == offer.id, OfferPrice.starts_at == starts_at)
    if db.session.scalar(taken):
        raise errors.SamePriceStart
    version = OfferPrice(
        offer_id=offer.id, starts_at=starts_at, created_at=at, created_by=actor.id, **asdict(price)
    )
    db.session.add(version)
    _changed(offer, at)
    return version


def check_price(kind: str, price: Price) -> None:
    """Whether an offer of that kind can have this price. Raises BadPrice, of the number that cannot be."""
    worth = rates()
    wrong = unsound(kind, price, least=worth.min_cash, most=MAX_PRICE)
    if wrong is None:
        return
    if wrong == "cash" and 0 < price.cash < worth.min_cash:
        raise errors.TooLittleCash(least=Amount(0, worth.min_cash, worth.currency))
    low = max(price.min_points, 1)
    if wrong == "max_points" and kind == "range" and low <= price.points:
        raise errors.MostPointsOutside(low=low, high=price.points)
    raise errors.BAD_PRICE[wrong](value=getattr(price, wrong), most=MAX_PRICE)


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


def _open_to(offer: Offer, audience: Audience) -> None:
    if audience.starts_at and audience.ends_at and audience.starts_at >= audience.ends_at:
        raise errors.BadWindow
    unknown = audience.tiers - {standing.tier for standing in ladder()} if audience.tiers else None
    if unknown:
        raise errors.UnknownTier(value=min(unknown)[:20])
    offer.starts_at, offer.ends_at = audience.starts_at, audience.ends_at
    kept = {row.tier: row for row in offer.tiers}
    offer.tiers = [kept.get(tier) or OfferTier(tier=tier) for tier in sorted(audience.tiers)]


def _discount(offer: Offer, tier_discount: str) -> None:
    if tier_discount not in TIER_DISCOUNTS:
        raise BadValue(value=tier_discount[:40])
    offer.tier_discount = tier_discount


def _changed(offer: Offer, at: datetime) -> None:
    changed(db.session.get_one(Item, offer.item_id), at=at)

"""Quotes: what a basket costs, stored, so that ten minutes later it still costs that."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core import ids
from mall.core.db import db
from mall.core.ids import MemberId, VariantId
from mall.domain.items import queries as items
from mall.domain.orders import basket, rules, titles
from mall.domain.orders.errors import BasketEmpty, BasketNotReady, NotOffered, PriceChanged, QuoteGone
from mall.domain.orders.models import basket_line_table, quote_line_table, quote_table
from mall.domain.orders.queries import spoken

_BASKET = (
    sa.select(basket_line_table.c.variant_id, basket_line_table.c.quantity)
    .where(basket_line_table.c.basket_id == bindparam("basket"))
    .order_by(basket_line_table.c.id)
)
_OLD = sa.select(quote_table.c.basket_id).where(
    quote_table.c.id == bindparam("quote"), quote_table.c.member_id == bindparam("member")
)
_LINES = (
    sa.select(quote_line_table)
    .where(quote_line_table.c.quote_id == bindparam("quote"))
    .order_by(quote_line_table.c.position)
)
_REPRICE_LINE = (
    sa.update(quote_line_table)
    .where(
        quote_line_table.c.quote_id == bindparam("quote"), quote_line_table.c.position == bindparam("place")
    )
    .values(
        offer_id=bindparam("offer"),
        price_id=bindparam("version"),
        points_each=bindparam("each"),
        cash_each=bindparam("cash_of_one"),
        points=bindparam("each") * quote_line_table.c.quantity,
        cash=bindparam("cash_of_one") * quote_line_table.c.quantity,
    )
)
_REPRICE = (
    sa.update(quote_table)
    .where(quote_table.c.id == bindparam("quote"))
    .values(points=bindparam("sum"), cash=bindparam("sum_cash"))
)


@dataclass(frozen=True, slots=True)
class Quote:
    """A stored quote: points and minor units due, and until when the price holds."""

    id: str
    points: int
    cash: int
    needs_address: bool
    valid_until: datetime


def make_quote(
    *, member: MemberId, at: datetime, lines: Sequence[tuple[VariantId, int]] | None = None
) -> Quote:
    """Price the member's basket (or `lines`: variant and quantity) as it stands at `at`; holds for QUOTE_LIFE.

    Raises BasketEmpty; BasketNotReady where a line is sold out, too many, over the limit or no longer offered.
    """
    basket_id = None
    if lines is None:
        basket_id = basket.find(basket.Owner(member=member))
        rows = db.session.execute(_BASKET, {"basket": basket_id}).all() if basket_id else []
        lines = [(row.variant_id, row.quantity) for row in rows]
    if not lines:
        raise BasketEmpty
    return _quoted(member, basket_id, lines, at)


def refresh(quote_id: str, *, agreed_points: int, agreed_cash: int, at: datetime, locale: str) -> None:
    """Bring a lapsed quote to today's prices, if they are no higher than what was agreed.

    `locale` is for the name in a refusal. Raises PriceChanged (`was`, `now`) where they are, NotOffered where an item has no price any more.
    """
    lines = db.session.execute(_LINES, {"quote": quote_id}).all()
    found = items.priced_variants([line.variant_id for line in lines], locale="en", at=at)
    offers = []
    for line in lines:
        offer = _offer(found.get(line.variant_id))
        if offer is None:
            raise NotOffered(name=spoken(line.name, locale))
        offers.append(offer)
    now = rules.price(
        [
            rules.Wanted(offer.points, line.quantity, offer.cash)
            for offer, line in zip(offers, lines, strict=True)
        ]
    )
    if now.points > agreed_points or now.cash > agreed_cash:
        raise PriceChanged(was=agreed_points, now=now.points)
    for offer, line in zip(offers, lines, strict=True):
        values = {
            "offer": offer.id,
            "version": offer.price_id,
            "each": offer.points,
            "cash_of_one": offer.cash,
        }
        db.session.execute(_REPRICE_LINE, {"quote": quote_id, "place": line.position, **values})
    db.session.execute(_REPRICE, {"quote": quote_id, "sum": now.points, "sum_cash": now.cash})


def requote(quote_id: str, *, member: MemberId, at: datetime) -> Quote:
    """A new quote of the same things at today's prices. Raises QuoteGone, BasketNotReady."""
    old = db.session.execute(_OLD, {"quote": quote_id, "member": member}).one_or_none()
    if old is None:
        raise QuoteGone
    rows = db.session.execute(_LINES, {"quote": quote_id}).all()
    return _quoted(member, old.basket_id, [(row.variant_id, row.quantity) for row in rows], at)


@dataclass(frozen=True, slots=True)
class _Offer:
    """The offer of a variant that can be redeemed: points and minor units of one unit."""

    id: int
    price_id: int
    points: int
    cash: int


def _offer(found: items.PricedVariant | None) -> _Offer | None:
    """What can be redeemed."""
    if found is None or found.status != "live":
        return None
    if found.offer_id is None or found.price_id is None or found.points is None:
        return None
    return _Offer(found.offer_id, found.price_id, found.points, found.cash or 0)


def _quoted(
    member: MemberId, basket_id: int | None, lines: Sequence[tuple[VariantId, int]], at: datetime
) -> Quote:
    found = items.priced_variants([variant for variant, _ in lines], locale="en", at=at)
    offers = []
    for variant, quantity in lines:
        offer = _offer(found.get(variant))
        if offer is None or _blocked(found[variant], offer, quantity):
            raise BasketNotReady
        offers.append(offer)
    priced = rules.price(
        [
            rules.Wanted(offer.points, quantity, offer.cash)
            for offer, (_, quantity) in zip(offers, lines, strict=True)
        ]
    )
    quote = Quote(
        id=ids.token(),
        points=priced.points,
        cash=priced.cash,
        needs_address=any(found[variant].kind == "goods" for variant, _ in lines),
        valid_until=at + rules.QUOTE_LIFE,
    )
    db.session.execute(
        sa.insert(quote_table),
        {**asdict(quote), "member_id": member, "basket_id": basket_id, "created_at": at},
    )
    words = titles.of_variants([variant for variant, _ in lines])
    rows = [
        _row(quote.id, place, quantity, found[variant], offer, *words[variant])
        for place, (offer, (variant, quantity)) in enumerate(zip(offers, lines, strict=True), 1)
    ]
    db.session.execute(sa.insert(quote_line_table), rows)
    return quote


def _blocked(found: items.PricedVariant, offer: _Offer, quantity: int) -> bool:
    problem = rules.problem(
        points=offer.points,
        available=found.available,
        limit_per_order=found.limit_per_order,
        quantity=quantity,
        points_seen=offer.points,
    )
    return problem is not None


def _row(
    quote_id: str,
    position: int,
    quantity: int,
    found: items.PricedVariant,
    offer: _Offer,
    names: dict[str, str],
    options: dict[str, str],
) -> dict[str, Any]:
    return {
        "quote_id": quote_id,
        "position": position,
        "variant_id": found.variant_id,
        "offer_id": offer.id,
        "price_id": offer.price_id,
        "quantity": quantity,
        "points_each": offer.points,
        "cash_each": offer.cash,
        "points": offer.points * quantity,
        "cash": offer.cash * quantity,
        "kind": found.kind,
        "slug": found.slug,
        "sku": found.sku,
        "name": names,
        "options": options,
        "picture": found.picture,
    }

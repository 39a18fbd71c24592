"""Quotes: what a basket costs, stored, so that ten minutes later it still costs that."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core import ids
from mall.core.db import db
from mall.core.ids import MemberId, VariantId
from mall.domain.items import queries as items
from mall.domain.orders import basket, rules
from mall.domain.orders.errors import BasketEmpty, BasketNotReady, NotOffered, PriceChanged
from mall.domain.orders.models import basket_line_table, quote_line_table, quote_table

_BASKET = (
    sa.select(basket_line_table.c.variant_id, basket_line_table.c.quantity)
    .where(basket_line_table.c.basket_id == bindparam("basket"))
    .order_by(basket_line_table.c.id)
)
_LINES = sa.select(quote_line_table).where(quote_line_table.c.quote_id == bindparam("quote"))
_REPRICE_LINE = (
    sa.update(quote_line_table)
    .where(
        quote_line_table.c.quote_id == bindparam("quote"), quote_line_table.c.position == bindparam("place")
    )
    .values(
        offer_id=bindparam("offer"),
        price_id=bindparam("version"),
        points_each=bindparam("points"),
        cash_each=bindparam("cash"),
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
    found = items.priced_variants([variant for variant, _ in lines], locale="en", at=at)
    for variant, quantity in lines:
        offer = found.get(variant)
        if offer is None or _blocked(offer, quantity):
            raise BasketNotReady
    return _store(member, basket_id, lines, found, at)


def refresh(quote_id: str, *, agreed_points: int, agreed_cash: int, at: datetime) -> None:
    """Bring a lapsed quote to today's prices, if they are no higher than what was agreed.

    Raises PriceChanged (`was`, `now`) where they are, NotOffered where an item has no price any more.
    """
    lines = db.session.execute(_LINES, {"quote": quote_id}).all()
    found = items.priced_variants([line.variant_id for line in lines], locale="en", at=at)
    for line in lines:
        offer = found.get(line.variant_id)
        if offer is None or not rules.offered(offer.status, offer.points):
            raise NotOffered(name=line.name["en"])
    now = rules.price(
        [
            rules.Wanted(found[line.variant_id].points, line.quantity, found[line.variant_id].cash)
            for line in lines
        ]
    )
    if now.points > agreed_points or now.cash > agreed_cash:
        raise PriceChanged(was=agreed_points, now=now.points)
    for line in lines:
        offer = found[line.variant_id]
        db.session.execute(
            _REPRICE_LINE,
            {
                "quote": quote_id,
                "place": line.position,
                "offer": offer.offer_id,
                "version": offer.price_id,
                "points": offer.points,
                "cash": offer.cash,
            },
        )
    db.session.execute(_REPRICE, {"quote": quote_id, "sum": now.points, "sum_cash": now.cash})


def _blocked(offer: items.PricedVariant, quantity: int) -> bool:
    found = rules.problem(
        status=offer.status,
        points=offer.points,
        available=offer.available,
        limit_per_order=offer.limit_per_order,
        quantity=quantity,
        points_seen=offer.points or 0,
    )
    return found is not None and found.blocks


def _store(
    member: MemberId,
    basket_id: int | None,
    lines: Sequence[tuple[VariantId, int]],
    found: dict[VariantId, items.PricedVariant],
    at: datetime,
) -> Quote:
    priced = rules.price(
        [rules.Wanted(found[variant].points, quantity, found[variant].cash) for variant, quantity in lines]
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
        {
            "id": quote.id,
            "member_id": member,
            "basket_id": basket_id,
            "points": quote.points,
            "cash": quote.cash,
            "needs_address": quote.needs_address,
            "created_at": at,
            "valid_until": quote.valid_until,
        },
    )
    titles = items.variant_titles([variant for variant, _ in lines])
    rows: list[dict[str, Any]] = []
    for position, (variant, quantity) in enumerate(lines, 1):
        offer = found[variant]
        names, options = titles[variant]
        rows.append(
            {
                "quote_id": quote.id,
                "position": position,
                "variant_id": variant,
                "offer_id": offer.offer_id,
                "price_id": offer.price_id,
                "quantity": quantity,
                "points_each": offer.points,
                "cash_each": offer.cash,
                "kind": offer.kind,
                "slug": offer.slug,
                "sku": offer.sku,
                "name": names,
                "options": options,
                "picture": offer.picture,
            }
        )
    db.session.execute(sa.insert(quote_line_table), rows)
    return quote

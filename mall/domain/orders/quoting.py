"""Quotes: what a basket costs, stored, so that ten minutes later it still costs that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core import ids
from mall.core.db import db
from mall.core.ids import MemberId, VariantId
from mall.core.money import Rates, rates
from mall.domain.items import queries as items
from mall.domain.items.queries import PricedVariant
from mall.domain.items.ways import Standing
from mall.domain.ledger import service as ledger
from mall.domain.members.models import Address
from mall.domain.orders import basket, fees, pricing, quote_rows, rules
from mall.domain.orders.errors import (
    BasketEmpty,
    BasketNotReady,
    NotDelivered,
    QuoteGone,
)
from mall.domain.orders.models import basket_line_table, basket_table
from mall.domain.orders.pricing import Line, Priced
from mall.domain.orders.quote_rows import Held


class Ask(NamedTuple):
    """What is wanted: how many of a variant; by which offer (None: the usual), and how many points go into one unit
    where that can be chosen (None: as many as may be)."""

    variant_id: VariantId
    quantity: int
    offer_id: int | None = None
    points_each: int | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """A stored quote: points and minor units due, delivery in them, and until when the price holds."""

    id: str
    points: int
    cash: int
    needs_address: bool
    valid_until: datetime


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a member chooses of a quote: how and where to it goes, points as money off, and by line position the points
    of one unit. None, or no entry: as the quote has it."""

    delivery: fees.Way | None = None
    points_off: int | None = None
    points_each: Mapping[int, int] = field(default_factory=dict)


#: All as the quote has it.
AS_IT_IS = Chosen()

_line = basket_line_table.c
_BASKET = (
    sa.select(_line.variant_id, _line.quantity, _line.offer_id, _line.points_each, basket_table.c.points_off)
    .join_from(basket_line_table, basket_table)
    .where(basket_table.c.id == bindparam("basket"))
    .order_by(_line.id)
)
_HOME = (
    sa.select(Address.country, Address.region)
    .where(Address.member_id == bindparam("member"), Address.deleted_at.is_(None))
    .order_by(Address.is_default.desc(), Address.id.desc())
    .limit(1)
)


def make_quote(
    *, member: MemberId, at: datetime, lines: Sequence[Ask] | None = None, points_off: int = 0
) -> Quote:
    """Price the member's basket (or `lines`, with `points_off` of points as money off) at `at`; holds for QUOTE_LIFE.

    Delivery is priced by the first method to the member's usual address until another is chosen (`choose`). Raises
    BasketEmpty; BasketNotReady where a line is sold out, too many, over the limit or no longer offered.
    """
    basket_id = None
    if lines is None:
        basket_id = basket.find(basket.Owner(member=member))
        rows = db.session.execute(_BASKET, {"basket": basket_id}).all() if basket_id else []
        lines = [Ask(*row[:4]) for row in rows]
        points_off = rows[0].points_off or 0 if rows else 0
    if not lines:
        raise BasketEmpty
    return _quoted(member, basket_id, lines, points_off, None, at)


def choose(quote_id: str, chosen: Chosen, *, member: MemberId, at: datetime) -> Quote:
    """Another delivery or mix, at the prices that the quote holds. The member's account is locked first, as by
    `service.place`: an order that is being made of the quote must not find one price in its head and another in its lines.

    Raises QuoteGone (also if it has become an order or its time is up), NotDelivered.
    """
    ledger.lock([member])
    old = quote_rows.held(quote_id, member=member)
    if old is None or at > old.row.valid_until or old.row.number is not None:
        raise QuoteGone
    priced, way = held_price(old, chosen), chosen.delivery or old.way
    quote_rows.reprice(old, priced, old.lines, standing=old.standing, rates=old.rates, way=way)
    return Quote(quote_id, priced.points, priced.cash, old.row.needs_address, old.row.valid_until)


def requote(quote_id: str, chosen: Chosen = AS_IT_IS, *, member: MemberId, at: datetime) -> Quote:
    """A new quote of the same things at today's prices, by the same mix or another. Raises QuoteGone, BasketNotReady."""
    old = quote_rows.held(quote_id, member=member)
    if old is None:
        raise QuoteGone
    return anew(old, asks(old, chosen), chosen, member=member, at=at)


def anew(old: Held, wanted: Sequence[Ask], chosen: Chosen, *, member: MemberId, at: datetime) -> Quote:
    """A new quote of what is `wanted`, in the place of an old one: points as money off and delivery are those chosen, or
    the old one's. Raises BasketNotReady."""
    return _quoted(member, old.row.basket_id, wanted, _off(old, chosen), chosen.delivery or old.way, at)


def asks(old: Held, chosen: Chosen = AS_IT_IS) -> list[Ask]:
    """What a quote was asked for, by the same mix or another."""
    return [
        Ask(row.variant_id, row.quantity, row.offer_id, line.points_each)
        for row, line in zip(old.rows, _mixed(old, chosen), strict=True)
    ]


def held_price(old: Held, chosen: Chosen) -> Priced:
    """What a quote's lines come to by what is chosen, at the prices that it holds. Raises NotDelivered."""
    way, needs_address = chosen.delivery or old.way, old.row.needs_address
    lines, off = _mixed(old, chosen), _off(old, chosen)
    return price(lines, off, way, old.standing, old.rates, needs_address=needs_address)


def _mixed(old: Held, chosen: Chosen) -> list[Line]:
    """A quote's lines, by other points of one unit where they can be chosen."""
    return [
        replace(line, points_each=chosen.points_each.get(place, line.points_each))
        if line.way.kind == "range"
        else line
        for place, line in enumerate(old.lines, 1)
    ]


def _off(old: Held, chosen: Chosen) -> int:
    off: int = old.row.points_off if chosen.points_off is None else chosen.points_off
    return off


def price(
    lines: Sequence[Line],
    points_off: int,
    way: fees.Way,
    standing: Standing,
    worth: Rates,
    *,
    needs_address: bool,
) -> Priced:
    """Lines with their delivery. Raises NotDelivered."""
    goods = pricing.price(lines, rates=worth, points_off=points_off, tier=standing.tier)
    if not needs_address or way.method is None:
        return goods
    fee = fees.fee(way, goods, tier=standing.tier, rates=worth)
    why = "" if fee.why == "none" else fee.why
    return pricing.price(
        lines, rates=worth, points_off=points_off, fee=fee.amount, why_fee=why, tier=standing.tier
    )


def _quoted(
    member: MemberId,
    basket_id: int | None,
    asks: Sequence[Ask],
    points_off: int,
    delivery: fees.Way | None,
    at: datetime,
) -> Quote:
    found = items.priced([ask.variant_id for ask in asks], member=member, locale="en", at=at)
    lines = [_wanted(ask, found.variants.get(ask.variant_id)) for ask in asks]
    needs_address = any(variant.kind == "goods" for _, variant in lines)
    way = delivery or (_usual(member) if needs_address else fees.Way())
    worth = rates()
    only = [line for line, _ in lines]
    try:
        priced = price(only, points_off, way, found.standing, worth, needs_address=needs_address)
    except NotDelivered:  # the checkout offers other methods and addresses
        way = fees.Way()
        priced = price(only, points_off, way, found.standing, worth, needs_address=needs_address)
    quote = Quote(ids.token(), priced.points, priced.cash, needs_address, at + rules.QUOTE_LIFE)
    quote_rows.insert(
        quote.id, priced, lines, standing=found.standing, rates=worth, way=way,
        head={"member_id": member, "basket_id": basket_id, "created_at": at},
        valid_until=quote.valid_until, needs_address=needs_address,
    )  # fmt: skip
    return quote


def _wanted(ask: Ask, found: PricedVariant | None) -> tuple[Line, PricedVariant]:
    """What is asked for as a line to price: by the usual offer where the one chosen has ended. Raises BasketNotReady."""
    way = (found.by(ask.offer_id) or found.way) if found is not None else None
    if found is None or way is None:
        raise BasketNotReady
    problem = rules.problem(
        price=rules.NOTHING,
        seen=rules.NOTHING,
        available=found.available,
        limit_per_order=way.limits.per_order,
        quantity=ask.quantity,
    )
    if problem is not None:
        raise BasketNotReady
    return Line(way, ask.quantity, ask.points_each), found


def _usual(member: MemberId) -> fees.Way:
    """The first method, to the member's usual address."""
    home = db.session.execute(_HOME, {"member": member}).first()
    return fees.Way(fees.first_method(), {"country": home.country, "region": home.region} if home else None)

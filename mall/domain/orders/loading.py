"""What placing an order must know, read in one statement."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.db import UtcDateTime, write_connection
from mall.domain.items.audience import TIER, code_of
from mall.domain.items.models import Item, Variant
from mall.domain.items.price_models import Offer, OfferTier
from mall.domain.orders import agreeing, fees
from mall.domain.orders.agreeing import Said
from mall.domain.orders.errors import AlreadyPlaced, NotOffered
from mall.domain.orders.models import (
    delivery_method_table,
    delivery_rate_table,
    order_table,
    quote_line_table,
    quote_table,
)
from mall.domain.orders.queries import Row, spoken
from mall.domain.orders.regions import place_of

AT: sa.BindParameter[Any] = bindparam("at", type_=UtcDateTime())

_by_key = order_table.alias("by_key")
_by_quote = order_table.alias("by_quote")
_tier_then = TIER.alias("tier_then")
_prior = [
    _by_key.c[name].label(f"prior_{name}")
    for name in ("id", "number", "state", "points", "cash", "request_hash")
]

#: What the order keeps of its quote as it stands there.
KEPT: Final = ("points", "cash", "currency", "tier", "delivery_fee", "points_off", "worth_off")

_to = sa.select(OfferTier.tier).where(OfferTier.offer_id == Offer.id)
#: Whether an offer is in use, its window open and the member's tier among those it is for.
_OPEN = sa.and_(
    Offer.active,
    sa.or_(Offer.starts_at.is_(None), Offer.starts_at <= AT),
    sa.or_(Offer.ends_at.is_(None), Offer.ends_at > AT),
    sa.or_(~sa.exists(_to), sa.exists(_to.where(OfferTier.tier == TIER.c.code))),
)
#: Whether the chosen method costs anything anywhere.
_RATED = sa.exists(
    sa.select(delivery_rate_table.c.id).where(
        delivery_rate_table.c.method == bindparam("method"), delivery_rate_table.c.active.is_(sa.true())
    )
)

#: All that placing must know, in one statement: the quote, its lines, whether each is still offered and its offer still
#: open to the member's tier, its limits, the delivery method, and the order that this key or this quote may have become already.
_READ = (
    sa.select(
        *(quote_table.c[name] for name in KEPT),
        quote_table.c.basket_id,
        quote_table.c.needs_address,
        quote_table.c.valid_until,
        quote_line_table.c.position,
        quote_line_table.c.points_each,
        quote_line_table.c.variant_id,
        quote_line_table.c.offer_id,
        quote_line_table.c.quantity,
        quote_line_table.c.kind,
        quote_line_table.c.name,
        sa.and_(Item.status == "live", Variant.active).label("offered"),
        _OPEN.label("open"),
        quote_table.c.tier_discount,
        TIER.c.code.label("tier_now"),
        TIER.c.cash_discount.label("discount_now"),
        TIER.c.free_delivery.label("free_now"),
        _tier_then.c.free_delivery.label("free_then"),
        quote_table.c.delivery_method,
        quote_table.c.delivery_address,
        _RATED.label("rated"),
        Offer.limit_per_order,
        Offer.limit_per_day,
        Offer.limit_ever,
        delivery_method_table.c.kind.label("delivery_kind"),
        delivery_method_table.c.needs_address.label("delivery_needs_address"),
        _by_quote.c.number.label("placed_as"),
        *_prior,
    )
    .select_from(quote_table)
    .join(quote_line_table, quote_line_table.c.quote_id == quote_table.c.id)
    .join(Variant, Variant.id == quote_line_table.c.variant_id)
    .join(Item, Item.id == Variant.item_id)
    .join(Offer, Offer.id == quote_line_table.c.offer_id)
    .join(TIER, TIER.c.code == code_of(bindparam("member")))
    .outerjoin(_tier_then, _tier_then.c.code == quote_table.c.tier)
    .outerjoin(
        delivery_method_table,
        sa.and_(
            delivery_method_table.c.code == bindparam("method"), delivery_method_table.c.active.is_(sa.true())
        ),
    )
    .outerjoin(_by_quote, _by_quote.c.quote_id == quote_table.c.id)
    .outerjoin(
        _by_key,
        sa.and_(_by_key.c.member_id == quote_table.c.member_id, _by_key.c.key == bindparam("key")),
    )
    .where(quote_table.c.id == bindparam("quote"), quote_table.c.member_id == bindparam("member"))
    .order_by(quote_line_table.c.position)
)
#: The account is locked already; the quote's row too, against whoever would rewrite it without asking for the account.
_LOAD = _READ.with_for_update(of=quote_table)
#: For a request that is repeated long after its quote was swept away.
_BY_KEY = sa.select(*_prior).where(
    _by_key.c.member_id == bindparam("member"), _by_key.c.key == bindparam("key")
)


def load(this: Mapping[str, Any]) -> Sequence[Row]:
    """The quote's rows (`this`: quote, member, method, key, at), each with the order that the key has become already.

    Without the quote, that order alone; nothing if there is neither.
    """
    connection = write_connection()
    return connection.execute(_LOAD, this).all() or connection.execute(_BY_KEY, this).all()


def priced(
    rows: Sequence[Row],
    this: Mapping[str, Any],
    address: Mapping[str, str] | None,
    at: datetime,
    *,
    said: Said,
    locale: str,
) -> Sequence[Row]:
    """The quote's rows, at prices that hold at `at` for a delivery to `address`.

    `said` is what the reader has agreed to; `locale` the language of names in refusals. Raises AlreadyPlaced, PriceChanged, NotOffered, NotDelivered.
    """
    head = rows[0]
    if head.placed_as is not None:
        raise AlreadyPlaced(number=head.placed_as)
    for row in rows:
        if not row.offered:
            raise NotOffered(name=spoken(row.name, locale))
    agreeing.check(this["quote"], said, rows, member=this["member"])
    fresh = at > head.valid_until or _fell(head) or not all(row.open for row in rows)
    if not fresh and not _delivered_otherwise(head, this["method"], address):
        return rows
    delivery = fees.Way(this["method"], address) if head.needs_address else fees.Way()
    agreeing.agree(this["quote"], member=this["member"], delivery=delivery, fresh=fresh, at=at, locale=locale)
    return load(this)


def _fell(head: Row) -> bool:
    """Whether the member's tier has changed to one that gives less: discount, or the chosen method's free delivery."""
    if head.tier == head.tier_now:
        return False
    was_free = head.delivery_kind in (head.free_then or ()) and head.delivery_kind not in head.free_now
    return was_free or head.discount_now < head.tier_discount


def _delivered_otherwise(quote: Row, method: str, address: Mapping[str, str] | None) -> bool:
    """Whether the fee in the quote may not be that of the delivery which was chosen in the end."""
    if not quote.needs_address or not (quote.rated or quote.delivery_fee):
        return False
    return method != quote.delivery_method or place_of(address) != place_of(quote.delivery_address)

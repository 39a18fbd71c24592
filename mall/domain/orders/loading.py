"""What placing an order must know, read in one statement."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.db import write_connection
from mall.domain.items.models import Item, Variant
from mall.domain.items.price_models import Offer
from mall.domain.orders import quoting
from mall.domain.orders.errors import AlreadyPlaced, NotOffered
from mall.domain.orders.models import delivery_method_table, order_table, quote_line_table, quote_table
from mall.domain.orders.queries import Row, spoken

_by_key = order_table.alias("by_key")
_by_quote = order_table.alias("by_quote")
_prior = [
    _by_key.c[name].label(f"prior_{name}")
    for name in ("id", "number", "state", "points", "cash", "request_hash")
]

#: What the order keeps of its quote as it stands there.
KEPT: Final = ("points", "cash", "currency", "tier", "delivery_fee", "points_off", "worth_off")

#: All that placing must know, in one statement: the quote, its lines, whether each is still offered, its limits, the
#: delivery method, and the order that this key or this quote may have become already.
_LOAD = (
    sa.select(
        *(quote_table.c[name] for name in KEPT),
        quote_table.c.basket_id,
        quote_table.c.needs_address,
        quote_table.c.valid_until,
        quote_line_table.c.variant_id,
        quote_line_table.c.offer_id,
        quote_line_table.c.quantity,
        quote_line_table.c.kind,
        quote_line_table.c.name,
        sa.and_(Item.status == "live", Variant.active, Offer.active).label("offered"),
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
#: For a request that is repeated long after its quote was swept away.
_BY_KEY = sa.select(*_prior).where(
    _by_key.c.member_id == bindparam("member"), _by_key.c.key == bindparam("key")
)


def load(this: Mapping[str, Any]) -> Sequence[Row]:
    """The quote's rows (`this`: quote, member, method, key), each with the order that the key has become already.

    Without the quote, that order alone; nothing if there is neither.
    """
    connection = write_connection()
    return connection.execute(_LOAD, this).all() or connection.execute(_BY_KEY, this).all()


def priced(rows: Sequence[Row], this: Mapping[str, Any], at: datetime, *, locale: str) -> Sequence[Row]:
    """The quote's rows, at prices that hold at `at`. Raises AlreadyPlaced, PriceChanged, NotOffered.

    `locale` is the language of names in refusals.
    """
    if rows[0].placed_as is not None:
        raise AlreadyPlaced(number=rows[0].placed_as)
    if at > rows[0].valid_until:
        quoting.refresh(
            this["quote"], agreed_points=rows[0].points, agreed_cash=rows[0].cash, at=at, locale=locale
        )
        rows = load(this)
    for row in rows:
        if not row.offered:
            raise NotOffered(name=spoken(row.name, locale))
    return rows

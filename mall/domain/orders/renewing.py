"""A quote whose time is up, made anew by choices that are made now."""

from collections.abc import Mapping
from datetime import datetime

from mall.core.ids import MemberId
from mall.core.money import Amount
from mall.domain.orders import fees, quote_rows, quoting
from mall.domain.orders.errors import AlreadyPlaced, QuoteGone


def renew(
    quote_id: str,
    *,
    member: MemberId,
    at: datetime,
    delivery: fees.Way | None = None,
    points_off: int | None = None,
    points_each: Mapping[int, int] | None = None,
) -> tuple[Amount, quoting.Quote]:
    """A new quote in the place of one that is over, by the same choices as in `choose`; and what they would have come to
    at the prices that the old one held.

    Raises QuoteGone, AlreadyPlaced (`number`) if it has become an order, BasketNotReady, NotDelivered.
    """
    old = quote_rows.held(quote_id, member=member)
    if old is None:
        raise QuoteGone
    if old.row.number is not None:
        raise AlreadyPlaced(number=old.row.number)
    lines = quoting.mixed(old, points_each or {})
    before = quoting.held_price(old, lines, points_off=points_off, delivery=delivery)
    made = quoting.requote(quote_id, member=member, at=at)
    made = quoting.choose(
        made.id, member=member, at=at, delivery=delivery, points_off=points_off, points_each=points_each
    )
    return Amount(before.points, before.cash, old.row.currency), made

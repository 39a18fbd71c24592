"""A quote whose time is up, made anew by choices that are made now."""

from datetime import datetime

from mall.core.ids import MemberId
from mall.core.money import Amount
from mall.domain.orders import quote_rows, quoting
from mall.domain.orders.errors import AlreadyPlaced, QuoteGone
from mall.domain.orders.quoting import Chosen


def renew(quote_id: str, chosen: Chosen, *, member: MemberId, at: datetime) -> tuple[Amount, quoting.Quote]:
    """A new quote in the place of one that is over, by the same choices as in `choose`; and what they would have come to
    at the prices that the old one held.

    Raises QuoteGone, AlreadyPlaced (`number`) if it has become an order, BasketNotReady, NotDelivered.
    """
    old = quote_rows.held(quote_id, member=member)
    if old is None:
        raise QuoteGone
    if old.row.number is not None:
        raise AlreadyPlaced(number=old.row.number)
    before = quoting.held_price(old, chosen)
    # Whether the points of one unit can be chosen is for today's offers to say, not for those of the old quote.
    wanted = [
        ask._replace(points_each=chosen.points_each.get(place, ask.points_each))
        for place, ask in enumerate(quoting.asks(old), 1)
    ]
    made = quoting.anew(old, wanted, chosen, member=member, at=at)
    return Amount(before.points, before.cash, old.row.currency), made

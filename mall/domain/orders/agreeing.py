"""What a checkout's form says of the price, held against the quote: the reader is asked again where they differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from mall.core.ids import MemberId
from mall.core.money import Amount, Rates, rates
from mall.domain.items import queries as items
from mall.domain.items.ways import Standing
from mall.domain.orders import fees, quote_rows, quoting
from mall.domain.orders.errors import NotOffered, PriceChanged, QuoteGone
from mall.domain.orders.pricing import Line
from mall.domain.orders.queries import Row, spoken
from mall.domain.orders.quote_rows import Held
from mall.domain.orders.quoting import Chosen


@dataclass(frozen=True, slots=True)
class Said:
    """The points and minor units that the form's button named, and the mix in its fields: points as money off, and
    points for one unit by the line's position. None, or no entry: the form does not say."""

    agreed: tuple[int, int] | None = None
    points_off: int | None = None
    points_each: Mapping[int, int] = field(default_factory=dict)

    def chosen(self, delivery: fees.Way | None = None) -> Chosen:
        """The mix, and where to it goes, as `quoting` takes them."""
        return Chosen(delivery, self.points_off, self.points_each)

    def same_mix(self, points_off: int, each: Mapping[int, int]) -> bool:
        """Whether the fields ask for this mix."""
        asked = {place: each.get(place, points) for place, points in self.points_each.items()}
        return self.points_off in (None, points_off) and asked == dict(self.points_each)


def check(quote_id: str, said: Said, rows: Sequence[Row], *, member: MemberId) -> None:
    """Refuse to order at a price that the reader has not been shown. `rows`: the quote's, as `loading` has locked them.

    A look from another tab may have priced the quote anew after the form was shown, and what was typed last may never
    have been priced. Raises PriceChanged (`why`: mix).
    """
    head = rows[0]
    kept = now = (head.points, head.cash)
    if not said.same_mix(head.points_off, {row.position: row.points_each for row in rows}):
        now = _asked_for(quote_id, said, member)
    if kept == now and said.agreed in (None, kept):
        return
    was = kept if said.agreed is None or said.agreed == now else said.agreed
    amounts = [Amount(points, cash, head.currency) for points, cash in (was, now)]
    raise PriceChanged(was=amounts[0], now=amounts[1], why="mix")


def agree(
    quote_id: str, *, member: MemberId, delivery: fees.Way, fresh: bool, at: datetime, locale: str
) -> None:
    """Bring a quote to what it costs now, if that is no more than what was agreed.

    With `fresh`, at today's offers and the member's tier (the quote has lapsed, or the tier or an offer has ended);
    else at the prices that it holds, and only delivery is priced anew. The caller has locked the member's account. `locale` is for
    the name in a refusal. Raises PriceChanged (`was`, `now`: Amounts; `why`: price, tier, offer or delivery), NotOffered, NotDelivered.
    """
    old = quote_rows.held(quote_id, member=member)
    if old is None:
        raise QuoteGone
    lines, standing, worth, why = old.lines, old.standing, old.rates, "delivery"
    if fresh:
        lines, standing, worth, why = _today(old, member, at, locale)
    priced = quoting.price(
        lines, old.row.points_off, delivery, standing, worth, needs_address=old.row.needs_address
    )
    if priced.points > old.row.points or priced.cash > old.row.cash:
        was = Amount(old.row.points, old.row.cash, old.row.currency)
        raise PriceChanged(was=was, now=Amount(priced.points, priced.cash, worth.currency), why=why)
    quote_rows.reprice(old, priced, lines, standing=standing, rates=worth, way=delivery)


def _asked_for(quote_id: str, said: Said, member: MemberId) -> tuple[int, int]:
    """What the mix in the fields comes to, at the prices that the quote holds. Raises NotDelivered."""
    old = quote_rows.held(quote_id, member=member)
    if old is None:
        raise QuoteGone
    priced = quoting.held_price(old, said.chosen())
    return priced.points, priced.cash


def _today(old: Held, member: MemberId, at: datetime, locale: str) -> tuple[list[Line], Standing, Rates, str]:
    """The quote's things at today's offers, and what of them has changed."""
    found = items.priced([row.variant_id for row in old.rows], member=member, locale="en", at=at)
    why = "price" if found.standing.tier == old.standing.tier else "tier"
    lines = []
    for ask, row in zip(quoting.asks(old), old.rows, strict=True):
        variant = found.variants.get(ask.variant_id)
        way = variant.by(ask.offer_id) if variant else None
        if variant is not None and way is None:
            way, why = variant.way, "offer" if why == "price" else why
        if way is None:
            raise NotOffered(name=spoken(row.name, locale))
        lines.append(Line(way, ask.quantity, ask.points_each))
    return lines, found.standing, rates(), why

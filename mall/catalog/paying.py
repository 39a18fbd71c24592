"""The ways to pay for an item as its page shows them: cards side by side, the mix, what is due and what is left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from flask_babel import gettext, ngettext

from mall.catalog import cards
from mall.catalog import item_parts as parts
from mall.core.errors import BadValue
from mall.core.money import Rates, rates
from mall.core.numbers import MAX_AMOUNT, parse_whole
from mall.domain.items.queries import ItemPage, VariantRow
from mall.domain.items.ways import Mix, Way
from mall.domain.orders import pricing
from mall.domain.orders.rules import MAX_QUANTITY
from mall.web import price_words, sliders
from mall.web.formatting import money, points, price
from mall.web.sliders import Slider


class Wanted(NamedTuple):
    """What the reader has chosen so far; None = nothing yet. `typed` is what stands in the field for the points of one
    unit, `points_each` the number that it is; one below nothing is a number, too."""

    variant_id: int | None = None
    offer_id: int | None = None
    points_each: int | None = None
    quantity: int = 1
    typed: str | None = None


@dataclass(frozen=True, slots=True)
class ShownWay:
    """A way to pay, as a card."""

    offer_id: int
    title: str
    price: Mix
    least: Mix | None
    was: int | None
    cut: str
    note: str
    ends_at: datetime | None
    chosen: bool
    mix: Slider | None


@dataclass(frozen=True, slots=True)
class Gated:
    """A way that another tier has: who, and for what."""

    text: str
    price: Mix


@dataclass(slots=True)
class Pay:
    """All about paying for the chosen variant: points and minor units are due for `quantity` units.

    `most` is how many can be had by the chosen way, `limit_text` the limit that it sets.
    """

    variant_id: int
    way: Way
    ways: Sequence[ShownWay]
    gated: Sequence[Gated]
    quantity: int
    due: Mix
    each: Mix
    steps: Sequence[price_words.Said]
    most: int
    limit_text: str
    asked: str | None = None
    snapped: str = ""
    after: str = ""
    missing: int = 0
    missing_text: str = ""
    progress_text: str = ""
    balance: int = 0
    instead: str = ""
    use: str = ""
    worth_off: str = ""

    @property
    def choices(self) -> bool:
        """Whether there is anything to choose, or to say beside the price."""
        return len(self.ways) > 1 or bool(self.gated) or any(way.mix for way in self.ways)

    @property
    def one(self) -> ShownWay:
        """The chosen way's card."""
        return next(way for way in self.ways if way.chosen)


def wanted(form: Mapping[str, str]) -> Wanted:
    """What a form or an address asks for; what is no number is not asked for."""
    use = form.get("use", "").partition(":")
    offer = _number(use[0]) or _number(form.get("offer"))
    field = f"points_each-{offer}"
    typed = use[2] or form.get(field if field in form else "points_each")
    return Wanted(
        _number(form.get("variant_id")),
        offer,
        _number(typed, least=-MAX_AMOUNT),
        max(_number(form.get("quantity")) or 1, 1),
        typed,
    )


def pay(item: ItemPage, ask: Wanted, balance: int | None) -> Pay | None:
    """The ways to pay for the variant asked for (else the cheapest that is left); None where none can be had.

    Where no way is asked for, it is the first in the merchandiser's order that the balance is enough for, else the
    first of all.
    """
    row = _variant(item.variants, ask.variant_id)
    if row is None or row.way is None:
        return None
    worth, tier = rates(), item.standing.tier
    quantity = min(ask.quantity, MAX_QUANTITY)
    way = next((each for each in row.ways if each.offer_id == ask.offer_id), None)
    way = way or _first(row.ways, quantity, balance, worth)
    most = parts.most_pieces(item.variants, way)
    quantity = min(quantity, max(most, 1))
    asked, typed = (ask.points_each, ask.typed) if way.offer_id == ask.offer_id else (None, None)
    line = pricing.Line(way, quantity, _start(way, asked, quantity, balance, worth))
    priced = pricing.price([line], rates=worth, tier=tier)
    each = priced.lines[0].each
    shown = [_way(found, found is way, each if found is way else None, tier, worth) for found in row.ways]
    gated = [Gated(cards.gate_text(g.tier), g.way.mix(None, least=worth.min_cash)) for g in row.gated]
    found = Pay(
        row.variant_id, way, shown, gated, quantity, Mix(priced.points, priced.cash), each,
        price_words.steps(priced.steps), most, parts.limits(way), typed,
    )  # fmt: skip
    if typed is not None and way.kind == "range" and each.points != asked:
        found.snapped = sliders.snapped(asked, each, way.runs(worth.min_cash))
    if way.kind == "cash":
        found.worth_off = _off(way, quantity, worth)
    if balance is not None:
        _reach(found, row.ways, balance, worth)
    return found


def _first(ways: Sequence[Way], quantity: int, balance: int | None, worth: Rates) -> Way:
    """The way that is chosen before the reader chooses: of those in reach the first, in the merchandiser's order."""
    have = balance or 0
    reach = (way for way in ways if way.mix(0, least=worth.min_cash).points * quantity <= have)
    return next(reach, ways[0]) if balance is not None else ways[0]


def _start(way: Way, asked: int | None, quantity: int, balance: int | None, worth: Rates) -> int | None:
    """Points of one unit to begin with: as many as may be, but no more than the member has."""
    if asked is not None:
        return max(asked, 0)
    if way.kind != "range" or balance is None:
        return None
    most = way.mix(None, least=worth.min_cash).points
    return min(most, max(balance, 0) // quantity)


def _variant(rows: Sequence[VariantRow], asked: int | None) -> VariantRow | None:
    priced = [row for row in rows if row.mix is not None]
    left = [row for row in priced if not row.sold_out]
    found = next((row for row in left if row.variant_id == asked), None)
    return found or min(left or priced, key=_cost, default=None)


def _cost(row: VariantRow) -> tuple[int, int]:
    return (row.mix.points, row.mix.cash) if row.mix else (0, 0)


def _way(way: Way, chosen: bool, mix: Mix | None, tier: str, worth: Rates) -> ShownWay:
    least = worth.min_cash
    full = mix or way.mix(None, least=least)
    cheaper = full.full_cash > full.cash
    cut = price_words.tier_cut(tier, way.discount) if cheaper or (way.on_points and way.discount) else ""
    return ShownWay(
        way.offer_id,
        str(price_words.TITLE[way.kind]),
        full,
        way.mix(0, least=least) if way.kind == "range" else None,
        full.full_cash if cheaper else None,
        cut,
        _off(way, 1, worth) if way.kind == "cash" else "",
        way.ends_at,
        chosen,
        sliders.of_mix(way, full, least=least) if way.kind == "range" else None,
    )


def _off(way: Way, quantity: int, worth: Rates) -> str:
    """How many points can take something off a price in cash; nothing to say where none can."""
    runs = pricing.off_runs([pricing.Line(way, quantity)], rates=worth)
    most = runs[-1][1]
    if not most:
        return ""
    return str(
        gettext(
            "Up to %(points)s points take %(cash)s off: choose how many in the basket or at the checkout.",
            points=points(most),
            cash=money(worth.worth(most)),
        )
    )


def _reach(found: Pay, ways: Sequence[Way], balance: int, worth: Rates) -> None:
    """Measure the balance against what is due; where it is short, say what could be paid instead."""
    found.balance = max(balance, 0)
    found.missing = max(found.due.points - balance, 0)
    if not found.missing:
        left = balance - found.due.points
        found.after = ngettext(
            "%(n)s point is left of your balance afterwards.",
            "%(n)s points are left of your balance afterwards.",
            left,
            n=points(left),
        )
        return
    found.missing_text = cards.missing_text(found.missing)
    found.progress_text = gettext(
        "You have %(n)s of %(goal)s points.", n=points(found.balance), goal=points(found.due.points)
    )
    for way in sorted(ways, key=lambda each: each.offer_id != found.way.offer_id):
        mix = way.mix(found.balance // found.quantity, least=worth.min_cash)
        if mix.points * found.quantity > found.balance:
            continue
        found.use = f"{way.offer_id}:{mix.points}"
        if way.offer_id == found.way.offer_id:
            more = (mix.cash - found.each.cash) * found.quantity
            found.instead = gettext("You could pay %(cash)s more instead.", cash=money(more))
        else:
            words = price(mix.points * found.quantity, mix.cash * found.quantity)
            found.instead = gettext("You could pay %(price)s instead.", price=words)
        return


def _number(text: str | None, *, least: int = 0) -> int | None:
    try:
        return parse_whole(text, least=least) if text else None
    except BadValue:
        return None

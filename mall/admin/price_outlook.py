"""What a price would mean, before it is set: the change, what points are worth at it, what each tier would pay."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from flask_babel import format_percent
from flask_babel import gettext as _

from mall.core.money import Rates, rates
from mall.domain.items.queries import StaffItemRow
from mall.domain.items.ways import Mix, Price, Way
from mall.domain.orders import pricing
from mall.domain.tiers.rules import TierRow
from mall.web.formatting import money, price
from mall.web.formatting import points as written
from mall.web.price_words import share


@dataclass(frozen=True, slots=True)
class End:
    """What one unit costs at an end of the choice, in words, and how that stands to its retail value."""

    due: str
    against: str | None


@dataclass(frozen=True, slots=True)
class Pays:
    """A tier with what it would pay: one end, or two where the number of points can be chosen; none if it cannot."""

    tier: str
    discount: int
    ends: tuple[End, ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """A price with what it means. `facts`: label, before, now, change in words (each may be missing).

    `against` is the retail value that the price was held against, in minor units.
    """

    price: str
    starts_at: datetime
    facts: tuple[tuple[str, str | None, str | None, str | None], ...]
    heads: tuple[str, ...]
    tiers: tuple[Pays, ...]
    against: int | None = None


def outlook(
    kind: str,
    new: Price,
    before: Price | None,
    *,
    starts_at: datetime,
    value: int | None,
    ladder: Sequence[TierRow],
    tiers: frozenset[str] = frozenset(),
    tier_discount: str = "cash",
) -> Outlook:
    """What a price of one unit would mean from then on; `value` is the retail value in minor units."""
    worth = rates()
    return Outlook(
        price_words(kind, new),
        starts_at,
        (*_numbers(kind, new, before), *_worths(kind, new, before, value, worth)),
        _HEADS.get(kind, lambda: (_("Pays"),))(),
        tuple(_pays(tier, kind, new, value, worth, tiers, tier_discount) for tier in ladder),
        value,
    )


_HEADS = {
    "range": lambda: (_("With the fewest points"), _("With the most points")),
    "cash": lambda: (_("In cash alone"), _("With the most points off")),
}


def price_words(kind: str, found: Price) -> str:
    """All numbers of a price in words: "2,000 points + ¥30.00", "¥30.00, up to 50% in points"."""
    if kind != "range":
        words = [price(found.points, found.cash)]
    else:
        words = [_("%(points)s or %(cash)s", points=price(found.points, 0), cash=money(found.cash))]
    if found.max_share is not None:
        words.append(_("points pay up to %(share)s", share=share(found.max_share)))
    if found.min_points:
        words.append(_("from %(n)s points", n=written(found.min_points)))
    if found.max_points is not None:
        words.append(_("up to %(n)s points", n=written(found.max_points)))
    return " · ".join(words)


def hundred(kind: str, found: Price, value: int | None) -> int | None:
    """What 100 points are worth at a price, in minor units, to the nearest; None where nothing tells.

    Of a range, what they save of its cash; of a price in cash, what the programme's rate takes off; else what they buy
    of the retail value that the cash does not pay.
    """
    if kind == "range":
        return round(Fraction(found.cash * 100, found.points)) if found.points else None
    if kind == "cash":
        return rates().worth(100)
    if not value or not found.points:
        return None
    return round(Fraction((value - found.cash) * 100, found.points))


def usual(row: StaffItemRow) -> str | None:
    """What an item costs in the staff's list: of all variants, from the cheapest to the dearest; None without a price."""
    low, high = row.low, row.high
    if low is None or high is None:
        return None
    if (low.points, low.cash) == (high.points, high.cash):
        return price(low.points, low.cash)
    if not low.cash and not high.cash:
        return str(_("%(n)s points", n=f"{written(low.points)}–{written(high.points)}"))
    return f"{price(low.points, low.cash)} – {price(high.points, high.cash)}"


_LABELS: dict[str, Callable[[str], str]] = {
    "points": lambda kind: _("Worth in points") if kind == "range" else _("Points"),
    "cash": lambda kind: _("Worth in cash") if kind == "range" else _("Cash"),
    "min_points": lambda kind: _("Fewest points"),
    "max_points": lambda kind: _("Most points"),
    "max_share": lambda kind: _("Points may pay up to"),
}
_WRITTEN: dict[str, Callable[[int], str]] = {"cash": money, "max_share": share}


def _numbers(
    kind: str, new: Price, before: Price | None
) -> list[tuple[str, str | None, str | None, str | None]]:
    """Each number that either of the two has, and how it changes."""
    rows = []
    for name, label in _LABELS.items():
        now, then = getattr(new, name), getattr(before, name) if before else None
        if not now and not then:
            continue
        words = _WRITTEN.get(name, written)
        change = format_percent(Decimal(now - then) / then, "+#,##0.#%;−#,##0.#%") if now and then else None
        rows.append((label(kind), words(then) if then else None, words(now) if now else None, change))
    return rows


def _worths(
    kind: str, new: Price, before: Price | None, value: int | None, worth: Rates
) -> list[tuple[str, str | None, str | None, str | None]]:
    label = {"range": _("100 points save"), "cash": _("100 points take off")}.get(kind, _("100 points buy"))
    now, then = hundred(kind, new, value), hundred(kind, before, value) if before else None
    unknown = _("unknown: the item has no retail value")
    rows: list[tuple[str, str | None, str | None, str | None]] = [
        (label, None if then is None else money(then), unknown if now is None else money(now), None)
    ]
    if value:
        taken = [
            None if found is None else _against(_least(kind, found, worth.min_cash), value, worth)
            for found in (before, new)
        ]
        rows.append((_("Taken in, against the retail value"), taken[0], taken[1], None))
    return rows


def _least(kind: str, found: Price, least: int) -> Mix:
    """One unit at this price with as many points as may be, before any tier's discount."""
    return Way(0, 0, kind, found).mix(None, least=least)


def _against(due: Mix, value: int | None, worth: Rates) -> str | None:
    """Cash and the worth of the points at the programme's rate, and how far above or below the retail value that is."""
    if not value:
        return None
    taken = due.cash + worth.worth(due.points)
    return f"{money(taken)} ({format_percent(Decimal(taken - value) / value, '+#,##0.#%;−#,##0.#%')})"


def _pays(
    tier: TierRow,
    kind: str,
    new: Price,
    value: int | None,
    worth: Rates,
    tiers: frozenset[str],
    tier_discount: str,
) -> Pays:
    if tiers and tier.code not in tiers:
        return Pays(tier.code, 0, ())
    touched = tier_discount == "all" or (tier_discount == "cash" and new.cash > 0)
    discount = tier.cash_discount if touched else 0
    way = Way(0, 0, kind, new, discount, tier_discount == "all")
    ends = tuple(End(price(mix.points, mix.cash), _against(mix, value, worth)) for mix in _ends(way, worth))
    return Pays(tier.code, discount, ends)


def _ends(way: Way, worth: Rates) -> tuple[Mix, ...]:
    """One unit with the fewest and with the most points."""
    if way.kind == "range":
        runs = way.runs(worth.min_cash)
        return tuple(way.mix(points, least=worth.min_cash) for points in (runs[0][0], runs[-1][1]))
    if way.kind == "cash":
        line = pricing.Line(way, 1)
        most = pricing.off_runs([line], rates=worth)[-1][1]
        found = (pricing.price([line], rates=worth, points_off=points) for points in (0, most))
        return tuple(Mix(priced.points, priced.cash) for priced in found)
    return (way.mix(None, least=worth.min_cash),)

"""What an order costs: the one pure function of prices, with its steps. (Units of one offer: items/ways.py.)

Points and cash of one unit × quantity; then the points that the member uses as money off what is bought for cash,
their worth rounded down once per order; then delivery, in cash. Cash due is 0 or at least the smallest charge.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import accumulate, pairwise
from typing import Any

from mall.core.money import Rates
from mall.domain.items.ways import FULL, Mix, Way, nearest
from mall.domain.orders.rules import MAX_QUANTITY


@dataclass(frozen=True, slots=True)
class Line:
    """What is to be priced: a way to pay, how many units, and the points to give for one where that is chosen."""

    way: Way
    quantity: int
    points_each: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the explanation. `kind`: offer, mix, tier, units (of a line); points_off, delivery, due (of all).

    `values` are points, minor units, counts, basis points and codes; the words are the surface's.
    """

    kind: str
    values: Mapping[str, Any]
    line: int | None = None


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line with the price of one unit, and what is due for all of it once its share of points off is taken."""

    each: Mix
    quantity: int
    points: int
    cash: int
    points_off: int = 0
    worth_off: int = 0


@dataclass(frozen=True, slots=True)
class Priced:
    """What an order costs: `points` and `cash` (minor units, `fee` in it) are due, and the lines add up to them.

    `points_off` of the points took `worth_off` from the cash; `off_runs` are the numbers that could be chosen for it.
    """

    lines: tuple[PricedLine, ...]
    points: int
    cash: int
    fee: int
    points_off: int
    worth_off: int
    off_runs: tuple[tuple[int, int], ...]
    steps: tuple[Step, ...]


def price(
    lines: Sequence[Line],
    *,
    rates: Rates,
    points_off: int = 0,
    fee: int = 0,
    why_fee: str = "",
    tier: str = "",
) -> Priced:
    """Price an order. `points_off`: points to use as money off (the nearest number that can be, not more).

    `fee` (minor units) for delivery, `why_fee` and `tier` for the explanation. A fee that alone would be less than the
    smallest charge is waived. Raises ValueError for quantities outside 1…MAX_QUANTITY or numbers below 0: no form of
    ours sends them.
    """
    if points_off < 0 or fee < 0 or any(not 1 <= line.quantity <= MAX_QUANTITY for line in lines):
        raise ValueError("cannot price this order")
    mixes = [line.way.mix(line.points_each, least=rates.min_cash) for line in lines]
    goods = sum(mix.cash * line.quantity for mix, line in zip(mixes, lines, strict=True))
    waived = too_little(goods, fee, rates)
    fee = 0 if waived else fee
    runs = off_runs(lines, rates=rates, fee=fee)
    off = rates.trimmed(nearest(runs, points_off))
    worth = min(rates.worth(off), goods + fee)
    weights = _weights(lines, mixes, off)
    priced = tuple(
        PricedLine(
            mix,
            line.quantity,
            mix.points * line.quantity + points,
            mix.cash * line.quantity - cash,
            points,
            cash,
        )
        for mix, line, points, cash in zip(
            mixes, lines, shares(off, weights), shares(worth, weights), strict=True
        )
    )
    points_due = sum(line.points for line in priced)
    cash_due = sum(line.cash for line in priced) + fee
    whole = [
        *(
            [Step("points_off", {"points": off, "worth": worth, "rate": rates.points_per_unit})]
            if off
            else []
        ),
        *([Step("delivery", {"cash": fee, "why": "small" if waived else why_fee})] if fee or why_fee else []),
        Step("due", {"points": points_due, "cash": cash_due}),
    ]
    steps = [step for place, line in enumerate(lines) for step in _steps(place, line, mixes[place], tier)]
    return Priced(priced, points_due, cash_due, fee, off, worth, runs, (*steps, *whole))


def too_little(goods: int, fee: int, rates: Rates) -> bool:
    """Whether cash for goods (before points off) and delivery is less than can be charged; then the fee is waived."""
    return 0 < goods + fee < rates.min_cash


def off_runs(lines: Sequence[Line], *, rates: Rates, fee: int = 0) -> tuple[tuple[int, int], ...]:
    """The numbers of points that can be used as money off this order, as runs (first, last); 0 always can.

    Each cash offer gives up to its share, and only to who uses its minimum; the rest due is nothing or enough to be
    charged.
    """
    mixes = [line.way.mix(line.points_each, least=rates.min_cash) for line in lines]
    due = fee + sum(mix.cash * line.quantity for mix, line in zip(mixes, lines, strict=True))
    starts = sorted(
        {_first_use(line.way.price.min_points, rates) for line in lines if line.way.kind == "cash"}
    )
    found = [(0, 0)]
    for first, after in zip(starts, [*(n - 1 for n in starts[1:]), None], strict=False):
        cap = sum(_weights(lines, mixes, first)) // FULL
        last = rates.within(min(cap, due - rates.min_cash)) if due > rates.min_cash else 0
        found.append((first, last if after is None else min(last, after)))
        whole = rates.points_for(due)
        if cap >= due and first <= whole and (after is None or whole <= after):
            found.append((whole, whole))
    return _joined([(first, last) for first, last in found if first <= last])


def shares(total: int, weights: Sequence[int]) -> list[int]:
    """A total over parts by their weights, as differences of floor(total × cumulative share): they add up to it.

    Nothing for nobody: all 0 where all weights are.
    """
    sums = [0, *accumulate(weights)]
    if not sums[-1]:
        return [0] * len(weights)
    return [total * after // sums[-1] - total * before // sums[-1] for before, after in pairwise(sums)]


def as_json(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Steps as a quote keeps them."""
    return [asdict(step) for step in steps]


def from_json(kept: Sequence[Mapping[str, Any]] | None) -> tuple[Step, ...]:
    """The steps that a quote kept; none of a quote from before there were any."""
    return tuple(Step(step["kind"], step["values"], step["line"]) for step in kept or ())


def _weights(lines: Sequence[Line], mixes: Sequence[Mix], off: int) -> list[int]:
    """How much each line can give when so many points are used: minor units × basis points."""
    return [
        mix.cash * line.quantity * (FULL if line.way.price.max_share is None else line.way.price.max_share)
        if line.way.kind == "cash" and line.way.price.min_points <= off
        else 0
        for mix, line in zip(mixes, lines, strict=True)
    ]


def _first_use(least: int, rates: Rates) -> int:
    """The first number of points from a minimum on of which none is for nothing."""
    worth = rates.worth(max(least, 1))
    found = rates.points_for(worth)
    return found if found >= max(least, 1) else rates.points_for(worth + 1)


def _joined(runs: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """The same numbers, runs that overlap or touch made one; but 0 stays by itself: below the first use is nothing."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted(runs):
        if joined and joined[-1] != (0, 0) and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return tuple(joined)


def _steps(place: int, line: Line, mix: Mix, tier: str) -> list[Step]:
    """How one line came to its price."""
    way = line.way
    steps = [Step("offer", {"offer": way.kind, "points": way.price.points, "cash": way.price.cash}, place)]
    if way.kind == "range":
        steps.append(Step("mix", {"points": mix.points, "cash": mix.full_cash}, place))
    given = way.price.points if way.kind in ("points", "combo") else mix.points
    if mix.cash < mix.full_cash or mix.points < given:
        values = {"tier": tier, "share": way.discount, "cash_before": mix.full_cash, "cash": mix.cash}
        steps.append(Step("tier", {**values, "points_before": given, "points": mix.points}, place))
    if line.quantity > 1:
        total = {"points": mix.points * line.quantity, "cash": mix.cash * line.quantity}
        steps.append(Step("units", {"n": line.quantity, **total}, place))
    return steps

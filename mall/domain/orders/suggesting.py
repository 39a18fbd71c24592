"""The best use of points that are about to expire: a suggestion, computed from nothing but prices."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from mall.core.money import Rates
from mall.domain.items.ways import nearest
from mall.domain.orders.pricing import Line, off_runs, price


@dataclass(frozen=True, slots=True)
class Suggestion:
    """How to pay: points for one unit of each line (None where nothing can be chosen), and points as money off.

    `points` and `cash` (minor units) are due then; `used` of the expiring points go into it.
    """

    points_each: tuple[int | None, ...]
    points_off: int
    points: int
    cash: int
    used: int


def best_use(lines: Sequence[Line], *, expiring: int, rates: Rates, fee: int = 0) -> Suggestion:
    """The mix that uses up points expiring soonest without taking others for what could be paid in cash.

    `expiring` is how many of the member's points expire next. What has to be paid in points comes first; what is left
    of them goes where a point saves the most cash.
    """
    least = rates.min_cash
    chosen = [
        replace(line, points_each=line.way.runs(least)[0][0]) if line.way.kind == "range" else line
        for line in lines
    ]
    spare = max(expiring - price(chosen, rates=rates, fee=fee).points, 0)
    off = 0
    for place in sorted(_places(lines), key=lambda place: (-_saves(lines, place, rates), place)):
        if place < 0:
            off = nearest(off_runs(chosen, rates=rates, fee=fee), spare)
            spare -= rates.trimmed(off)
            continue
        line = chosen[place]
        low = line.points_each or 0
        given = line.way.mix(low + spare // line.quantity, least=least).points
        chosen[place] = replace(line, points_each=given)
        spare -= (given - low) * line.quantity
    priced = price(chosen, rates=rates, points_off=off, fee=fee)
    return Suggestion(
        tuple(line.points_each if line.way.kind == "range" else None for line in chosen),
        priced.points_off,
        priced.points,
        priced.cash,
        min(priced.points, expiring),
    )


#: Stands for the points off in the order of places.
_OFF = -1


def _places(lines: Sequence[Line]) -> list[int]:
    """Where the number of points can be chosen."""
    ranges = [place for place, line in enumerate(lines) if line.way.kind == "range"]
    return [*ranges, *([_OFF] if any(line.way.kind == "cash" for line in lines) else [])]


def _saves(lines: Sequence[Line], place: int, rates: Rates) -> Fraction:
    """Minor units that a point saves there."""
    if place == _OFF:
        return Fraction(rates.worth(10**6), 10**6)
    return lines[place].way.saves

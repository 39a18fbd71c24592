"""Sliders for points, in the reader's words: the item page, the basket and the checkout show the same."""

from dataclasses import dataclass

from mall.domain.items.ways import Mix, Way
from mall.web import price_words
from mall.web.formatting import price


@dataclass(frozen=True, slots=True)
class Slider:
    """Numbers of points to choose from, with the ends and the present place in words."""

    low: int
    high: int
    step: int
    value: int
    words: str
    ends: tuple[str, str]
    rate: str


def of_mix(way: Way, now: Mix, *, least: int) -> Slider | None:
    """The points of one unit by a way, at the mix chosen now; None where there is but one number to choose.

    `least` is the smallest charge in minor units.
    """
    runs = way.runs(least)
    low, high = runs[0][0], runs[-1][1]
    if low == high:
        return None
    step, end = price_words.slider(low, high)
    few, most = way.mix(low, least=least), way.mix(high, least=least)
    return Slider(
        low, end, step, now.points, price(now.points, now.cash),
        (price(few.points, few.cash), price(most.points, most.cash)), price_words.hundred(way.saves),
    )  # fmt: skip

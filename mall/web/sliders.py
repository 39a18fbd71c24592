"""Sliders for points, in the reader's words: the item page, the basket and the checkout show the same."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext

from mall.domain.items.ways import Mix, Way
from mall.web import price_words
from mall.web.formatting import price, sentences


@dataclass(frozen=True, slots=True)
class Slider:
    """Numbers of points to choose from, with the ends and the present place in words.

    `places` are those that the slider goes through, all of which can be paid; `value` is the number chosen now, which
    may lie between two of them.
    """

    places: tuple[int, ...]
    value: int
    words: str
    ends: tuple[str, str]
    rate: str

    @property
    def place(self) -> int:
        """Which of the places is nearest to the number chosen now, from 0."""
        return min(range(len(self.places)), key=lambda place: abs(self.places[place] - self.value))


def of_mix(way: Way, now: Mix, *, least: int) -> Slider | None:
    """The points of one unit by a way, at the mix chosen now; None where there is but one number to choose.

    `least` is the smallest charge in minor units.
    """
    runs = way.runs(least)
    low, high = runs[0][0], runs[-1][1]
    places = sorted({way.mix(points, least=least).points for points in price_words.moves(low, high)})
    if len(places) < 2:
        return None
    few, most = way.mix(low, least=least), way.mix(high, least=least)
    return Slider(
        tuple(places), now.points, price(now.points, now.cash),
        (price(few.points, few.cash), price(most.points, most.cash)), price_words.hundred(way.saves),
    )  # fmt: skip


def snapped(asked: int | None, each: Mix, runs: Sequence[tuple[int, int]]) -> str:
    """That another mix is meant than the one that was typed (None: none was), and why, where the ends are the reason."""
    low, high = runs[0][0], runs[-1][1]
    words = price(each.points, each.cash)
    if asked is None:
        return str(gettext("No number of points was given, so it is %(price)s for one.", price=words))
    near = nearest(each)
    if asked < low:
        return sentences([gettext("It takes at least %(points)s for one.", points=price(low, 0)), near])
    if asked > high:
        return sentences([gettext("It takes at most %(points)s for one.", points=price(high, 0)), near])
    return near


def nearest(paid: Mix) -> str:
    """That this is the nearest to what was asked for."""
    words = price(paid.points, paid.cash)
    return str(gettext("The nearest mix that can be paid is %(price)s.", price=words))

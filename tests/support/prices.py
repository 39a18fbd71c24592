"""Hypothesis strategies for prices: sound offers of every kind, tiers, rates, and orders of them."""

from dataclasses import replace

from hypothesis import strategies as st

from mall.core.money import Rates
from mall.domain.items.ways import Price, Way, unsound
from mall.domain.orders.pricing import Line

MOST = 10**8

rates = st.builds(
    Rates,
    currency=st.sampled_from(["CNY", "JPY", "KWD"]),
    points_per_unit=st.sampled_from([1, 3, 10, 100, 700, 1_000]),
    min_cash=st.sampled_from([0, 1, 30, 50, 400]),
)
discounts = st.sampled_from([0, 1, 500, 1_000, 1_500, 2_000, 3_333, 9_999])
_many = st.one_of(st.integers(1, 40), st.integers(1, MOST))


@st.composite
def prices(draw: st.DrawFn, kind: str, *, least: int) -> Price:
    """Numbers of one unit that staff could set for an offer of that kind."""
    points = 0 if kind == "cash" else draw(_many)
    cash = 0 if kind == "points" else max(draw(_many), least, 1)
    found = Price(points, cash)
    if kind == "range":
        low = draw(st.integers(0, points))
        found = replace(found, min_points=low, max_points=draw(st.none() | st.integers(max(low, 1), points)))
    if kind == "cash":
        found = replace(
            found,
            min_points=draw(st.sampled_from([0, 0, 1, 100, 503])),
            max_share=draw(st.none() | st.sampled_from([0, 1, 2_500, 5_000, 10_000])),
        )
    assert unsound(kind, found, least=least, most=10**10) is None
    return found


@st.composite
def ways(
    draw: st.DrawFn, *, least: int, kinds: tuple[str, ...] = ("points", "combo", "range", "cash")
) -> Way:
    """An offer as some tier pays it."""
    kind = draw(st.sampled_from(kinds))
    return Way(
        1, 1, kind, draw(prices(kind, least=least)), discount=draw(discounts), on_points=draw(st.booleans())
    )


@st.composite
def orders(draw: st.DrawFn) -> tuple[Rates, list[Line]]:
    """Rates, and one to four lines priced by them."""
    found = draw(rates)
    lines = st.builds(
        Line,
        way=ways(least=found.min_cash),
        quantity=st.integers(1, 9),
        points_each=st.none() | st.integers(0, MOST),
    )
    return found, draw(st.lists(lines, min_size=1, max_size=4))

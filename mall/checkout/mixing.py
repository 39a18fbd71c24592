"""How the lines of a basket can be paid, in words: the ways to choose from, the mix, points as money off."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _

from mall.core.money import rates
from mall.domain.items.ways import Mix, nearest
from mall.domain.orders.basket_queries import BasketLineView, BasketView, suggestion
from mall.domain.orders.checkout_queries import QuoteLineView, QuoteView
from mall.domain.orders.suggesting import Suggestion
from mall.web import price_words, sliders
from mall.web.formatting import money, price
from mall.web.sliders import Slider

#: Where points are used as money off, among the lines.
OFF = "off"


def choices(line: BasketLineView) -> list[tuple[int, str, bool]]:
    """The ways to pay for a line: offer, words, whether it is the present one."""
    least = rates().min_cash
    found = []
    for way in line.ways:
        mix = way.mix(None, least=least)
        title = price_words.TITLE[way.kind]
        words = price(mix.points, mix.cash)  # says by itself what is paid, and a phone has little room
        if way.kind == "range":
            words = str(title)
        elif way.kind == "cash":
            words = _("%(way)s: %(price)s", way=title, price=words)
        found.append((way.offer_id, str(words), line.way is not None and way.offer_id == line.way.offer_id))
    return found


def mix(line: BasketLineView) -> Slider | None:
    """The slider of a line whose points can be chosen."""
    if line.way is None or line.each is None or not line.chosen:
        return None
    return sliders.of_mix(line.way, line.each, least=rates().min_cash)


def mix_of(line: QuoteLineView, least: int) -> Slider | None:
    """The same of a line of a quote, where there is anything to choose; `least`: the quote's smallest charge."""
    if line.kind != "range":
        return None
    return sliders.of_mix(line.way, Mix(line.points_each, line.cash_each), least=least)


def snapped(view: BasketView, where: int | str | None, asked: int | None) -> dict[int | str, str]:
    """Why another number of points stands at a line (its id), or as money off (OFF), than was typed there last."""
    if where == OFF:
        return _off_snapped(asked or 0, view.priced.points_off, Mix(view.points, view.cash))
    for line in view.lines:
        if line.id == where and line.chosen and line.each is not None and line.each.points != asked:
            return {line.id: sliders.snapped(asked, line.each, line.runs)}
    return {}


def quote_snapped(view: QuoteView, typed: Mapping[int, int | None], off: int | None) -> dict[int | str, str]:
    """The same of a quote: `typed` are the points of one unit by the line's place, `off` those as money off."""
    found = _off_snapped(off, view.points_off, Mix(view.points, view.cash))
    for line in view.lines:
        if line.kind == "range" and typed.get(line.position, line.points_each) != line.points_each:
            each, runs = Mix(line.points_each, line.cash_each), line.way.runs(view.rates.min_cash)
            found[line.position] = sliders.snapped(typed[line.position], each, runs)
    return found


def _off_snapped(asked: int | None, used: int, due: Mix) -> dict[int | str, str]:
    return {OFF: sliders.nearest(due)} if asked not in (None, used) else {}


def points_off(runs: Sequence[tuple[int, int]], now: int) -> Slider | None:
    """The slider of points as money off, where any can be used."""
    high, worth = runs[-1][1], rates()
    if not high:
        return None
    most = _("%(points)s: %(cash)s off", points=price(high, 0), cash=money(worth.worth(high)))
    words = _("%(points)s: %(cash)s off", points=price(now, 0), cash=money(worth.worth(now)))
    rate = _(
        "%(points)s take %(cash)s off.",
        points=price(worth.points_per_unit, 0),
        cash=money(worth.worth(worth.points_per_unit)),
    )
    places = sorted({worth.trimmed(nearest(runs, n)) for n in price_words.moves(0, high)})
    return Slider(tuple(places), now, words, (price(0, 0), most), rate)


def within(view: BasketView, balance: int | None) -> Suggestion | None:
    """How to pay with no more points than the member has, where the basket takes more; None where that cannot be."""
    if balance is None or not view.ready or view.points <= balance:
        return None
    found = suggestion(view, expiring=max(balance, 0))
    return found if found.points <= balance else None


def best(view: BasketView, *, expiring: int | None, balance: int | None) -> Suggestion | None:
    """A better use of the points that expire next; None where there is none, or all of them are used already."""
    if not expiring or balance is None or not view.ready or view.points >= expiring:
        return None
    found = suggestion(view, expiring=expiring)
    if not found.used or found.points > balance or (found.points, found.cash) == (view.points, view.cash):
        return None
    return found

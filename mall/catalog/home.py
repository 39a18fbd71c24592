"""The window: for members what their points can be now, for guests what the mall is; then a few good things."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext, ngettext

from mall.catalog import cards
from mall.catalog.cards import ShownCard
from mall.catalog.forms import Asked
from mall.domain.items.queries import Card, CategoryRow
from mall.domain.items.queries.shelves import Shelf, shelves
from mall.domain.items.ways import Mix
from mall.web.context import Header
from mall.web.formatting import day, points

#: Cards in a row; more are read, so that no item stands in two rows.
ROW, READ = 4, 12
#: Of one category in a row, if others have something to show.
OF_ONE = 2
#: Things within reach are counted this far.
CAP = 200


@dataclass(frozen=True, slots=True)
class Row:
    """A row of cards with its heading and where to see more."""

    id: str
    title: str
    cards: Sequence[ShownCard]
    url: str
    label: str


@dataclass(slots=True)
class HomeView:
    """All that catalog/home.html shows."""

    title: str
    description: str
    canonical: str
    guest: bool
    hearts: str
    categories: Sequence[CategoryRow]
    rows: list[Row] = field(default_factory=list)
    balance: int = 0
    reach_text: str = ""
    reach_url: str = ""
    expiring_text: str = ""
    expiring: ShownCard | None = None
    expiring_price: Mix | None = None
    picture: ShownCard | None = None
    told: tuple[Any, ...] = ()


def home_view(
    *,
    member: tuple[int, str] | None,
    top: Header,
    shown: Sequence[CategoryRow],
    locale: str,
    at: datetime,
    canonical: str,
) -> HomeView:
    """The window for a member (id, name) or for a guest."""
    if member is None or top.balance is None:
        return _for_guests(shown, locale, at, canonical)
    return _for_member(*member, top, shown, locale, at, canonical)


def _for_guests(shown: Sequence[CategoryRow], locale: str, at: datetime, canonical: str) -> HomeView:
    lists = shelves([Shelf("newest", READ), Shelf("popular", READ, sold=True)], locale=locale, at=at).lists
    view = HomeView(
        gettext("Good things for your points"),
        gettext("See what your points can be: things for home, kitchen, travel and a good evening, redeemed in two steps."),
        canonical, True, "guest", shown,
    )  # fmt: skip
    newest, popular = _distinct(lists)
    view.rows = [_newest(newest, None), _popular(popular, None)]
    view.picture = next((row.cards[0] for row in reversed(view.rows) if row.cards), None)
    view.told = (*(tuple(map(cards.tell, row)) for row in (newest, popular)), *shown)
    return view


def _for_member(
    member_id: int,
    name: str,
    top: Header,
    shown: Sequence[CategoryRow],
    locale: str,
    at: datetime,
    canonical: str,
) -> HomeView:
    balance = max(top.balance or 0, 0)
    going = min(top.expiring_points or 0, balance)
    wanted = [
        Shelf("value", READ, most=balance),
        Shelf("points", READ),
        Shelf("newest", READ),
        Shelf("popular", READ, sold=True),
    ]
    found = shelves(
        [*wanted, Shelf("-points", 1, most=going)],
        locale=locale, at=at, member_id=member_id, count_most=balance, count_cap=CAP,
    )  # fmt: skip
    yours, nearest, *others, expiring = found.lists
    first, newest, popular = _distinct([yours or nearest, *others])
    view = HomeView(
        gettext("Hello, %(name)s", name=name) if name else gettext("Hello"), "", canonical, False, "card", shown,
        balance=balance,
    )  # fmt: skip
    if yours:
        view.reach_text, view.reach_url = _reach(found.within_reach), Asked(affordable=True).url()
        view.rows.append(
            _row("yours", gettext("Yours for the points you have"), first, balance, view.reach_url)
        )
    else:
        view.rows.append(
            _row("nearest", gettext("Within reach first"), first, balance, Asked(sort="points").url())
        )
    view.rows += [_newest(newest, balance), _popular(popular, balance)]
    if going and top.expiring_on:
        view.expiring_text = _expiring(going, top.expiring_on)
        view.expiring = next(iter(cards.show(expiring, balance)), None)
        view.expiring_price = next((_within(card, going) for card in expiring), None)
    return view


def _within(card: Card, going: int) -> Mix:
    """The price that so many points are enough for: the one on its card, else the way with the fewest points."""
    if card.way != "cash" and card.points <= going:
        return Mix(card.points, card.cash)
    return Mix(card.least, card.least_cash)


def _expiring(n: int, on: datetime) -> str:
    return str(
        ngettext(
            "%(n)s point expires on %(day)s.", "%(n)s points expire on %(day)s.", n, n=points(n), day=day(on)
        )
    )


def _reach(n: int) -> str:
    if n >= CAP:
        return str(gettext("You can redeem more than %(n)s things now", n=points(n - 1)))
    return str(ngettext("You can redeem %(n)s thing now", "You can redeem %(n)s things now", n, n=points(n)))


def _row(name: str, title: str, found: Sequence[Card], balance: int | None, url: str) -> Row:
    return Row(name, title, cards.show(found, balance), url, gettext("See all"))


def _newest(found: Sequence[Card], balance: int | None) -> Row:
    return _row("newest", gettext("New arrivals"), found, balance, Asked().url())


def _popular(found: Sequence[Card], balance: int | None) -> Row:
    return _row("popular", gettext("Redeemed most often"), found, balance, Asked(sort="popular").url())


def _distinct(lists: Sequence[Sequence[Card]]) -> list[list[Card]]:
    """The first few of each list, none of them twice on the page."""
    seen: set[int] = set()
    rows = []
    for found in lists:
        row = _mixed([card for card in found if card.item_id not in seen])
        seen.update(card.item_id for card in row)
        rows.append(row)
    return rows


def _mixed(found: Sequence[Card]) -> list[Card]:
    """A row in the list's order in which no category takes more than its part, as long as others have something:
    who puts fifty teas on sale does not turn the window into a tea shop."""
    taken: dict[str, int] = {}
    first: list[Card] = []
    rest: list[Card] = []
    for card in found:
        taken[card.category] = taken.get(card.category, 0) + 1
        (first if taken[card.category] <= OF_ONE else rest).append(card)
    chosen = {card.item_id for card in [*first, *rest][:ROW]}
    return [card for card in found if card.item_id in chosen]

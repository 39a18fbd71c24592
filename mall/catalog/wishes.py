"""The wish list in words: what can be redeemed now first, then what is nearest."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask_babel import gettext, lazy_gettext, ngettext

from mall.catalog import cards
from mall.catalog.cards import ShownCard
from mall.catalog.choices import Choice
from mall.domain.items.queries.wish_list import Wished
from mall.web.formatting import points

SORTS = {
    "": lazy_gettext("Nearest first"),
    "newest": lazy_gettext("Newest wish first"),
    "points": lazy_gettext("Fewest points first"),
}


@dataclass(frozen=True, slots=True)
class ShownWish:
    """A row of the list. `state`: now, short, soldout or gone; `done` and `goal` in points."""

    card: ShownCard
    state: str
    text: str
    done: int
    goal: int
    progress_text: str


@dataclass(slots=True)
class WishesView:
    """All that catalog/wishlist.html shows."""

    title: str
    lead: str
    sorts: Sequence[Choice]
    wishes: Sequence[ShownWish]
    removed: int


def wishes_view(rows: Sequence[Wished], balance: int, sort: str, removed: str) -> WishesView:
    """The list for a balance in points. `removed`: an item id as it stands in the address."""
    shown = [(row, _wish(row, max(balance, 0))) for row in rows]
    ready = sum(wish.state == "now" for _, wish in shown)
    shown.sort(key=_ORDER[sort])
    gone = int(removed) if removed.isascii() and removed.isdigit() and len(removed) < 19 else 0
    return WishesView(
        gettext("Wish list"),
        _lead(len(shown), ready),
        [Choice(str(label), current=value == sort, value=value) for value, label in SORTS.items()],
        [wish for _, wish in shown],
        0 if any(wish.card.item_id == gone for _, wish in shown) else gone,
    )


_RANK = {"now": 0, "short": 1, "soldout": 2, "gone": 3}

#: The rows come with the newest wish first; a sort that finds two alike leaves them so.
_ORDER: dict[str, Callable[[tuple[Wished, ShownWish]], tuple[int, int]]] = {
    "": lambda pair: (_RANK[pair[1].state], pair[1].goal - pair[1].done),
    "newest": lambda pair: (0, 0),
    "points": lambda pair: (pair[1].state == "gone", pair[1].goal),
}


def _lead(many: int, ready: int) -> str:
    if not many:
        return ""
    if ready == many:
        return str(ngettext("You can redeem it now.", "You can redeem all of them now.", many))
    if not ready:
        return str(
            ngettext(
                "%(n)s wish. Each purchase brings it closer.",
                "%(n)s wishes. Each purchase brings them closer.",
                many,
                n=points(many),
            )
        )
    return str(
        ngettext(
            "You can redeem %(n)s of %(many)s now.", "You can redeem %(n)s of %(many)s now.", ready,
            n=points(ready), many=points(many),
        )
    )  # fmt: skip


def _wish(row: Wished, balance: int) -> ShownWish:
    card = cards.show([row.card], balance)[0]
    goal = row.card.points
    done = min(balance, goal)
    if not row.offered:
        return ShownWish(card, "gone", gettext("not offered at present"), 0, 0, "")
    progress = gettext("%(n)s of %(goal)s points", n=points(done), goal=points(goal))
    state = {"ok": "now", "short": "short", "soldout": "soldout"}[card.status_kind]
    return ShownWish(card, state, card.status_text, done, goal, progress)

"""Cards: a light row of an item becomes the words, addresses and numbers of its card."""

from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter

from flask_babel import gettext, ngettext

from mall.catalog.forms import PATH
from mall.domain.items.queries import Card
from mall.web.formatting import points

#: From this many pieces down, a card says how many are left.
LOW = 5
MEDIA = "/media/"


@dataclass(frozen=True, slots=True)
class ShownCard:
    """What the macro `item_card` shows. `status_kind`: ok, short, low, soldout or none; points and goal in points."""

    item_id: int
    url: str
    name: str
    points: int
    most: int
    picture: str
    srcset: str
    alt: str
    badge: str
    status_kind: str
    status_text: str
    wished: bool
    missing: int = 0
    goal: int = 0
    cash: int = 0
    was: int | None = None


#: All of a card that its guests can see: what a page's tag is made from.
tell = attrgetter("item_id", "slug", "name", "points", "points_most", "available", "picture")


def show(cards: Iterable[Card], balance: int | None) -> list[ShownCard]:
    """The cards in the reader's language; `balance` in points, None for a guest."""
    words = gettext("sold out"), gettext("you can redeem this")
    return [_show(card, balance, *words) for card in cards]


def _show(card: Card, balance: int | None, sold_out: str, yours: str) -> ShownCard:
    kind, text, badge, missing = "none", "", "", 0
    left = card.available
    if left == 0:
        kind, text = "soldout", sold_out
    elif balance is None:
        if left is not None and left <= LOW:
            kind, text = "low", left_text(left)
    else:
        if left is not None and left <= LOW:
            badge = left_text(left)
        missing = max(card.points - balance, 0)
        kind, text = ("short", missing_text(missing)) if missing else ("ok", yours)
    base = f"{MEDIA}{card.picture}-" if card.picture else ""
    return ShownCard(
        card.item_id,
        f"{PATH}/{card.slug}",
        card.name,
        card.points,
        card.points_most,
        f"{base}640.webp" if base else "",
        f"{base}320.webp 320w, {base}640.webp 640w" if base else "",
        "",
        badge,
        kind,
        text,
        card.wished,
        missing,
        card.points if missing else 0,
    )


def left_text(n: int) -> str:
    """How many are left, where few are."""
    return str(ngettext("%(n)s left", "%(n)s left", n, n=n))


def missing_text(n: int) -> str:
    """How far a balance is from a price."""
    return str(ngettext("%(n)s point to go", "%(n)s points to go", n, n=points(n)))

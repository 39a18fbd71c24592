"""Cards: a light row of an item becomes the words, addresses and numbers of its card."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter

from flask_babel import gettext, ngettext
from markupsafe import Markup, escape

from mall.catalog.forms import PATH
from mall.domain.items.queries import Card
from mall.web.formatting import points
from mall.web.languages import locale_tag

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
    price: Markup
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
    words = locale_tag(), gettext("sold out"), gettext("you can redeem this")
    return [_show(card, balance, *words) for card in cards]


def _show(card: Card, balance: int | None, tag: str, sold_out: str, yours: str) -> ShownCard:
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
        kind, text = ("short", _missing(tag, missing)) if missing else ("ok", yours)
    base = f"{MEDIA}{card.picture}-" if card.picture else ""
    return ShownCard(
        card.item_id,
        f"{PATH}/{card.slug}",
        card.name,
        card.points,
        card.points_most,
        _price(tag, card.points, card.points_most),
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


# A page has two dozen of each; the mall as a whole has not many different ones. The tag names the language at hand.


@lru_cache(maxsize=20_000)
def _price(_tag: str, n: int, most: int) -> Markup:
    number = Markup("<b>{}</b>").format(points(n))
    price = escape(ngettext("%(n)s point", "%(n)s points", n, n="{}")).format(number)
    return escape(gettext("from %(price)s", price="{}")).format(price) if most > n else price


@lru_cache(maxsize=20_000)
def _missing(_tag: str, n: int) -> str:
    return missing_text(n)


def left_text(n: int) -> str:
    """How many are left, where few are."""
    return str(ngettext("%(n)s left", "%(n)s left", n, n=n))


def missing_text(n: int) -> str:
    """How far a balance is from a price."""
    return str(ngettext("%(n)s point to go", "%(n)s points to go", n, n=points(n)))

"""Cards: a light row of an item becomes the words, addresses and numbers of its card."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter

from flask_babel import gettext, ngettext
from markupsafe import Markup, escape

from mall.catalog.choices import TIER_WORDS
from mall.catalog.forms import PATH
from mall.domain.items.queries import Card
from mall.web.formatting import money, points
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
    other: Markup | None
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
tell = attrgetter(
    "item_id", "slug", "name", "points", "points_most", "cash", "cash_most", "least", "least_cash", "gate",
    "available", "picture",
)  # fmt: skip


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
        missing, kind, text = _reach(card, balance, tag, yours)
    base = f"{MEDIA}{card.picture}-" if card.picture else ""
    return ShownCard(
        card.item_id,
        f"{PATH}/{card.slug}",
        card.name,
        card.points,
        card.points_most,
        _price(tag, card.points, card.cash, _dearer(card)),
        _other(tag, card.least, card.least_cash) if _mixed(card) else None,
        f"{base}640.webp" if base else "",
        f"{base}320.webp 320w, {base}640.webp 640w" if base else "",
        "",
        badge,
        kind,
        text,
        card.wished,
        missing,
        (card.points if card.way == "points" else card.least) if missing else 0,
        was=card.full_cash if card.full_cash > card.cash else None,
    )


def _reach(card: Card, balance: int, tag: str, yours: str) -> tuple[int, str, str]:
    """Points that are missing, and the card's status: by any way that takes points, the fewest count."""
    if card.gate is not None:
        return 0, "tier", gate_text(card.gate)
    if card.way == "cash" and card.least > card.points_most:
        return 0, "none", ""
    missing = max(min(card.least, card.points if card.way == "points" else card.least) - balance, 0)
    return missing, "short" if missing else "ok", _missing(tag, missing) if missing else yours


def _dearer(card: Card) -> bool:
    """Whether another variant costs more."""
    return card.points_most > card.points or card.cash_most > card.cash


def _mixed(card: Card) -> bool:
    """Whether there is a way with fewer points, and cash, beside the price that is shown."""
    return card.least_cash > 0 and (card.least < card.points or card.way == "cash")


# A page has two dozen of each; the mall as a whole has not many different ones. The tag names the language at hand.


@lru_cache(maxsize=20_000)
def _price(_tag: str, n: int, cash: int, more: bool) -> Markup:
    number = Markup("<b>{}</b>").format(points(n))
    price = escape(ngettext("%(n)s point", "%(n)s points", n, n="{}")).format(number)
    if cash:
        amount = Markup('<span class="cash">{}</span>').format(money(cash))
        price = Markup('{} <span class="price-plus">+</span> {}').format(price, amount) if n else amount
    return escape(gettext("from %(price)s", price="{}")).format(price) if more else price


@lru_cache(maxsize=20_000)
def _other(tag: str, n: int, cash: int) -> Markup:
    """Another way to pay, so that one sees that there is a choice."""
    return escape(gettext("or %(price)s", price="{}")).format(_price(tag, n, cash, False))


@lru_cache(maxsize=20_000)
def _missing(_tag: str, n: int) -> str:
    return missing_text(n)


def gate_text(tier: str) -> str:
    """Who can have what the reader cannot."""
    return str(gettext("for %(tier)s", tier=TIER_WORDS.get(tier, tier)))


def left_text(n: int) -> str:
    """How many are left, where few are."""
    return str(ngettext("%(n)s left", "%(n)s left", n, n=n))


def missing_text(n: int) -> str:
    """How far a balance is from a price."""
    return str(ngettext("%(n)s point to go", "%(n)s points to go", n, n=points(n)))

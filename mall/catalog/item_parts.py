"""Parts of an item's page: its pictures, variants, limits, notes and details in words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext, ngettext

from mall.catalog import cards
from mall.catalog.cards import LOW, MEDIA
from mall.catalog.choices import KIND_WORDS
from mall.domain.items.queries import ItemPage, PictureRow, VariantRow
from mall.domain.items.ways import Mix, Way
from mall.web.formatting import day, money, points, price, sentences

_COLON = re.compile("[:：]")

#: Most pieces in one go where nothing else says so.
MOST_PIECES = 20


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """A picture of the gallery."""

    url: str
    srcset: str
    thumb: str
    alt: str


@dataclass(frozen=True, slots=True)
class ShownVariant:
    """A variant to choose. `stock_kind`: plenty, low or out."""

    id: int
    label: str
    points: int
    cash: int
    stock_kind: str
    stock_text: str

    @property
    def sold_out(self) -> bool:
        """Whether it cannot be chosen."""
        return self.stock_kind == "out"


@dataclass(frozen=True, slots=True)
class Note:
    """A line under the buttons."""

    icon: str
    text: str


def picture(row: PictureRow) -> ShownPicture:
    base = f"{MEDIA}{row.key}-"
    return ShownPicture(
        f"{base}1280.webp", f"{base}640.webp 640w, {base}1280.webp 1280w", f"{base}320.webp", row.alt
    )


def choice(priced: Sequence[VariantRow]) -> str:
    """What there is to choose, where every variant names the same one thing: "Colour" of "Colour: Ink", "Colour: Sand"."""
    names = {_COLON.split(v.options, maxsplit=1)[0] for v in priced}
    name = names.pop() if names else ""
    plain = all(len(_COLON.findall(v.options)) == 1 for v in priced)
    return name.strip() if not names and plain else ""


def variant(row: VariantRow, chosen_by: str) -> ShownVariant:
    if row.sold_out:
        kind, text = "out", gettext("sold out")
    elif row.available is not None and row.available <= LOW:
        kind, text = "low", cards.left_text(row.available)
    else:
        kind, text = "plenty", gettext("in stock")
    label = _COLON.split(row.options, maxsplit=1)[1].strip() if chosen_by else row.options
    return ShownVariant(
        row.variant_id,
        label or row.sku,
        row.mix.points if row.mix else 0,
        row.mix.cash if row.mix else 0,
        kind,
        text,
    )


def next_price(priced: Sequence[VariantRow]) -> str:
    """The next price of the cheapest variant, where one is scheduled."""
    first = min(priced, key=_price_now, default=None)
    if first is None or first.next is None or first.next_at is None:
        return ""
    return _price_from(first.next, first.next_at)


def _price_now(row: VariantRow) -> tuple[int, int]:
    return (row.mix.points, row.mix.cash) if row.mix else (0, 0)


def soon(variants: Sequence[VariantRow]) -> str:
    """When an item without a price in force will have one."""
    coming = [(v.next_at, v.next) for v in variants if v.next_at and v.next]
    first = min(coming, key=lambda pair: pair[0], default=None)
    return _price_from(first[1], first[0]) if first else ""


def _price_from(mix: Mix, at: datetime) -> str:
    return str(gettext("%(price)s from %(day)s", price=price(mix.points, mix.cash), day=day(at)))


def most_pieces(variants: Sequence[VariantRow], way: Way) -> int:
    """The highest number the field takes: what is left of the fullest variant, within the limits of the chosen way."""
    left = [v.available for v in variants if v.mix is not None]
    most = MOST_PIECES if None in left else max((n for n in left if n), default=0)
    limits = [n for n in (way.limits.per_order, way.limits.per_day, way.limits.ever) if n]
    return min([MOST_PIECES, most, *limits])


def limits(way: Way) -> str:
    """How many a member may have by the chosen way, where it says so: in all, else a day, else in one order."""
    ever, daily, order = way.limits.ever, way.limits.per_day, way.limits.per_order
    if ever:
        return str(
            ngettext("At most %(n)s for each member", "At most %(n)s for each member", ever, n=points(ever))
        )
    if daily:
        return str(ngettext("At most %(n)s a day", "At most %(n)s a day", daily, n=points(daily)))
    if order:
        return str(
            ngettext("At most %(n)s in one order", "At most %(n)s in one order", order, n=points(order))
        )
    return ""


def notes(kind: str, *, cash: bool) -> list[Note]:
    """How it reaches its member, what can be undone, and when points are taken; `cash`: some may be due."""
    how = {
        "goods": Note("truck", gettext("Sent to your address. You choose how at the checkout.")),
        "service": Note(
            "calendar-check", gettext("A service: nothing is sent by post. Your order says how to use it.")
        ),
        "digital": Note(
            "download", gettext("Digital: nothing is sent by post. You find it with your order.")
        ),
    }
    undo = {
        "goods": gettext("Cancel before it is shipped, and your points come back, valid as long as before."),
        "service": gettext("Cancel before it begins, and your points come back, valid as long as before."),
        "digital": gettext("Once it is given to you, the order can no longer be cancelled."),
    }
    card = gettext("The cash goes back to the card that paid it.") if cash and kind != "digital" else ""
    return [
        how[kind],
        Note("undo-2", sentences([undo[kind], card])),
        Note("shield-check", gettext("Your points are taken only when you confirm the order.")),
    ]


def facts(item: ItemPage) -> list[tuple[str, Any]]:
    facts: list[tuple[str, Any]] = [
        (gettext("Kind"), KIND_WORDS[item.kind]),
        (gettext("Category"), item.category.name),
    ]
    if item.value:
        facts.append((gettext("Retail value"), money(item.value)))
    numbers = ", ".join(v.sku for v in item.variants)
    if numbers:
        facts.append((gettext("Item number"), numbers))
    return facts

"""One item in words: price now and next, stock, whether the points are enough, notes and details."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from mall.catalog import cards, paying
from mall.catalog import item_parts as parts
from mall.catalog.cards import MEDIA, ShownCard
from mall.catalog.forms import PATH, Asked
from mall.catalog.item_parts import Note, ShownPicture, ShownVariant
from mall.catalog.paying import Pay, Wanted
from mall.domain.items.queries import Card, ItemPage


@dataclass(slots=True)
class ItemView:
    """All that catalog/item.html shows. Points are whole numbers; `pay` is how the chosen variant can be paid for."""

    item_id: int
    name: str
    summary: str
    description: str
    html: Markup
    path: str
    canonical: str
    cover: str
    category: str
    category_url: str
    guest: bool
    sign_in: str
    wished: bool
    hearts: str
    pictures: Sequence[ShownPicture]
    variants: Sequence[ShownVariant]
    choice: str
    points: int
    cash: int
    most: int
    next_text: str
    soon_text: str
    sold_out: bool
    notes: Sequence[Note]
    facts: Sequence[tuple[str, Any]]
    pay: Pay | None = None
    related: Sequence[ShownCard] = field(default_factory=tuple)

    @property
    def only(self) -> ShownVariant | None:
        """The variant, where there is nothing to choose."""
        return self.variants[0] if len(self.variants) == 1 else None

    @property
    def prices_differ(self) -> bool:
        """Whether variants have different prices."""
        return len({(variant.points, variant.cash) for variant in self.variants}) > 1

    @property
    def can_redeem(self) -> bool:
        """Whether "Redeem now" makes sense: for guests it leads through the sign-in."""
        return self.guest or (self.pay is not None and not self.pay.missing)


def takes_cash(item: ItemPage) -> bool:
    """Whether some way to pay for it takes cash."""
    return any(way.kind != "points" for variant in item.variants for way in variant.ways)


def item_view(
    item: ItemPage, related: Sequence[Card], balance: int | None, ask: Wanted, *, base_url: str, sign_in: str
) -> ItemView:
    """The page of an item for a balance in points (None: a guest), and what is chosen so far."""
    path = f"{PATH}/{item.slug}"
    priced = [v for v in item.variants if v.mix is not None]
    choice = parts.choice(priced)
    cover = f"{base_url}{MEDIA}{item.pictures[0].key}-1280.webp" if item.pictures else ""
    return ItemView(
        item_id=item.item_id,
        name=item.name,
        summary=item.summary or "",
        description=(item.summary or item.name)[:200],
        html=Markup(item.html or ""),  # noqa: S704 - sanitised when it was stored (items/texts.py)
        path=path,
        canonical=base_url + path,
        cover=cover,
        category=item.category.name,
        category_url=Asked(category=item.category.slug).url(),
        guest=balance is None,
        sign_in=sign_in,
        wished=item.wished,
        hearts="guest" if balance is None else "card",
        pictures=[parts.picture(p) for p in item.pictures],
        variants=[parts.variant(v, choice) for v in priced],
        choice=choice,
        points=item.mix.points if item.mix else 0,
        cash=item.mix.cash if item.mix else 0,
        most=item.mix_most.points if item.mix_most else 0,
        next_text=parts.next_price(priced),
        soon_text="" if priced else parts.soon(item.variants),
        sold_out=bool(priced) and all(v.sold_out for v in priced),
        notes=parts.notes(item.kind, cash=takes_cash(item)),
        facts=parts.facts(item),
        pay=paying.pay(item, ask, balance),
        related=cards.show(related, balance),
    )

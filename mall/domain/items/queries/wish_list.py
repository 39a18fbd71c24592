"""A member's wish list: light rows, one statement, items that are no longer offered among them."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from mall.core.db import db
from mall.core.ids import MemberId
from mall.domain.items.models import Category, Item, Wish
from mall.domain.items.price_models import Listing
from mall.domain.items.queries.cards import Card
from mall.domain.items.queries.parts import MEMBER, NAME, SEEN, SUMMARY, cover, shown, stock_left, with_texts


@dataclass(frozen=True, slots=True)
class Wished:
    """An item on the list since `since`. `offered` False: it cannot be redeemed now; its points are then 0."""

    card: Card
    since: datetime
    offered: bool


#: The price of what cannot be had.
_NOTHING = ("points", 0, 0, 0, 0, 0, 0, 0)
_WISHES = (
    with_texts(
        sa.select(
            Wish.created_at, Listing.item_id.is_not(None), Item.id, Item.slug, NAME, SUMMARY, Item.kind, Category.slug,
            *(sa.func.coalesce(column, empty) for column, empty in zip(shown(Listing)[:-1], _NOTHING, strict=True)),
            Listing.gate, stock_left(Item.id),
            sa.func.coalesce(Listing.cover, cover(Item.id)), Item.value, sa.func.coalesce(Item.published_at, Item.created_at),
            sa.true(),
        )
        .select_from(Wish)
        .join(Item, Item.id == Wish.item_id)
        .join(Category, Category.id == Item.category_id)
        .outerjoin(Listing, sa.and_(Listing.item_id == Wish.item_id, *SEEN))
    )
    .where(Wish.member_id == MEMBER)
    .order_by(Wish.created_at.desc(), Wish.item_id.desc())
)  # fmt: skip


def wish_list(member: MemberId, *, locale: str, at: datetime) -> list[Wished]:
    """What a member wishes for, the newest wish first, names in `locale` (else English). One statement."""
    rows = db.session.execute(_WISHES, {"member": member, "locale": locale, "at": at})
    return [Wished(Card(*card), since, bool(offered)) for since, offered, *card in rows]


_NAME = with_texts(sa.select(NAME).select_from(Item)).where(Item.id == sa.bindparam("item"))


def wish_name(item_id: int, *, locale: str) -> str | None:
    """The name of an item in `locale` (else English); None if there is no such item."""
    name: str | None = db.session.scalar(_NAME, {"item": item_id, "locale": locale})
    return name

"""The wish list: what a member would like, kept until they take it off. Writing only; see queries/wish_list.py."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from mall.core.db import changed, db
from mall.core.errors import N_, MallError
from mall.core.ids import MemberId
from mall.domain.items.errors import NoSuchItem
from mall.domain.items.models import Item, Wish

#: More than anyone follows; keeps the page one page.
MOST_WISHES = 200


class WishListFull(MallError):
    """The member already wishes for as many items as the list takes."""

    code = "wish_list_full"
    message = N_("Your wish list has %(most)s items already, and takes no more.")
    hint = N_("Take one off that you no longer want.")


def add(member: MemberId, item_id: int, *, at: datetime) -> bool:
    """Put a live item on the list; whether it is new there. Raises NoSuchItem, WishListFull. The caller commits."""
    if db.session.scalar(sa.select(Item.id).where(Item.id == item_id, Item.status == "live")) is None:
        raise NoSuchItem
    many = (
        sa.select(sa.func.count()).select_from(Wish).where(Wish.member_id == member, Wish.item_id != item_id)
    )
    if (db.session.scalar(many) or 0) >= MOST_WISHES:
        raise WishListFull(most=MOST_WISHES)
    insert = sqlite.insert if db.session.get_bind().dialect.name == "sqlite" else postgresql.insert
    wish = insert(Wish).values(member_id=member, item_id=item_id, created_at=at)
    kept = wish.on_conflict_do_nothing().returning(Wish.item_id)
    return db.session.execute(kept).first() is not None


def remove(member: MemberId, item_id: int) -> bool:
    """Take an item off the list, live or not; whether it was there. The caller commits."""
    gone = sa.delete(Wish).where(Wish.member_id == member, Wish.item_id == item_id)
    return changed(db.session.execute(gone)) > 0

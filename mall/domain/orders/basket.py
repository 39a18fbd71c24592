"""The basket's verbs. It belongs to a member, or to the token in a guest's session until they sign in."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.db import changed, db
from mall.core.ids import MemberId, VariantId
from mall.domain.items import queries as items
from mall.domain.items.errors import NoSuchItem, SoldOut
from mall.domain.orders import rules
from mall.domain.orders.errors import BasketFull, NotOffered
from mall.domain.orders.models import basket_line_table as line
from mall.domain.orders.models import basket_table as basket


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose basket: a member's, or a guest's by the token of their session."""

    member: MemberId | None = None
    token: str | None = None


@dataclass(frozen=True, slots=True)
class Removed:
    """What was taken out, so that it can be put back."""

    variant_id: VariantId
    quantity: int


_BY_MEMBER = sa.select(basket.c.id).where(basket.c.member_id == bindparam("member"))
_BY_TOKEN = sa.select(basket.c.id).where(basket.c.token == bindparam("token"))
_MAKE = sa.insert(basket).values(
    member_id=bindparam("member"), token=bindparam("token"), updated_at=bindparam("at")
)
_TOUCH = sa.update(basket).where(basket.c.id == bindparam("basket")).values(updated_at=bindparam("at"))
_LINES = sa.select(line.c.id, line.c.variant_id, line.c.quantity).where(
    line.c.basket_id == bindparam("basket")
)
_MORE = (
    sa.update(line)
    .where(line.c.basket_id == bindparam("basket"), line.c.variant_id == bindparam("variant"))
    .values(
        quantity=sa.case(
            (line.c.quantity + bindparam("n") > bindparam("most"), bindparam("most")),
            else_=line.c.quantity + bindparam("n"),
        ),
        points_seen=bindparam("points"),
    )
)
_PUT = sa.insert(line).values(
    basket_id=bindparam("basket"),
    variant_id=bindparam("variant"),
    quantity=bindparam("n"),
    points_seen=bindparam("points"),
    added_at=bindparam("at"),
)
_ONE = sa.select(line.c.variant_id, line.c.quantity).where(
    line.c.id == bindparam("line"), line.c.basket_id == bindparam("basket")
)
_SET = (
    sa.update(line)
    .where(line.c.id == bindparam("line"), line.c.basket_id == bindparam("basket"))
    .values(quantity=bindparam("n"), points_seen=bindparam("points"))
)
_DROP = sa.delete(line).where(line.c.id == bindparam("line"), line.c.basket_id == bindparam("basket"))
_DROP_BASKET = sa.delete(basket).where(basket.c.id == bindparam("basket"))


def find(owner: Owner) -> int | None:
    """The id of the owner's basket, if there is one."""
    if owner.member is not None:
        return db.session.scalar(_BY_MEMBER, {"member": owner.member})
    if owner.token is not None:
        return db.session.scalar(_BY_TOKEN, {"token": owner.token})
    return None


def add(owner: Owner, variant_id: VariantId, quantity: int, *, at: datetime) -> None:
    """Put units of a variant into the basket, onto what is there, up to what one order may hold.

    Raises NoSuchItem, NotOffered, SoldOut, BasketFull.
    """
    found = items.priced_variants([variant_id], locale="en", at=at).get(variant_id)
    if found is None or found.status == "draft":
        raise NoSuchItem
    if found.status != "live" or found.points is None or found.cash:
        raise NotOffered(name=found.name)
    if found.available is not None and found.available <= 0:
        raise SoldOut(name=found.name, sku=found.sku, variant_id=variant_id, left=0, asked=quantity)
    most = rules.capped(rules.MAX_QUANTITY, limit_per_order=found.limit_per_order)
    _put(_open(owner, at), variant_id, quantity, most=most, points=found.points, at=at)


def set_quantity(owner: Owner, line_id: int, quantity: int, *, at: datetime) -> Removed | None:
    """Set how many a line holds (0 takes it out), up to what one order may hold; the price shown is seen again.

    Of a line that is not (any more) in the owner's basket nothing is said and nothing changes.
    """
    basket_id = find(owner)
    this = {"line": line_id, "basket": basket_id}
    row = db.session.execute(_ONE, this).one_or_none() if basket_id is not None else None
    if row is None:
        return None
    if quantity <= 0:
        return remove(owner, line_id, at=at)
    found = items.priced_variants([row.variant_id], locale="en", at=at).get(row.variant_id)
    if found is not None and found.points is not None:
        n = rules.capped(quantity, limit_per_order=found.limit_per_order)
        db.session.execute(_SET, {**this, "n": n, "points": found.points})
        db.session.execute(_TOUCH, {"basket": basket_id, "at": at})
    return None


def remove(owner: Owner, line_id: int, *, at: datetime) -> Removed | None:
    """Take a line out of the basket; says what it was, for the undo."""
    basket_id = find(owner)
    this = {"line": line_id, "basket": basket_id}
    row = db.session.execute(_ONE, this).one_or_none() if basket_id is not None else None
    if row is None:
        return None
    db.session.execute(_DROP, this)
    db.session.execute(_TOUCH, {"basket": basket_id, "at": at})
    return Removed(row.variant_id, row.quantity)


def merge(token: str | None, *, member_id: MemberId, at: datetime) -> None:
    """Bring a guest's basket into the member's at sign-in: quantities add up, to what one order may hold.

    What is no longer offered is left behind; so are lines that a full basket cannot take.
    """
    guest = find(Owner(token=token)) if token else None
    if guest is None:
        return
    rows = db.session.execute(_LINES, {"basket": guest}).all()
    db.session.execute(_DROP_BASKET, {"basket": guest})
    offered = items.priced_variants([row.variant_id for row in rows], locale="en", at=at) if rows else {}
    mine = _open(Owner(member=member_id), at) if offered else 0
    for row in rows:
        found = offered.get(row.variant_id)
        if found is None or found.status != "live" or found.points is None or found.cash:
            continue
        most = rules.capped(rules.MAX_QUANTITY, limit_per_order=found.limit_per_order)
        try:
            _put(mine, row.variant_id, row.quantity, most=most, points=found.points, at=at)
        except BasketFull:
            break


def _open(owner: Owner, at: datetime) -> int:
    """The owner's basket, made if need be, and locked: two tabs at once take turns."""
    found = find(owner)
    if found is None:
        make = db.session.begin_nested()
        try:
            db.session.execute(_MAKE, {"member": owner.member, "token": owner.token, "at": at})
            make.commit()
        except sa.exc.IntegrityError:
            make.rollback()
        found = find(owner)
    if found is None:
        raise RuntimeError("a basket needs a member or a token")
    db.session.execute(_TOUCH, {"basket": found, "at": at})
    return found


def _put(basket_id: int, variant: VariantId, n: int, *, most: int, points: int, at: datetime) -> None:
    this = {"basket": basket_id, "variant": variant, "most": most, "points": points, "n": min(n, most)}
    if changed(db.session.execute(_MORE, this)):
        return
    if len(db.session.execute(_LINES, {"basket": basket_id}).all()) >= rules.MAX_LINES:
        raise BasketFull(most=rules.MAX_LINES)
    db.session.execute(_PUT, {**this, "at": at})

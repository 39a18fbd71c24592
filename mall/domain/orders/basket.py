"""The basket's verbs. It belongs to a member, or to the token in a guest's session until they sign in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.db import changed, db
from mall.core.errors import BadValue
from mall.core.ids import MemberId, VariantId
from mall.core.money import rates
from mall.domain.items import queries as items
from mall.domain.items.errors import NoSuchItem, SoldOut
from mall.domain.items.ways import Mix, Way
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
class Choice:
    """How a line is to be paid: the offer (None: the usual one), and the points for one unit where their number can be
    chosen (None: as many as may be)."""

    offer_id: int | None = None
    points_each: int | None = None


#: Nothing chosen.
USUAL = Choice()


@dataclass(frozen=True, slots=True)
class Removed:
    """What was taken out, so that it can be put back."""

    variant_id: VariantId
    quantity: int
    choice: Choice = USUAL


@dataclass(frozen=True, slots=True)
class Remixed:
    """What was in the basket before is paid another way now: all `quantity` units cost `each`."""

    quantity: int
    each: Mix


_BY_MEMBER = sa.select(basket.c.id).where(basket.c.member_id == bindparam("member"))
_BY_TOKEN = sa.select(basket.c.id).where(basket.c.token == bindparam("token"))
_MAKE = sa.insert(basket).values(
    member_id=bindparam("member"), token=bindparam("token"), updated_at=bindparam("at")
)
_TOUCH = sa.update(basket).where(basket.c.id == bindparam("basket")).values(updated_at=bindparam("at"))
_chosen: dict[str, sa.BindParameter[Any]] = {
    "offer_id": bindparam("offer"),
    "points_each": bindparam("each"),
    "points_seen": bindparam("points"),
    "cash_seen": bindparam("cash"),
}
_LINES = sa.select(line.c.id, line.c.variant_id, line.c.quantity, line.c.offer_id, line.c.points_each).where(
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
        **_chosen,
    )
)
_PUT = sa.insert(line).values(
    basket_id=bindparam("basket"),
    variant_id=bindparam("variant"),
    quantity=bindparam("n"),
    added_at=bindparam("at"),
    **_chosen,
)
_ONE = sa.select(line.c.variant_id, line.c.quantity, line.c.offer_id, line.c.points_each).where(
    line.c.id == bindparam("line"), line.c.basket_id == bindparam("basket")
)
_SET = (
    sa.update(line)
    .where(line.c.id == bindparam("line"), line.c.basket_id == bindparam("basket"))
    .values(quantity=bindparam("n"), **_chosen)
)
_POINTS_OFF = (
    sa.update(basket).where(basket.c.id == bindparam("basket")).values(points_off=bindparam("points"))
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


def add(
    owner: Owner, variant_id: VariantId, quantity: int, *, choice: Choice | None = None, at: datetime
) -> Remixed | None:
    """Put units of a variant into the basket, onto what is there, up to what one order may hold.

    With a `choice`, all of the line is paid that way, and where that changes what was there, the answer says so; without
    one, as it was. Raises NoSuchItem, NotOffered (also where
    the offer chosen is not open to the owner), SoldOut, BasketFull.
    """
    found = items.priced_variants([variant_id], member=owner.member, locale="en", at=at).get(variant_id)
    if found is None or found.status == "draft":
        raise NoSuchItem
    way = found.by(choice.offer_id if choice else None)
    if way is None:
        raise NotOffered(name=found.name)
    if found.available is not None and found.available <= 0:
        raise SoldOut(name=found.name, sku=found.sku, variant_id=variant_id, left=0, asked=quantity)
    basket_id = _open(owner, at)
    was, before = _as_it_was(basket_id, variant_id)
    old_way = found.by(was.offer_id)
    if choice is None:
        choice, way = was, old_way or way
    priced = _Priced(way, choice)
    _put(basket_id, variant_id, quantity, priced, at=at)
    if not before or (old_way is not None and _Priced(old_way, was).mix == priced.mix):
        return None
    return Remixed(min(before + quantity, priced.most), priced.mix)


def change(
    owner: Owner, line_id: int, *, quantity: int | None = None, choice: Choice | None = None, at: datetime
) -> Removed | None:
    """Set how many a line holds (0 takes it out; up to what one order may hold) and how it is paid; the price shown is
    seen again.

    What is None stays. Of a line that is not (any more) in the owner's basket nothing is said and nothing changes.
    Raises NotOffered where the offer chosen is not open.
    """
    basket_id = find(owner)
    this = {"line": line_id, "basket": basket_id}
    row = db.session.execute(_ONE, this).one_or_none() if basket_id is not None else None
    if row is None:
        return None
    if quantity is not None and quantity <= 0:
        return remove(owner, line_id, at=at)
    found = items.priced_variants([row.variant_id], member=owner.member, locale="en", at=at).get(
        row.variant_id
    )
    if found is None or found.way is None:
        return None
    if choice is not None and found.by(choice.offer_id) is None:
        raise NotOffered(name=found.name)
    said = choice or Choice(row.offer_id, row.points_each)
    way = found.by(said.offer_id)
    priced = _Priced(way, said) if way else _Priced(found.way, USUAL)
    n = rules.capped(quantity or row.quantity, limit_per_order=priced.way.limits.per_order)
    db.session.execute(_SET, {**this, "n": n, **priced.values})
    db.session.execute(_TOUCH, {"basket": basket_id, "at": at})
    return None


def use_points(owner: Owner, points: int, *, at: datetime) -> None:
    """Use so many points as money off what the basket holds for cash (0: none). The price takes no more than can be."""
    if points < 0:
        raise BadValue(value=points)
    basket_id = _open(owner, at)
    db.session.execute(_POINTS_OFF, {"basket": basket_id, "points": points or None})


def remove(owner: Owner, line_id: int, *, at: datetime) -> Removed | None:
    """Take a line out of the basket; says what it was, for the undo."""
    basket_id = find(owner)
    this = {"line": line_id, "basket": basket_id}
    row = db.session.execute(_ONE, this).one_or_none() if basket_id is not None else None
    if row is None:
        return None
    db.session.execute(_DROP, this)
    db.session.execute(_TOUCH, {"basket": basket_id, "at": at})
    return Removed(row.variant_id, row.quantity, Choice(row.offer_id, row.points_each))


def merge(token: str | None, *, member_id: MemberId, at: datetime) -> None:
    """Bring a guest's basket into the member's at sign-in: quantities add up, to what one order may hold.

    What is no longer offered is left behind; so are lines that a full basket cannot take.
    """
    guest = find(Owner(token=token)) if token else None
    if guest is None:
        return
    rows = db.session.execute(_LINES, {"basket": guest}).all()
    db.session.execute(_DROP_BASKET, {"basket": guest})
    ids = [row.variant_id for row in rows]
    offered = items.priced_variants(ids, member=member_id, locale="en", at=at)
    mine = _open(Owner(member=member_id), at) if offered else 0
    for row in rows:
        found = offered.get(row.variant_id)
        if found is None or found.way is None:
            continue
        way = found.by(row.offer_id)
        priced = _Priced(way, Choice(row.offer_id, row.points_each)) if way else _Priced(found.way, USUAL)
        try:
            _put(mine, row.variant_id, row.quantity, priced, at=at)
        except BasketFull:
            break


@dataclass(frozen=True, slots=True)
class _Priced:
    """A choice and the way to pay that it comes to."""

    way: Way
    choice: Choice

    @property
    def mix(self) -> Mix:
        """What one unit costs."""
        return self.way.mix(self.choice.points_each, least=rates().min_cash)

    @property
    def most(self) -> int:
        """How many units one order may hold."""
        return rules.capped(rules.MAX_QUANTITY, limit_per_order=self.way.limits.per_order)

    @property
    def values(self) -> dict[str, int | None]:
        """What a line keeps of it: of the points for one unit only where they can be chosen."""
        mix = self.mix
        chosen = self.way.kind == "range" and self.choice.points_each is not None
        return {
            "offer": self.choice.offer_id,
            "each": mix.points if chosen else None,
            "points": mix.points,
            "cash": mix.cash,
        }


def _as_it_was(basket_id: int, variant: VariantId) -> tuple[Choice, int]:
    """How the line of that variant is paid so far, and how many units it holds."""
    rows = db.session.execute(_LINES, {"basket": basket_id})
    found = (
        (Choice(row.offer_id, row.points_each), row.quantity) for row in rows if row.variant_id == variant
    )
    return next(found, (USUAL, 0))


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


def _put(basket_id: int, variant: VariantId, n: int, priced: _Priced, *, at: datetime) -> None:
    most = priced.most
    this = {"basket": basket_id, "variant": variant, "most": most, "n": min(n, most), **priced.values}
    if changed(db.session.execute(_MORE, this)):
        return
    if len(db.session.execute(_LINES, {"basket": basket_id}).all()) >= rules.MAX_LINES:
        raise BasketFull(most=rules.MAX_LINES)
    db.session.execute(_PUT, {**this, "at": at})

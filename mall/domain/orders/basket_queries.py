"""Reads for the basket and the header's count."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.db import db
from mall.core.ids import VariantId
from mall.core.money import Rates, rates
from mall.domain.items import queries as items
from mall.domain.items.ways import Mix, Standing, Way
from mall.domain.orders import pricing, rules
from mall.domain.orders.basket import Owner
from mall.domain.orders.models import basket_line_table, basket_table
from mall.domain.orders.pricing import Line, Priced
from mall.domain.orders.queries import Row
from mall.domain.orders.suggesting import Suggestion, best_use


@dataclass(frozen=True, slots=True)
class BasketLineView:
    """A line of the basket at today's price; `problem` is what to say about it.

    `ways` are what can be chosen, `way` what is, `each` the price of one unit by it (None, with `way`: it cannot be had);
    `points`, `cash` of the whole line, its share of the points off taken into account; `runs` the numbers of points that
    can be given for one unit.
    """

    id: int
    variant_id: VariantId
    quantity: int
    name: str
    slug: str
    options: str
    picture: str | None
    most: int
    problem: rules.Problem | None
    ways: Sequence[Way] = ()
    way: Way | None = None
    each: Mix | None = None
    runs: Sequence[tuple[int, int]] = ()
    points: int = 0
    cash: int = 0

    @property
    def chosen(self) -> bool:
        """Whether the number of points is the member's choice."""
        return self.way is not None and self.way.kind == "range"


@dataclass(frozen=True, slots=True)
class BasketView:
    """A basket with live prices, delivery left out; `priced` is of the lines that can be had, in their order."""

    lines: Sequence[BasketLineView]
    priced: Priced
    standing: Standing

    @property
    def points(self) -> int:
        """What can be ordered costs so many points."""
        return self.priced.points

    @property
    def cash(self) -> int:
        """And so many minor units."""
        return self.priced.cash

    @property
    def count(self) -> int:
        """Units in the basket."""
        return sum(line.quantity for line in self.lines)

    @property
    def ready(self) -> bool:
        """Whether it can be ordered as it is."""
        return bool(self.lines) and not any(line.problem and line.problem.blocks for line in self.lines)


_join = sa.join(basket_table, basket_line_table, basket_line_table.c.basket_id == basket_table.c.id)
_lines = (
    sa.select(
        basket_line_table.c.id,
        basket_line_table.c.variant_id,
        basket_line_table.c.quantity,
        basket_line_table.c.points_seen,
        basket_line_table.c.cash_seen,
        basket_line_table.c.offer_id,
        basket_line_table.c.points_each,
        basket_table.c.points_off,
    )
    .select_from(_join)
    .order_by(basket_line_table.c.id)
)
_OF_MEMBER = _lines.where(basket_table.c.member_id == bindparam("member"))
_OF_TOKEN = _lines.where(basket_table.c.token == bindparam("token"))
_count = sa.select(sa.func.coalesce(sa.func.sum(basket_line_table.c.quantity), 0)).select_from(_join)


def count_of_member(member_id: sa.BindParameter[int]) -> sa.ScalarSelect[int]:
    """Units in a member's basket, to be embedded in the header's one statement."""
    return _count.where(basket_table.c.member_id == member_id).scalar_subquery()


def count_of_guest(token: str) -> int:
    """Units in the basket of a guest's token."""
    return int(db.session.scalar(_count.where(basket_table.c.token == token)) or 0)


def basket_view(owner: Owner, *, locale: str, at: datetime) -> BasketView:
    """The owner's basket with today's prices, stock and words, in two statements."""
    if owner.member is not None:
        rows = db.session.execute(_OF_MEMBER, {"member": owner.member}).all()
    elif owner.token:
        rows = db.session.execute(_OF_TOKEN, {"token": owner.token}).all()
    else:
        rows = []
    worth = rates()
    found = items.priced([row.variant_id for row in rows], member=owner.member, locale=locale, at=at)
    shown = [
        _basket_line(row, found.variants[row.variant_id], worth)
        for row in rows
        if row.variant_id in found.variants
    ]
    off = rows[0].points_off or 0 if rows else 0
    return priced_view(shown, found.standing, points_off=off)


def priced_view(lines: Sequence[BasketLineView], standing: Standing, *, points_off: int) -> BasketView:
    """These lines with their totals."""
    can = [line for line in lines if line.way is not None]
    priced = pricing.price(asked(can), rates=rates(), points_off=points_off, tier=standing.tier)
    sums = iter(priced.lines)
    whole = [
        line if line.way is None else replace(line, points=(sum_ := next(sums)).points, cash=sum_.cash)
        for line in lines
    ]
    return BasketView(whole, priced, standing)


def suggestion(view: BasketView, *, expiring: int) -> Suggestion:
    """The best use of `expiring` points (those of the member's that expire next) for what the basket holds."""
    return best_use(asked(view.lines), expiring=expiring, rates=rates())


def asked(lines: Sequence[BasketLineView]) -> list[Line]:
    """The lines that can be had, as pricing takes them."""
    return [
        Line(line.way, min(line.quantity, rules.MAX_QUANTITY), line.each.points if line.each else None)
        for line in lines
        if line.way is not None
    ]


def _basket_line(row: Row, found: items.PricedVariant, worth: Rates) -> BasketLineView:
    way = found.by(row.offer_id)
    ended = way is None and found.way is not None
    way = way or found.way
    each = way.mix(row.points_each, least=worth.min_cash) if way else None
    limit = way.limits.per_order if way else None
    return BasketLineView(
        id=row.id,
        variant_id=row.variant_id,
        quantity=row.quantity,
        name=found.name,
        slug=found.slug,
        options=found.options_text,
        picture=found.picture,
        most=rules.capped(rules.MAX_QUANTITY, limit_per_order=limit),
        problem=rules.problem(
            price=(each.points, each.cash) if each else None,
            seen=(row.points_seen, row.cash_seen),
            available=found.available,
            limit_per_order=limit,
            quantity=row.quantity,
            ended=ended,
        ),
        ways=found.ways,
        way=way,
        each=each,
        runs=way.runs(worth.min_cash) if way else (),
    )

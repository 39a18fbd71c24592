"""Reads for the basket, the checkout and the header's count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.db import db
from mall.core.ids import MemberId, VariantId
from mall.domain.items import queries as items
from mall.domain.members.models import Address
from mall.domain.orders import rules
from mall.domain.orders.basket import Owner
from mall.domain.orders.errors import AlreadyPlaced, QuoteGone
from mall.domain.orders.models import (
    basket_line_table,
    basket_table,
    delivery_method_table,
    order_table,
    quote_line_table,
    quote_table,
)
from mall.domain.orders.queries import Row, spoken


@dataclass(frozen=True, slots=True)
class BasketLineView:
    """A line of the basket at today's price; `problem` is what to say about it."""

    id: int
    variant_id: VariantId
    quantity: int
    name: str
    slug: str
    options: str
    picture: str | None
    points_each: int
    most: int
    problem: rules.Problem | None

    @property
    def points(self) -> int:
        """Points of the whole line."""
        return self.points_each * self.quantity


@dataclass(frozen=True, slots=True)
class BasketView:
    """A basket with live prices."""

    lines: Sequence[BasketLineView]

    @property
    def points(self) -> int:
        """What can be ordered costs so many points."""
        return sum(line.points for line in self.lines if not (line.problem and line.problem.kind == "gone"))

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
    if not rows:
        return BasketView(())
    found = items.priced_variants([row.variant_id for row in rows], locale=locale, at=at)
    return BasketView([_basket_line(row, found[row.variant_id]) for row in rows if row.variant_id in found])


def _basket_line(row: Row, offer: items.PricedVariant) -> BasketLineView:
    return BasketLineView(
        id=row.id,
        variant_id=row.variant_id,
        quantity=row.quantity,
        name=offer.name,
        slug=offer.slug,
        options=offer.options_text,
        picture=offer.picture,
        points_each=offer.points or 0,
        most=rules.capped(rules.MAX_QUANTITY, limit_per_order=offer.limit_per_order),
        problem=rules.problem(
            points=offer.points if offer.status == "live" and not offer.cash else None,
            available=offer.available,
            limit_per_order=offer.limit_per_order,
            quantity=row.quantity,
            points_seen=row.points_seen,
        ),
    )


@dataclass(frozen=True, slots=True)
class QuoteLineView:
    """A line of a quote."""

    name: str
    options: str
    picture: str | None
    quantity: int
    points_each: int

    @property
    def points(self) -> int:
        """Points of the whole line."""
        return self.points_each * self.quantity


@dataclass(frozen=True, slots=True)
class QuoteView:
    """A quote as the checkout shows it."""

    id: str
    points: int
    cash: int
    needs_address: bool
    valid_until: datetime
    lines: Sequence[QuoteLineView]


_QUOTE = (
    sa.select(
        quote_table.c.id,
        quote_table.c.points,
        quote_table.c.cash,
        quote_table.c.needs_address,
        quote_table.c.valid_until,
        quote_line_table.c.name,
        quote_line_table.c.options,
        quote_line_table.c.picture,
        quote_line_table.c.quantity,
        quote_line_table.c.points_each,
        order_table.c.number,
    )
    .join(quote_line_table, quote_line_table.c.quote_id == quote_table.c.id)
    .outerjoin(order_table, order_table.c.quote_id == quote_table.c.id)
    .where(quote_table.c.id == bindparam("quote"), quote_table.c.member_id == bindparam("member"))
    .order_by(quote_line_table.c.position)
)


def quote_view(quote_id: str, *, member: MemberId, locale: str) -> QuoteView:
    """A member's quote. Raises QuoteGone; AlreadyPlaced (`number`) if it has become an order."""
    rows = db.session.execute(_QUOTE, {"quote": quote_id, "member": member}).all()
    if not rows:
        raise QuoteGone
    if rows[0].number is not None:
        raise AlreadyPlaced(number=rows[0].number)
    lines = [
        QuoteLineView(
            spoken(row.name, locale), spoken(row.options, locale), row.picture, row.quantity, row.points_each
        )
        for row in rows
    ]
    return QuoteView(*rows[0][:5], lines=lines)


@dataclass(frozen=True, slots=True)
class MethodView:
    """A delivery method in the reader's language."""

    code: str
    kind: str
    name: str
    hint: str
    needs_address: bool


@dataclass(frozen=True, slots=True)
class AddressView:
    """An address of the member, to choose from and to copy into the order."""

    id: int
    is_default: bool
    fields: Mapping[str, str]


ADDRESS_FIELDS = ("recipient", "phone", "country", "region", "city", "district", "line1", "line2", "postcode")
_CHOICES = (
    sa.select(
        delivery_method_table.c.code,
        delivery_method_table.c.kind,
        delivery_method_table.c.name,
        delivery_method_table.c.hint,
        delivery_method_table.c.needs_address,
        Address.id,
        Address.is_default,
        *(getattr(Address, name) for name in ADDRESS_FIELDS),
    )
    .select_from(delivery_method_table)
    .outerjoin(Address, sa.and_(Address.member_id == bindparam("member"), Address.deleted_at.is_(None)))
    .where(delivery_method_table.c.active.is_(sa.true()))
    .order_by(delivery_method_table.c.position, Address.is_default.desc(), Address.id.desc())
)


def delivery_choices(member: MemberId, *, locale: str) -> tuple[list[MethodView], list[AddressView]]:
    """How and where to a member can have things sent, in one statement: a few methods times a few addresses."""
    methods: dict[str, MethodView] = {}
    addresses: dict[int, AddressView] = {}
    for code, kind, name, hint, needs, address, default, *fields in db.session.execute(
        _CHOICES, {"member": member}
    ):
        methods.setdefault(code, MethodView(code, kind, spoken(name, locale), spoken(hint, locale), needs))
        if address is not None:
            addresses.setdefault(
                address, AddressView(address, default, dict(zip(ADDRESS_FIELDS, fields, strict=True)))
            )
    return list(methods.values()), list(addresses.values())

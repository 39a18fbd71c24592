"""Reads for the checkout: the quote, how and where to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.db import db
from mall.core.ids import MemberId
from mall.core.money import Rates
from mall.domain.items.ways import Way
from mall.domain.members.models import Address
from mall.domain.orders import delivery_rates, fees, pricing, quote_rows
from mall.domain.orders.delivery import Rate
from mall.domain.orders.errors import AlreadyPlaced, QuoteGone
from mall.domain.orders.fees import Terms
from mall.domain.orders.models import delivery_method_table, delivery_rate_table
from mall.domain.orders.pricing import Line, Priced, Step
from mall.domain.orders.queries import Row, spoken
from mall.domain.tiers.queries import tier_table


@dataclass(frozen=True, slots=True)
class QuoteLineView:
    """A line of a quote: points and minor units of one unit by the offer of that kind, and due for the whole line.

    `way` is the offer as the quote holds it. `service`: somebody will do it, and the member may say what would suit them.
    `codes`: its units are codes, which are the member's as soon as the order is paid.
    """

    position: int
    name: str
    options: str
    picture: str | None
    quantity: int
    kind: str
    points_each: int
    cash_each: int
    points: int
    cash: int
    service: bool
    codes: bool
    way: Way


@dataclass(frozen=True, slots=True)
class QuoteView:
    """A quote as the checkout shows it: what is due, what made it (`steps`), and what points can be used as money off
    (`off_runs`; minor units for cash, `delivery_fee` in it). `goods` is what it comes to without delivery, at `rates`."""

    id: str
    points: int
    cash: int
    currency: str
    needs_address: bool
    valid_until: datetime
    tier: str | None
    delivery_method: str | None
    delivery_address: Mapping[str, str] | None
    delivery_fee: int
    points_off: int
    worth_off: int
    steps: Sequence[Step]
    off_runs: Sequence[tuple[int, int]]
    goods: Priced
    rates: Rates
    lines: Sequence[QuoteLineView]


def quote_view(quote_id: str, *, member: MemberId, locale: str) -> QuoteView:
    """A member's quote, in one statement. Raises QuoteGone; AlreadyPlaced (`number`) if it has become an order."""
    kept = quote_rows.held(quote_id, member=member)
    if kept is None:
        raise QuoteGone
    row = kept.row
    if row.number is not None:
        raise AlreadyPlaced(number=row.number)
    return QuoteView(
        id=row.id, points=row.points, cash=row.cash, currency=row.currency, needs_address=row.needs_address,
        valid_until=row.valid_until, tier=row.tier, delivery_method=row.delivery_method,
        delivery_address=row.delivery_address, delivery_fee=row.delivery_fee, points_off=row.points_off,
        worth_off=row.worth_off, steps=pricing.from_json(row.explain),
        off_runs=pricing.off_runs(kept.lines, rates=kept.rates, fee=row.delivery_fee),
        goods=pricing.price(kept.lines, rates=kept.rates, points_off=row.points_off), rates=kept.rates,
        lines=[_quote_line(*pair, locale) for pair in zip(kept.rows, kept.lines, strict=True)],
    )  # fmt: skip


def _quote_line(row: Row, line: Line, locale: str) -> QuoteLineView:
    return QuoteLineView(
        row.position, spoken(row.name, locale), spoken(row.options, locale), row.picture, row.quantity,
        row.offer_kind, row.points_each, row.cash_each, row.points, row.cash,
        row.kind == "service", row.codes, line.way,
    )  # fmt: skip


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


@dataclass(frozen=True, slots=True)
class Choices:
    """How and where to a member can have things sent, and what it costs by the rates of the methods."""

    methods: Sequence[MethodView] = ()
    addresses: Sequence[AddressView] = ()
    terms: Terms = fees.NO_TERMS


NO_CHOICES = Choices()
ADDRESS_FIELDS = ("recipient", "phone", "country", "region", "city", "district", "line1", "line2", "postcode")
_method, _rate = delivery_method_table.c, delivery_rate_table.c
_WAYS = (_method.position, _method.code, _method.kind, _method.name, _method.hint, _method.needs_address)
_OFFERED = sa.and_(_method.active.is_(sa.true()), _method.kind != "none")
_RATE = (_rate.id, _rate.places, _rate.fee, _rate.free_from)
_TIER = (tier_table.c.name, tier_table.c.free_delivery)
_ADDRESS = (Address.id, Address.is_default, *(getattr(Address, name) for name in ADDRESS_FIELDS))


def _nothing(columns: Sequence[Any]) -> list[sa.ColumnElement[Any]]:
    """Nulls in the place of columns."""
    return [
        sa.type_coerce(sa.null(), column.type).label(f"no_{place}") for place, column in enumerate(columns)
    ]


#: The addresses beside each method, then its rates beside each method: a sum of a few rows, not a product.
_CHOICES = sa.union_all(
    sa.select(*_WAYS, *_ADDRESS, *_nothing((*_RATE, *_TIER)))
    .select_from(delivery_method_table)
    .outerjoin(Address, sa.and_(Address.member_id == bindparam("member"), Address.deleted_at.is_(None)))
    .where(_OFFERED),
    sa.select(*_WAYS, *_nothing(_ADDRESS), *_RATE, *_TIER)
    .select_from(delivery_method_table)
    .join(delivery_rate_table, sa.and_(_rate.method == _method.code, _rate.active.is_(sa.true())))
    .outerjoin(tier_table, tier_table.c.code == bindparam("tier"))
    .where(_OFFERED),
).order_by("position", sa.desc("is_default"), sa.desc("id"))


def delivery_choices(member: MemberId, *, locale: str, tier: str | None = None) -> Choices:
    """How and where to a member can have things sent, and what it costs a `tier`, in one statement."""
    methods: dict[str, MethodView] = {}
    addresses: dict[int, AddressView] = {}
    rates: dict[int, Rate] = {}
    name, free = "", frozenset[str]()
    for row in db.session.execute(_CHOICES, {"member": member, "tier": tier}):
        _, code, kind, title, hint, needs, address, default = row[:8]
        methods.setdefault(code, MethodView(code, kind, spoken(title, locale), spoken(hint, locale), needs))
        *fields, rate, places, fee, free_from, tier_name, tier_free = row[8:]
        if address is not None:
            kept = dict(zip(ADDRESS_FIELDS, fields, strict=True))
            addresses.setdefault(address, AddressView(address, default, kept))
        if rate is not None:
            rates[rate] = delivery_rates.of(rate, code, places, fee, free_from)
        if tier_name is not None:
            name, free = spoken(tier_name, locale), frozenset(tier_free)
    return Choices(list(methods.values()), list(addresses.values()), Terms(tuple(rates.values()), free, name))

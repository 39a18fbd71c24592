"""Reads for the checkout: the quote, how and where to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.db import db
from mall.core.ids import MemberId
from mall.domain.members.models import Address
from mall.domain.orders import pricing, quote_rows
from mall.domain.orders.errors import AlreadyPlaced, QuoteGone
from mall.domain.orders.models import delivery_method_table
from mall.domain.orders.pricing import Line, Step
from mall.domain.orders.queries import Row, spoken


@dataclass(frozen=True, slots=True)
class QuoteLineView:
    """A line of a quote: points and minor units of one unit by the offer of that kind, and due for the whole line.

    `runs` are the numbers of points that can be given for one unit, where they can be chosen. `service`: somebody will do it,
    and the member may say what would suit them.
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
    runs: Sequence[tuple[int, int]] = ()


@dataclass(frozen=True, slots=True)
class QuoteView:
    """A quote as the checkout shows it: what is due, what made it (`steps`), and what points can be used as money off
    (`off_runs`; minor units for cash, `delivery_fee` in it)."""

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
        lines=[_quote_line(*pair, locale, kept.rates.min_cash) for pair in zip(kept.rows, kept.lines, strict=True)],
    )  # fmt: skip


def _quote_line(row: Row, line: Line, locale: str, least: int) -> QuoteLineView:
    return QuoteLineView(
        row.position, spoken(row.name, locale), spoken(row.options, locale), row.picture, row.quantity,
        row.offer_kind, row.points_each, row.cash_each, row.points, row.cash,
        row.kind == "service", line.way.runs(least) if row.offer_kind == "range" else (),
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

"""Quotes in the database: what was asked and how it was priced, written and read again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.db import db, write_connection
from mall.core.ids import MemberId
from mall.core.money import Rates
from mall.domain.items.code_models import CodePool
from mall.domain.items.price_models import Offer, OfferPrice
from mall.domain.items.queries import PricedVariant, variant_titles
from mall.domain.items.ways import Price, Standing, Way
from mall.domain.orders import fees, pricing
from mall.domain.orders.models import order_table, quote_line_table, quote_table
from mall.domain.orders.pricing import Line, Priced
from mall.domain.orders.queries import Row


@dataclass(frozen=True, slots=True)
class Held:
    """A quote as it is kept: its row (`number`: of the order that it has become), and its lines at the price versions that it holds, with their rows."""

    row: SimpleNamespace
    rows: Sequence[Row]
    lines: Sequence[Line]

    @property
    def rates(self) -> Rates:
        """The programme's rates that it was priced at."""
        return Rates(self.row.currency, self.row.points_per_unit, self.row.min_cash)

    @property
    def standing(self) -> Standing:
        """The tier that it was priced for."""
        return Standing(self.row.tier or "", self.row.tier_discount)

    @property
    def way(self) -> fees.Way:
        """How and where to."""
        return fees.Way(self.row.delivery_method, self.row.delivery_address)


_placed = sa.select(order_table.c.number).where(order_table.c.quote_id == quote_table.c.id).scalar_subquery()
#: Whether a line's units are codes, which are given as soon as it is paid (fulfilling.py).
_coded = sa.and_(
    quote_line_table.c.kind != "goods",
    sa.exists(sa.select(CodePool.variant_id).where(CodePool.variant_id == quote_line_table.c.variant_id)),
)
#: The quote's columns, told from its lines' by their names.
_HEAD = {column.name: column.label(f"quote_{column.name}") for column in quote_table.c}
_HELD = (
    sa.select(
        quote_line_table,
        *_HEAD.values(),
        _placed.label("quote_number"),
        Offer.kind.label("offer_kind"),
        Offer.tier_discount,
        OfferPrice.points.label("price_points"),
        OfferPrice.cash.label("price_cash"),
        OfferPrice.min_points,
        OfferPrice.max_points,
        OfferPrice.max_share,
        _coded.label("codes"),
    )
    .select_from(quote_table)
    .join(quote_line_table, quote_line_table.c.quote_id == quote_table.c.id)
    .join(Offer, Offer.id == quote_line_table.c.offer_id)
    .join(OfferPrice, OfferPrice.id == quote_line_table.c.price_id)
    .where(quote_table.c.id == bindparam("quote"), quote_table.c.member_id == bindparam("member"))
    .order_by(quote_line_table.c.position)
)
_priced = ("offer_id", "price_id", "points_each", "cash_each", "points", "cash")
_REPRICE_LINE = (
    sa.update(quote_line_table)
    .where(
        quote_line_table.c.quote_id == bindparam("this"), quote_line_table.c.position == bindparam("place")
    )
    .values({name: bindparam(name) for name in _priced})
)
_sums = (
    "points", "cash", "currency", "tier", "tier_discount", "points_per_unit", "min_cash", "delivery_method",
    "delivery_address", "delivery_fee", "points_off", "worth_off", "explain",
)  # fmt: skip
_REPRICE = (
    sa.update(quote_table)
    .where(quote_table.c.id == bindparam("this"))
    .values({name: bindparam(name, type_=quote_table.c[name].type) for name in _sums})
)


def held(quote_id: str, *, member: MemberId) -> Held | None:
    """A member's quote as it is kept; None if there is none."""
    rows = db.session.execute(_HELD, {"quote": quote_id, "member": member}).all()
    if not rows:
        return None
    row = SimpleNamespace(**{name: getattr(rows[0], f"quote_{name}") for name in (*_HEAD, "number")})
    return Held(row, rows, [_line(line, row.tier_discount) for line in rows])


def insert(
    quote_id: str,
    priced: Priced,
    lines: Sequence[tuple[Line, PricedVariant]],
    *,
    head: Mapping[str, Any],
    standing: Standing,
    rates: Rates,
    way: fees.Way,
    valid_until: datetime,
    needs_address: bool,
) -> None:
    """Keep a new quote; `head`: its member, basket and instant."""
    values = {"id": quote_id, **head, "valid_until": valid_until, "needs_address": needs_address}
    db.session.execute(sa.insert(quote_table), {**values, **_kept(priced, standing, rates, way)})
    words = variant_titles([found.variant_id for _, found in lines])
    db.session.execute(
        sa.insert(quote_line_table),
        [
            {
                "quote_id": quote_id,
                "position": place,
                "variant_id": found.variant_id,
                "quantity": line.quantity,
                "kind": found.kind,
                "slug": found.slug,
                "sku": found.sku,
                "name": words[found.variant_id][0],
                "options": words[found.variant_id][1],
                "picture": found.picture,
                **_price(line, each),
            }
            for place, ((line, found), each) in enumerate(zip(lines, priced.lines, strict=True), 1)
        ],
    )


def reprice(
    old: Held, priced: Priced, lines: Sequence[Line], *, standing: Standing, rates: Rates, way: fees.Way
) -> None:
    """Keep another price of a quote's lines: what of it is another. The caller has locked the account before it read
    `old`, or what another look has written meanwhile would stay."""
    this = {"this": old.row.id}
    changed = [
        {**this, "place": row.position, **new}
        for row, line, each in zip(old.rows, lines, priced.lines, strict=True)
        if _differs(row, new := _price(line, each))
    ]
    if changed:
        write_connection().execute(_REPRICE_LINE, changed)
    kept = _kept(priced, standing, rates, way)
    if _differs(old.row, kept):
        write_connection().execute(_REPRICE, {**this, **kept})


def _differs(row: Row | SimpleNamespace, new: Mapping[str, Any]) -> bool:
    return any(getattr(row, name) != value for name, value in new.items())


def _line(row: Row, discount: int) -> Line:
    price = Price(row.price_points, row.price_cash, row.min_points, row.max_points, row.max_share)
    cut = 0 if row.tier_discount == "none" else discount
    way = Way(row.offer_id, row.price_id, row.offer_kind, price, cut, row.tier_discount == "all")
    return Line(way, row.quantity, row.points_each if row.offer_kind == "range" else None)


def _price(line: Line, each: pricing.PricedLine) -> dict[str, int]:
    return {
        "offer_id": line.way.offer_id,
        "price_id": line.way.price_id,
        "points_each": each.each.points,
        "cash_each": each.each.cash,
        "points": each.points,
        "cash": each.cash,
    }


def _kept(priced: Priced, standing: Standing, rates: Rates, way: fees.Way) -> dict[str, Any]:
    where = {name: way.address.get(name, "") for name in ("country", "region")} if way.address else None
    return {
        "points": priced.points,
        "cash": priced.cash,
        "currency": rates.currency,
        "tier": standing.tier,
        "tier_discount": standing.discount,
        "points_per_unit": rates.points_per_unit,
        "min_cash": rates.min_cash,
        "delivery_method": way.method,
        "delivery_address": where,
        "delivery_fee": priced.fee,
        "points_off": priced.points_off,
        "worth_off": priced.worth_off,
        "explain": pricing.as_json(priced.steps),
    }

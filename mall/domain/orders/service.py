"""Placing orders: one transaction in the ledger's lock order, accounts → lots → order → limit counters → stock."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core import clock, ids
from mall.core.actor import Actor
from mall.core.db import write_connection
from mall.core.errors import KeyReused
from mall.core.ids import MemberId, OrderId
from mall.domain.items import stock
from mall.domain.ledger import service as ledger
from mall.domain.ledger.rules import Key, Ref
from mall.domain.orders import attempts, fulfilling, limits, loading, rules, sums, timeline
from mall.domain.orders.agreeing import Said
from mall.domain.orders.attempts import Paying
from mall.domain.orders.errors import AddressNeeded, BadDelivery, QuoteGone
from mall.domain.orders.models import (
    basket_line_table,
    order_line_table,
    order_table,
    quote_line_table,
)
from mall.domain.orders.queries import Row, spoken
from mall.domain.outbox import service as outbox

#: The delivery of orders that nothing has to be sent for.
NO_DELIVERY = "none"


@dataclass(frozen=True, slots=True)
class Delivery:
    """How and where to: the code of a delivery method, and the address as it stood when the member chose it."""

    method: str
    address: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """An order as placing leaves it; `again` if this request had been made before and nothing was written now."""

    id: OrderId
    number: str
    state: str
    points: int
    cash: int
    again: bool = False


_ORDER = sa.insert(order_table).returning(order_table.c.id)
_line_columns = (
    "position", "variant_id", "offer_id", "price_id", "quantity", "points_each", "cash_each", "kind", "slug", "sku",
    "name", "options", "picture", "points", "cash",
)  # fmt: skip
_LINES = (
    sa.insert(order_line_table)
    .from_select(
        ["order_id", "state", *_line_columns],
        sa.select(
            bindparam("order", type_=sa.BigInteger),
            sa.literal("open"),
            *(quote_line_table.c[name] for name in _line_columns),
        ).where(quote_line_table.c.quote_id == bindparam("quote")),
    )
    .returning(order_line_table.c.points, order_line_table.c.cash)
)
_EMPTY_BASKET = sa.delete(basket_line_table).where(
    basket_line_table.c.basket_id == bindparam("basket"),
    basket_line_table.c.variant_id.in_(
        sa.select(quote_line_table.c.variant_id).where(quote_line_table.c.quote_id == bindparam("quote"))
    ),
)


def place(
    quote_id: str,
    *,
    member: MemberId,
    key: str,
    actor: Actor,
    at: datetime,
    zone: str,
    delivery: Delivery,
    terms_version: str,
    locale: str = "en",
    said: Said = Said(),  # noqa: B008 - frozen
    paying: Callable[[], Paying] | None = None,
) -> Placed:
    """Turn a quote into an order: without cash due it is paid at once, points redeemed and stock sold; with cash due
    its points are held and its stock is reserved for rules.RESERVATION, and the first attempt to be paid is written.

    Idempotent by (member, `key`): the same request again returns the order and writes nothing; another request with
    the key raises KeyReused. `said` is what the form says of the price (nothing: the quote is agreed to as it is); `zone`
    the programme's time zone, by whose days limits are counted; `locale` the language of names in refusals; `paying`
    tells what Stripe's page must know, and is only asked where cash is due. The caller commits.

    Raises QuoteGone, AlreadyPlaced, PriceChanged, NotOffered, NotDelivered, AddressNeeded, BadDelivery, LimitReached,
    NotEnoughPoints, OutOfStock.
    """
    request = request_hash(quote_id, delivery, terms_version)
    ledger.lock([member])
    this = {"quote": quote_id, "member": member, "method": delivery.method, "key": key, "at": at}
    rows = loading.load(this)
    if (prior := _again(rows, request)) is not None:
        return prior
    rows = loading.priced(rows, this, delivery.address, at, said=said, locale=locale)
    address = _destination(rows[0], delivery)
    takings = _takings(rows, locale)
    limits.check_order(takings)
    quote, number, day = rows[0], ids.public_number("R"), clock.local_day(at, zone)
    ref, due = Ref("order", number), bool(quote.cash)
    lots = _take_points(member, quote.points, hold=due, ref=ref, actor=actor, at=at)
    order = _write(
        {name: getattr(quote, name) for name in loading.KEPT},
        number=number,
        member_id=member,
        state="reserved" if due else rules.move("order", "reserved", "paid"),
        quote_id=quote_id,
        key=key,
        request_hash=request,
        delivery=delivery.method,
        address=address,
        terms_version=terms_version,
        placed_at=at,
        placed_on=day,
        expires_at=at + rules.RESERVATION if due else None,
        paid_at=None if due else at,
    )
    _tell(order, number, member, quote, lots, actor, at)
    if due:
        attempts.begin(order, _known(paying), attempt=1, at=at)
    if quote.basket_id is not None:
        write_connection().execute(_EMPTY_BASKET, {"basket": quote.basket_id, "quote": quote_id})
    limits.take(member, takings, order=order, day=day)
    units = [(row.variant_id, row.quantity) for row in rows]
    if due:
        stock.reserve(units, ref=ref, actor=actor, at=at, locale=locale)
        return Placed(order, number, "reserved", quote.points, quote.cash)
    if fulfilling.may_hand_over(row.kind for row in rows):
        fulfilling.on_paid(order, actor=actor, at=at)
    stock.sell(units, ref=ref, actor=actor, at=at, locale=locale)
    return Placed(order, number, "paid", quote.points, quote.cash)


def request_hash(quote_id: str, delivery: Delivery, terms_version: str) -> str:
    """What a request to place an order says, as SHA-256 of its canonical JSON, in hex."""
    address = dict(delivery.address) if delivery.address is not None else None
    said = {"quote": quote_id, "method": delivery.method, "address": address, "terms": terms_version}
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _again(rows: Sequence[Row], request: str) -> Placed | None:
    """The order that this key has become already. Raises QuoteGone if there is neither order nor quote."""
    if not rows:
        raise QuoteGone
    prior = rows[0]
    if prior.prior_id is None:
        return None
    if prior.prior_request_hash != request:
        raise KeyReused
    return Placed(
        prior.prior_id,
        prior.prior_number,
        prior.prior_state,
        prior.prior_points,
        prior.prior_cash,
        again=True,
    )


def _destination(quote: Row, delivery: Delivery) -> dict[str, str] | None:
    """The address to keep with the order: None where the method needs none."""
    if quote.delivery_kind is None or (quote.delivery_kind == NO_DELIVERY) == quote.needs_address:
        raise BadDelivery
    if not quote.delivery_needs_address:
        return None
    if not delivery.address:
        raise AddressNeeded
    return dict(delivery.address)


def _takings(rows: Sequence[Row], locale: str) -> list[limits.Taking]:
    """Units by offer: several variants of an item share its offer and so its limits."""
    found: dict[int, limits.Taking] = {}
    for row in rows:
        before = found.get(row.offer_id)
        found[row.offer_id] = limits.Taking(
            row.offer_id,
            spoken(row.name, locale),
            row.quantity + (before.quantity if before else 0),
            row.limit_per_order,
            row.limit_per_day,
            row.limit_ever,
        )
    return list(found.values())


def _take_points(
    member: MemberId, points: int, *, hold: bool, ref: Ref, actor: Actor, at: datetime
) -> timeline.Lots:
    """Redeem the points, or hold them until the cash has come; the lots that they are of."""
    if not points:
        return ()
    key = Key("order", ref.id)
    if hold:
        return ledger.hold(member, points, ref=ref, key=key, actor=actor, at=at).posted.lots
    return ledger.redeem(member, points, ref=ref, key=key, actor=actor, at=at).lots


def _tell(
    order: OrderId, number: str, member: MemberId, quote: Row, lots: timeline.Lots, actor: Actor, at: datetime
) -> None:
    """The timeline's first entries; without cash due the member is told at once, else when the cash has come."""
    said: dict[str, Any] = {"points": quote.points, "lots": timeline.lots_as_json(lots)}
    if quote.cash:
        said |= {
            "cash": quote.cash,
            "currency": quote.currency,
            "until": (at + rules.RESERVATION).isoformat(),
        }
        timeline.note(order, ("placed", {}), ("reserved", said), actor=actor, at=at)
        return
    timeline.note(order, ("placed", {}), ("paid", said), actor=actor, at=at)
    told = {"order_id": order, "number": number, "member_id": member, "points": quote.points}
    outbox.add("order.placed", told, at=at)


def _known(paying: Callable[[], Paying] | None) -> Paying:
    if paying is None:
        raise ValueError("cash is due: say how it can be paid")
    return paying()


def _write(kept: Mapping[str, Any], **values: Any) -> OrderId:
    connection = write_connection()
    order = OrderId(connection.execute(_ORDER, {**kept, **values}).scalar_one())
    lines = connection.execute(_LINES, {"order": order, "quote": values["quote_id"]}).all()
    sums.check_sums(lines, points=kept["points"], cash=kept["cash"], fee=kept["delivery_fee"])
    return order

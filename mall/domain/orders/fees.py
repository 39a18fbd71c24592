"""What delivery adds to a price: the rates and the buyer's tier put to the one rule of delivery.py."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from mall.core.db import db
from mall.core.money import Rates
from mall.domain.orders import delivery, pricing
from mall.domain.orders.delivery import Fee, Method, Rate
from mall.domain.orders.delivery_rates import load
from mall.domain.orders.errors import NotDelivered
from mall.domain.orders.models import delivery_method_table as methods
from mall.domain.orders.pricing import Priced
from mall.domain.tiers import queries as tiers

_METHOD = sa.select(methods.c.code, methods.c.kind).where(
    methods.c.code == sa.bindparam("code"), methods.c.active.is_(sa.true())
)
_FIRST = (
    sa.select(methods.c.code, methods.c.kind)
    .where(methods.c.active.is_(sa.true()), methods.c.kind != "none")
    .order_by(methods.c.position)
    .limit(1)
)
#: Delivery that costs nothing because there is none, or because nobody has said yet where to.
NO_FEE = Fee(0, "none")


@dataclass(frozen=True, slots=True)
class Way:
    """How and where to an order goes: the method's code (None: not chosen), the address with country and region."""

    method: str | None = None
    address: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What all methods cost a tier: every rate in force, the kinds that its members have free, its name to be told."""

    rates: Sequence[Rate]
    free_kinds: frozenset[str] = frozenset()
    tier: str = ""


NO_TERMS = Terms(())


def first_method() -> str | None:
    """The delivery method that is offered first."""
    row = db.session.execute(_FIRST).first()
    return row.code if row else None


def fee(way: Way, goods: Priced, *, tier: str, rates: Rates) -> Fee:
    """What delivery of priced goods costs. Raises NotDelivered where the method does not go.

    Nothing as long as no method, or no address for one that needs it, was chosen. What the points for the goods are
    worth counts towards free delivery.
    """
    row = db.session.execute(_METHOD, {"code": way.method}).first() if way.method else None
    if row is None:
        return NO_FEE
    method = Method(row.code, row.kind)
    if way.address is None and method.kind not in delivery.NOWHERE:
        return NO_FEE
    return delivery.fee(
        method, way.address, value=_value(goods, rates), free_kinds=tiers.free_delivery(tier), rates=load()
    )


def would_be(
    method: Method, address: Mapping[str, str] | None, goods: Priced, *, terms: Terms, rates: Rates
) -> Fee | None:
    """What a method would cost beside these goods (priced without delivery); None where it does not go there.

    A fee that is too little to be charged is waived, as in `pricing.price`.
    """
    try:
        fee = delivery.fee(
            method, address, value=_value(goods, rates), free_kinds=terms.free_kinds, rates=terms.rates
        )
    except NotDelivered:
        return None
    return _waived(fee, goods, rates)


def span(method: Method, goods: Priced, *, terms: Terms, rates: Rates) -> tuple[int, int]:
    """The lowest and the highest fee of a method beside these goods (priced without delivery), as long as nobody has
    said where to: each of its rates counts as it would if it held."""
    value = _value(goods, rates)
    found = [
        _waived(delivery.charged(rate, method, value=value, free_kinds=terms.free_kinds), goods, rates).amount
        for rate in terms.rates
        if rate.method == method.code
    ]
    return min(found, default=0), max(found, default=0)


def _waived(fee: Fee, goods: Priced, rates: Rates) -> Fee:
    """The fee, or none where it is too little to be charged."""
    return NO_FEE if pricing.too_little(goods.cash + goods.worth_off, fee.amount, rates) else fee


def _value(goods: Priced, rates: Rates) -> int:
    """What counts towards free delivery: the cash due for the goods, and what the points for them are worth."""
    return goods.cash + rates.worth(goods.points)

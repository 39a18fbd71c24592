"""Reads of an order that waits for its cash: what its pay page shows, and how far the last attempt is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.db import db
from mall.core.ids import MemberId, OrderId, VariantId
from mall.domain.orders import rules
from mall.domain.orders.errors import NoSuchOrder
from mall.domain.orders.models import delivery_method_table as method
from mall.domain.orders.models import order_line_table as line
from mall.domain.orders.models import order_table as orders
from mall.domain.orders.queries import spoken
from mall.domain.payments.models import payment_table as payment


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A line that is kept for the member. Points and cash (minor units) of the whole line."""

    slug: str
    name: str
    options: str
    picture: str | None
    quantity: int
    points: int
    cash: int


@dataclass(frozen=True, slots=True)
class LastAttempt:
    """The last attempt to be paid, the only one that may be open: its session, and when Stripe was last read about it."""

    state: str
    session_id: str | None
    mirrored_at: datetime | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """An order and its last attempt to be paid (None: it needs none). `seen` is when Stripe was last read about it."""

    id: OrderId
    number: str
    member_id: MemberId
    state: str
    points: int
    cash: int
    currency: str
    delivery_fee: int
    expires_at: datetime | None
    closing: str | None
    paid_at: datetime | None
    delivery_name: Mapping[str, str]
    attempt: str | None
    session: str | None
    url: str | None
    seen: datetime | None
    problem: str | None

    @property
    def waits(self) -> bool:
        """Whether cash may still come."""
        return self.state in rules.WAITING

    @property
    def last(self) -> tuple[LastAttempt, ...]:
        """Its last attempt, if it has one."""
        return (LastAttempt(self.attempt, self.session, self.seen),) if self.attempt else ()

    def payable(self, at: datetime) -> bool:
        """Whether the member can still be sent to pay."""
        return rules.is_payable(self.state, self.expires_at, at)


_last = (
    sa.select(sa.func.max(payment.c.id)).where(payment.c.order_id == orders.c.id).correlate(orders)
).scalar_subquery()
_ORDER = (
    sa.select(
        *(
            orders.c[name]
            for name in (
                "id", "number", "member_id", "state", "points", "cash", "currency", "delivery_fee", "expires_at",
                "closing", "paid_at",
            )
        ),
        method.c.name.label("delivery_name"),
        payment.c.state.label("attempt"),
        payment.c.session_id.label("session"),
        payment.c.url,
        payment.c.mirrored_at.label("seen"),
        payment.c.problem,
    )
    .join(method, method.c.code == orders.c.delivery)
    .outerjoin(payment, payment.c.id == _last)
    .where(orders.c.number == bindparam("number"))
)  # fmt: skip
_LINES = (
    sa.select(
        *(line.c[name] for name in ("slug", "name", "options", "picture", "quantity", "points", "cash"))
    )
    .where(line.c.order_id == bindparam("order"))
    .order_by(line.c.position)
)

_UNITS = (
    sa.select(line.c.variant_id, line.c.quantity)
    .where(line.c.order_id == bindparam("order"))
    .order_by(line.c.position)
)


def of_member(number: str, *, member: MemberId) -> Waiting:
    """A member's own order, in one statement. Raises NoSuchOrder, also for another member's."""
    row = db.session.execute(_ORDER, {"number": number}).one_or_none()
    if row is None:
        raise NoSuchOrder
    found = Waiting(**dict(row._mapping))
    if found.member_id != member:
        raise NoSuchOrder(number=number, owner=found.member_id)
    return found


def lines(order_id: OrderId, *, locale: str) -> Sequence[HeldLine]:
    """What is kept for the member, in the words of the day it was ordered."""
    return [
        HeldLine(slug, spoken(name, locale), spoken(options, locale), *rest)
        for slug, name, options, *rest in db.session.execute(_LINES, {"order": order_id})
    ]


def units(order_id: OrderId) -> list[tuple[VariantId, int]]:
    """Variants and quantities of an order, to order the same again."""
    return [(VariantId(variant), n) for variant, n in db.session.execute(_UNITS, {"order": order_id})]

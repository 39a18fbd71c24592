"""The order desk's list: what is waiting to be sent, what was placed, found by number or member."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from mall.core.db import Base, db
from mall.core.ids import OrderId, clean_number
from mall.domain.orders import handed, money, words
from mall.domain.orders.claims import AGAINST_ORDER
from mall.domain.orders.models import order_line_table as line
from mall.domain.orders.models import order_table as order
from mall.domain.orders.models import refund_table as refund
from mall.domain.orders.queries import spoken
from mall.domain.payments.models import dispute_table as dispute

PER_PAGE = 30

#: The desk's views of the list: the states behind each (none: whatever the state).
VIEWS: dict[str, tuple[str, ...]] = {
    "to_send": ("paid",),
    "part_shipped": ("paid",),
    "waiting": ("reserved", "awaiting_payment", "unknown", "expiring"),
    "completed": ("completed",),
    "cancelled": ("cancelled", "expired"),
    "refunded": (),
    "disputed": (),
    "all": (),
}
#: Views that begin with what has waited longest.
OLDEST_FIRST = ("to_send", "part_shipped")


@dataclass(frozen=True, slots=True)
class DeskRow:
    """An order in the desk's list; `name` and `picture` are of the first of its `lines`. Cash in minor units."""

    id: OrderId
    number: str
    state: str
    points: int
    points_back: int
    cash: int
    cash_back: int
    currency: str
    delivery: str
    placed_at: datetime
    member_number: str
    member_name: str
    units: int
    sent: int
    shipped: int
    cancelled: int
    lines: int
    picture: str | None
    refund: str | None
    disputed: bool
    lost: bool
    name: str

    @property
    def tags(self) -> tuple[str, ...]:
        """The keys of the words for how it stands (words.WORDS)."""
        given = words.back(self.points, self.points_back, self.cash, self.cash_back)
        return words.tags(
            self.state,
            units=self.units,
            sent=self.sent,
            shipped=self.shipped,
            cancelled=self.cancelled,
            money=words.Money(self.refund, self.disputed, given, self.lost),
        )


def _units(column: sa.ColumnElement[int]) -> Any:
    return sa.select(sa.func.sum(column)).where(line.c.order_id == order.c.id).scalar_subquery()


_first = line.alias("first")
_part = line.alias("part")


def _some(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.exists(sa.select(_part.c.id).where(_part.c.order_id == order.c.id, condition).correlate(order))


_PART_SHIPPED = sa.and_(_some(_part.c.sent > 0), _some(_part.c.sent + _part.c.cancelled < _part.c.quantity))


#: What else makes an order belong to a view.
_WHERE = {
    "part_shipped": _PART_SHIPPED,
    "refunded": order.c.id.in_(sa.select(refund.c.order_id)),
    "disputed": order.c.id.in_(sa.select(dispute.c.order_id).where(dispute.c.state == "open", AGAINST_ORDER)),
}


def _list() -> sa.Select[Any]:
    member = Base.metadata.tables["member"]
    return (
        sa.select(
            order.c.id,
            order.c.number,
            order.c.state,
            order.c.points,
            order.c.points_back,
            order.c.cash,
            order.c.cash_back,
            order.c.currency,
            order.c.delivery,
            order.c.placed_at,
            member.c.number.label("member_number"),
            member.c.name.label("member_name"),
            _units(line.c.quantity).label("units"),
            _units(line.c.sent).label("sent"),
            _units(handed.in_parcels(line)).label("shipped"),
            _units(line.c.cancelled).label("cancelled"),
            sa.select(sa.func.count()).where(line.c.order_id == order.c.id).scalar_subquery().label("lines"),
            _first.c.picture,
            *money.COLUMNS,
            _first.c.name,
        )
        .join(member, member.c.id == order.c.member_id)
        .join(_first, sa.and_(_first.c.order_id == order.c.id, _first.c.position == 1))
    )


def orders(
    *,
    view: str = "to_send",
    q: str = "",
    member_id: int | None = None,
    before: int | None = None,
    after: int | None = None,
    locale: str = "en",
    most: int = PER_PAGE,
) -> tuple[list[DeskRow], bool]:
    """Up to `most` orders of a view and if more follow. Views of OLDEST_FIRST go on `after` an order, the others
    `before` one.

    `q` is an order's number, a member's number or address, or the beginning of a member's name.
    """
    member = Base.metadata.tables["member"]
    statement = _list().limit(most + 1)
    oldest_first = view in OLDEST_FIRST and not q
    statement = statement.order_by(order.c.id if oldest_first else order.c.id.desc())
    if after is not None and oldest_first:
        statement = statement.where(order.c.id > after)
    if before is not None and not oldest_first:
        statement = statement.where(order.c.id < before)
    if VIEWS.get(view):
        statement = statement.where(order.c.state.in_(VIEWS[view]))
    if view in _WHERE:
        statement = statement.where(_WHERE[view])
    if member_id is not None:
        statement = statement.where(order.c.member_id == member_id)
    if q := q.strip():
        number = clean_number(q)
        statement = statement.where(
            sa.or_(
                order.c.number == number,
                member.c.number == number,
                member.c.email == q.lower(),
                member.c.name.startswith(q, autoescape=True),
            )
        )
    rows = [DeskRow(*(*row[:-1], spoken(row[-1], locale))) for row in db.session.execute(statement)]
    return rows[:most], len(rows) > most


def to_send() -> int:
    """How many orders wait to be sent, counted no further than 1,000."""
    some = sa.select(sa.literal(1)).where(order.c.state == "paid").limit(1000).subquery()
    return db.session.execute(sa.select(sa.func.count()).select_from(some)).scalar_one()


def by_state() -> dict[str, int]:
    """How many orders there are in each state."""
    rows = db.session.execute(sa.select(order.c.state, sa.func.count()).group_by(order.c.state))
    return {str(state): int(n) for state, n in rows}

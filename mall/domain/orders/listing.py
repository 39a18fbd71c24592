"""The list of a member's orders: light rows, in one statement whatever its length."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.db import db
from mall.core.ids import MemberId, OrderId
from mall.domain.orders import handed, money, words
from mall.domain.orders.models import order_line_table, order_table
from mall.domain.orders.queries import spoken

PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order in a list: its first line's words and picture, and how much there is."""

    id: OrderId
    number: str
    state: str
    points: int
    placed_at: datetime
    units: int
    sent: int
    shipped: int
    cancelled: int
    lines: int
    name: str
    picture: str | None
    cash: int
    currency: str
    money: words.Money

    @property
    def tags(self) -> tuple[str, ...]:
        """The keys of the words for how it stands (words.WORDS)."""
        return words.tags(
            self.state,
            units=self.units,
            sent=self.sent,
            shipped=self.shipped,
            cancelled=self.cancelled,
            money=self.money,
        )


_sums = sa.select(
    order_line_table.c.order_id,
    sa.func.sum(order_line_table.c.quantity).label("units"),
    sa.func.sum(order_line_table.c.sent).label("sent"),
    sa.func.sum(handed.in_parcels(order_line_table)).label("shipped"),
    sa.func.sum(order_line_table.c.cancelled).label("cancelled"),
    sa.func.count().label("lines"),
).group_by(order_line_table.c.order_id)
_page = (
    sa.select(order_table.c.id)
    .where(order_table.c.member_id == bindparam("member"), order_table.c.id < bindparam("before"))
    .order_by(order_table.c.id.desc())
    .limit(PER_PAGE + 1)
)
_of_page = _sums.where(order_line_table.c.order_id.in_(_page)).subquery()
_first = order_line_table.alias("first")
_LIST = (
    sa.select(
        order_table.c.id,
        order_table.c.number,
        order_table.c.state,
        order_table.c.points,
        order_table.c.placed_at,
        _of_page.c.units,
        _of_page.c.sent,
        _of_page.c.shipped,
        _of_page.c.cancelled,
        _of_page.c.lines,
        _first.c.name,
        _first.c.picture,
        order_table.c.cash,
        order_table.c.currency,
        order_table.c.points_back,
        order_table.c.cash_back,
        *money.COLUMNS,
    )
    .join(_of_page, _of_page.c.order_id == order_table.c.id)
    .join(_first, sa.and_(_first.c.order_id == order_table.c.id, _first.c.position == 1))
    .order_by(order_table.c.id.desc())
)


def orders(member: MemberId, *, locale: str, before: int | None = None) -> tuple[list[OrderRow], bool]:
    """The member's orders, newest first, `PER_PAGE` of them older than the order with id `before`; and if more follow."""
    rows = db.session.execute(_LIST, {"member": member, "before": before or 2**62}).all()
    shown = [
        OrderRow(*row[:10], spoken(row.name, locale), row.picture, row.cash, row.currency, money.read(row))
        for row in rows[:PER_PAGE]
    ]
    return shown, len(rows) > PER_PAGE

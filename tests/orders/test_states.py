"""Nothing but the tables of states: every pair of states, tried on the database itself."""

from datetime import datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from mall.core.db import db, transaction
from mall.domain.members.models import Member
from mall.domain.orders import rules
from mall.domain.orders.models import order_line_table, order_table
from tests.support.items_factory import make_item
from tests.support.orders_factory import give_points, place_order

pytestmark = pytest.mark.tampers

TABLES = {"order": order_table, "line": order_line_table}
PAIRS = [
    (machine, before, after)
    for machine in TABLES
    for before in rules.states(machine)
    for after in rules.states(machine)
]


@pytest.fixture
def order(app: Flask, mei: Member, at: datetime) -> int:
    with transaction():
        give_points(mei.id, 1_000, at=at)
        cup = make_item("Cup", points=100, stock=5)
    return place_order(mei.id, (cup.variant_id, 1), at=at).id


def fitting(machine: str, state: str, at: datetime) -> dict[str, object]:
    """What the CHECKs ask of a row in that state."""
    if machine == "line":
        return {"state": state, "cancelled": 0 if state == "open" else 1}
    return {"state": state, "expires_at": at}


def a_row(machine: str, order: int, state: str, at: datetime) -> int:
    """A new row in a state, a copy of the order's (an INSERT may begin anywhere); its id."""
    table = TABLES[machine]
    own = table.c.id == order if machine == "order" else table.c.order_id == order
    row = dict(db.session.execute(sa.select(table).where(own)).mappings().one())
    del row["id"]
    fresh = (
        {"number": f"R-{state}", "key": state, "quote_id": state} if machine == "order" else {"position": 99}
    )
    with transaction():
        made = sa.insert(table).values(row | fresh | fitting(machine, state, at)).returning(table.c.id)
        return db.session.execute(made).scalar_one()


@pytest.mark.parametrize(("machine", "before", "after"), PAIRS, ids=lambda value: value)
def test_the_database_refuses_what_the_table_does_not_have(
    order: int, at: datetime, machine: str, before: str, after: str
) -> None:
    table, row = TABLES[machine], a_row(machine, order, before, at)
    change = sa.update(table).where(table.c.id == row).values(fitting(machine, after, at))
    if before == after or after in rules.TRANSITIONS[machine][before]:
        with transaction():
            db.session.execute(change)
        return
    with pytest.raises(sa.exc.IntegrityError, match="no such change of state"), transaction():
        db.session.execute(change)

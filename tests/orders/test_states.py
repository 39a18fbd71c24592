"""Nothing but the tables of states: every pair of states, tried on the database itself."""

from datetime import datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from mall.core.db import db, transaction
from mall.domain.members.models import Member
from mall.domain.orders import rules
from mall.domain.orders.models import order_line_table, order_table, refund_table
from mall.domain.orders.service import Placed
from mall.domain.payments.models import dispute_table
from tests.support.items_factory import make_item
from tests.support.orders_factory import give_points, place_order
from tests.support.payments_factory import begin

pytestmark = pytest.mark.tampers

TABLES = {
    "order": order_table,
    "line": order_line_table,
    "refund": refund_table,
    "dispute": dispute_table,
}
#: What the database says when it refuses.
SAYS = {
    "order": "no such change of state",
    "line": "no such change of state",
    "refund": "no such move of the state",
    "dispute": "a closed dispute stays closed",
}
PAIRS = [
    (machine, before, after)
    for machine in TABLES
    for before in rules.states(machine)
    for after in rules.states(machine)
]


@pytest.fixture
def order(app: Flask, mei: Member, at: datetime) -> Placed:
    with transaction():
        give_points(mei.id, 1_000, at=at)
        cup = make_item("Cup", points=100, stock=5)
    return place_order(mei.id, (cup.variant_id, 1), at=at)


def fitting(machine: str, state: str, at: datetime) -> dict[str, object]:
    """What the CHECKs ask of a row in that state."""
    if machine == "line":
        return {"state": state, "cancelled": 0 if state == "open" else 1}
    if machine == "refund":
        return {"state": state, "note": "In cash" if state == "settled_by_hand" else ""}
    if machine == "dispute":
        return {"state": state, "closed_at": None if state == "open" else at}
    return {"state": state, "expires_at": at}


def fresh(machine: str, order: Placed, state: str, at: datetime) -> dict[str, object]:
    """The columns of a new row: a copy of the order's own where it has one."""
    if machine == "refund":
        return {
            "key": "F-1", "order_id": order.id, "kind": "lines", "points": 100, "cash": 0, "currency": "CNY",
            "reason": "", "restock": False, "requested_kind": "system", "requested_at": at,
        }  # fmt: skip
    if machine == "dispute":
        return {
            "stripe_id": "dp_1", "payment_id": begin((order.id, order.number), at).id, "order_id": order.id,
            "status": "under_review", "amount": 3_000, "currency": "CNY", "reason": "fraudulent", "opened_at": at,
        }  # fmt: skip
    table = TABLES[machine]
    own = table.c.id == order.id if machine == "order" else table.c.order_id == order.id
    row = dict(db.session.execute(sa.select(table).where(own)).mappings().one())
    del row["id"]
    if machine == "line":
        return row | {"position": 99}
    return row | {"number": f"R-{state}", "key": state, "quote_id": state}


def a_row(machine: str, order: Placed, state: str, at: datetime) -> int:
    """A new row in a state (an INSERT may begin anywhere); its id."""
    table, row = TABLES[machine], fresh(machine, order, state, at)
    with transaction():
        made = sa.insert(table).values(row | fitting(machine, state, at)).returning(table.c.id)
        return db.session.execute(made).scalar_one()


def test_every_machine_is_tried() -> None:
    assert set(TABLES) == set(rules.TRANSITIONS)


@pytest.mark.parametrize(("machine", "before", "after"), PAIRS, ids=lambda value: value)
def test_the_database_refuses_what_the_table_does_not_have(
    order: Placed, at: datetime, machine: str, before: str, after: str
) -> None:
    table, row = TABLES[machine], a_row(machine, order, before, at)
    change = sa.update(table).where(table.c.id == row).values(fitting(machine, after, at))
    if before == after or after in rules.TRANSITIONS[machine][before]:
        with transaction():
            db.session.execute(change)
        return
    with pytest.raises(sa.exc.IntegrityError, match=SAYS[machine]), transaction():
        db.session.execute(change)

"""Two hands at once, on real connections; each race with its control: without the guard it must happen."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from devstripe.testing import Running
from mall.account.joining import join
from mall.core.db import changed, db, transaction
from mall.domain.ledger.errors import TooMuchBack
from mall.domain.orders import locking
from mall.domain.orders.errors import CannotShip
from mall.domain.orders.models import Order, Refund
from mall.domain.orders.refunding import facts, writing
from mall.domain.orders.refunding.errors import CannotRefund
from mall.domain.payments import service as payments
from mall.domain.payments.models import payment_table
from mall.web import paying
from mall.worker import refunds
from tests.orders.refunding.conftest import Sale
from tests.support.patience import PATIENCE, wait_for_a_waiter
from tests.support.racing import connections, race
from tests.support.stripe import stripe_for

pytestmark = pytest.mark.races


@pytest.fixture
def stripe(fresh_app: Flask, at: datetime) -> Iterator[Running]:
    """The application with eight connections, and its Stripe."""
    with connections(fresh_app, 8), stripe_for(fresh_app, at) as found, fresh_app.app_context():
        yield found


@pytest.fixture
def sales(stripe: Running, at: datetime) -> list[Sale]:
    """Orders of three members, and a member of staff."""
    names = [f"member{n}@example.com" for n in range(3)]
    with transaction():
        people = [join(email=name, name="", language="en", confirmed=True, at=at) for name in names]
        staff = join(email="staff@example.com", name="Staff", language="en", confirmed=True, at=at)
    made = [Sale(stripe, member, staff, at) for member in people]
    db.session.remove()
    return made


def test_two_staff_refund_at_once_and_never_more_than_was_captured(
    fresh_app: Flask, sales: list[Sale]
) -> None:
    for sale in sales:
        jobs = [lambda s=sale: s.refund(unsent=2).cash, lambda s=sale: s.refund(unsent=2).cash]
        results = race(fresh_app, jobs, threads=2)
        assert sum(isinstance(result, CannotRefund) for result in results) == 1
    captured = db.session.execute(sa.select(payment_table.c.captured, payment_table.c.refunding)).all()
    assert {tuple(row) for row in captured} == {(3_003, 2_002)}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Refund)) == 3


def test_refunding_races_shipping_and_one_of_them_wins(fresh_app: Flask, sales: list[Sale]) -> None:
    for sale in sales:
        results = race(
            fresh_app, [lambda s=sale: s.ship(3), lambda s=sale: s.refund(unsent=3).cash], threads=2
        )
        lost = [result for result in results if isinstance(result, Exception)]
        assert len(lost) == 1
        assert isinstance(lost[0], CannotShip | CannotRefund)
    assert set(db.session.scalars(sa.select(Order.state))) <= {"completed", "cancelled"}


@pytest.mark.tampers
def test_without_locks_and_guards_both_refunds_go_through_to_the_last_check(
    fresh_app: Flask, sales: list[Sale], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: both act on what they read before; then only the ledger and a CHECK stand before giving back twice."""
    with transaction():
        read = {sale.id: locking.lock_order(sale.id) for sale in sales}
    known = {sale.id: facts.of_order(sale.id) for sale in sales}
    units = {sale.id: sale.units(unsent=2) for sale in sales}
    db.session.remove()
    line = writing.line
    monkeypatch.setattr(locking, "lock_order", read.__getitem__)
    monkeypatch.setattr(facts, "of_order", known.__getitem__)
    unguarded = sa.update(line).where(line.c.id == sa.bindparam("line"))
    monkeypatch.setattr(
        writing, "_TAKE", unguarded.values(cancelled=line.c.cancelled + sa.bindparam("unsent"))
    )

    def reserve(payment_id: int, amount: int) -> None:
        column = payment_table.c
        statement = sa.update(payment_table).where(column.id == payment_id)
        assert changed(db.session.execute(statement.values(refunding=column.refunding + amount))) == 1

    monkeypatch.setattr(payments, "reserve_refund", reserve)
    for sale in sales:
        monkeypatch.setattr(sale, "units", lambda *_a, s=sale: units[s.id])
        jobs = [lambda s=sale: s.refund(unsent=2), lambda s=sale: s.refund(unsent=2)]
        results = race(fresh_app, jobs, threads=2)
        assert sum(isinstance(result, sa.exc.IntegrityError | TooMuchBack) for result in results) == 1
        assert not any(isinstance(result, CannotRefund) for result in results)


def test_two_workers_send_one_refund_once(fresh_app: Flask, sales: list[Sale], at: datetime) -> None:
    asked = [sale.refund(unsent=1).id for sale in sales]
    for refund in asked:
        race(fresh_app, [lambda r=refund: refunds.send(r, now=lambda: at)] * 3, threads=3)
    assert len(sales[0].refunds_at_stripe()) == 3
    assert set(db.session.scalars(sa.select(Refund.state))) == {"succeeded"}


def test_news_of_a_refund_wait_for_who_has_its_order_and_keep_nothing_from_them(
    fresh_app: Flask, stripe: Running, sales: list[Sale], at: datetime
) -> None:
    """Staff lock the order, then the refund: news that took the refund first would wait for them as they for it."""
    sale = sales[0]
    stripe.control.begin_refunds("pending")
    asked = sale.refund(unsent=1)
    assert refunds.send(asked.id, now=lambda: at) == "sent"
    found = paying.gateway().retrieve_refund(str(sale.row(asked.id).stripe_id))
    stripe.control.settle_refund(found.id)

    def news() -> str:
        with fresh_app.app_context():
            return refunds.mirror(asked.id, paying.gateway().retrieve_refund(found.id), now=lambda: at)

    with ThreadPoolExecutor(1) as pool:
        with transaction():
            locking.lock_order(sale.id)
            told = pool.submit(news)
            wait_for_a_waiter(fresh_app, told.done)
            assert not told.done()
            db.session.execute(sa.select(Refund.id).where(Refund.id == asked.id).with_for_update(nowait=True))
        assert told.result(PATIENCE) == "succeeded"

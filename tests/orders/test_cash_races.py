"""Cash in races on real connections: one outcome, whoever comes first; with the negative control."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from devstripe.testing import Running
from mall.cli.ledger import EXTRA
from mall.core.actor import as_member
from mall.core.db import db, transaction
from mall.core.ids import MemberId, OrderId
from mall.domain.items.stock_models import Stock
from mall.domain.ledger import service as ledger
from mall.domain.ledger.models import Entry
from mall.domain.ledger.verify import verify
from mall.domain.members import service as members
from mall.domain.orders import expiring, locking
from mall.domain.orders.models import Order
from mall.domain.outbox.models import OutboxMessage
from mall.domain.payments import queries as payments
from mall.domain.payments.models import StripeEvent
from mall.web import paying
from mall.worker import cash, running
from tests.support.cash_factory import grant, make_combo
from tests.support.orders_factory import place_order
from tests.support.racing import connections, race
from tests.support.stripe import stripe_for

pytestmark = pytest.mark.races

POINTS, CASH = 500, 1_000


@pytest.fixture
def mall(fresh_app: Flask) -> Iterator[Flask]:
    with connections(fresh_app, 24), fresh_app.app_context():
        yield fresh_app


@pytest.fixture
def stripe(mall: Flask, at: datetime) -> Iterator[Running]:
    with stripe_for(mall, at) as running:
        yield running


@pytest.fixture
def orders(mall: Flask, at: datetime, stripe: Running) -> list[OrderId]:
    """Eight orders that wait for their cash, their sessions open."""
    with transaction():
        kettle = make_combo(points=POINTS, cash=CASH, stock=8)
        people = [members.NewMember(f"m{n}") for n in range(8)]
        buyers = list(members.create_many(people, at=at, language="en").values())
        ledger.open_accounts(buyers, at=at)
    made = []
    for buyer in buyers:
        grant(MemberId(buyer), POINTS, at=at)
        made.append(OrderId(place_order(buyer, (kettle.variant_id, 1), at=at - timedelta(seconds=1)).id))
        paying.open_session(made[-1], now=lambda: at)
    return made


def session_of(order: OrderId) -> str:
    return payments.of_order(order)[-1].session_id or ""


def states() -> Counter[str]:
    db.session.expire_all()
    return Counter(db.session.scalars(sa.select(Order.state)))


def sound() -> None:
    db.session.remove()
    assert verify(extra=EXTRA).violations == ()


def test_a_webhook_a_hundred_times_in_parallel_captures_once(
    mall: Flask, stripe: Running, orders: list[OrderId], at: datetime
) -> None:
    stripe.control.pay(session_of(orders[0]))
    completed = stripe.control.events("checkout.session.completed")[0]["id"]
    hook = stripe.control.signed(completed)

    def post() -> int:
        return mall.test_client().post("/stripe/webhook", data=hook.body, headers=hook.headers).status_code

    with time_machine.travel(at, tick=False):
        answers = race(mall, [post] * 100, threads=20)
    assert set(answers) == {200}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(StripeEvent)) == 1
    told = sa.select(sa.func.count()).where(OutboxMessage.kind == "stripe.event")
    assert db.session.scalar(told) == 1
    race(mall, [lambda: running.deliver(lambda: at)] * 4, threads=4)
    captures = sa.select(sa.func.count()).where(Entry.kind == "capture")
    assert db.session.scalar(captures) == 1
    sound()


def test_twenty_settle_one_payment_at_once_and_it_counts_once(
    mall: Flask, stripe: Running, orders: list[OrderId], at: datetime
) -> None:
    for order in orders[:3]:
        stripe.control.pay(session_of(order))
        session = paying.gateway().retrieve_session(session_of(order))
        jobs = [lambda o=order, s=session: paying.settle(o, s, now=lambda: at)] * 20
        results = race(mall, jobs, threads=20)
        assert {getattr(result, "state", result) for result in results} == {"paid"}
    assert db.session.scalar(sa.select(sa.func.count()).where(Entry.kind == "capture")) == 3
    sound()


def test_the_sweeper_races_the_payment_and_there_is_one_outcome(
    mall: Flask, stripe: Running, orders: list[OrderId], at: datetime
) -> None:
    late = at + timedelta(minutes=15)

    def close() -> object:
        cash.close_overdue(late)
        return cash.reconcile(late)

    def pay(order: OrderId) -> object:
        stripe.control.pay(session_of(order))
        return paying.look(order, now=lambda: late)

    jobs = [close, *(lambda order=order: pay(order) for order in orders), close]
    race(mall, jobs, threads=10)
    for order in orders:
        paying.end(order, now=lambda: late)
    found = states()
    assert set(found) <= {"paid", "expired"}
    assert sum(found.values()) == 8
    row = db.session.scalars(sa.select(Stock)).one()
    assert (row.available, row.reserved, row.sold) == (found["expired"], 0, found["paid"])
    sound()


def test_giving_up_races_settling_and_one_wins(
    mall: Flask, stripe: Running, orders: list[OrderId], at: datetime
) -> None:
    sessions = {}
    for order in orders:
        stripe.control.pay(session_of(order))
        sessions[order] = paying.gateway().retrieve_session(session_of(order))

    def give_up(order: OrderId) -> str:
        member = db.session.scalar(sa.select(Order.member_id).where(Order.id == order))
        with transaction():
            return expiring.begin(order, why="member", actor=as_member(MemberId(member or 0)), at=at)

    for order in orders:
        race(
            mall,
            [lambda o=order: give_up(o), lambda o=order: paying.settle(o, sessions[o], now=lambda: at)],
            threads=2,
        )
        assert paying.end(order, now=lambda: at).state == "paid"
    assert states() == {"paid": 8}
    sound()


@pytest.mark.tampers
def test_without_lock_and_guard_two_settles_capture_twice_but_for_the_books(
    mall: Flask, stripe: Running, orders: list[OrderId], at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: each trusts what it read before the other wrote; then only the books' own checks are left."""
    stripe.control.pay(session_of(orders[0]))
    session = paying.gateway().retrieve_session(session_of(orders[0]))
    with transaction():
        seen = locking.lock_order(orders[0])
    db.session.remove()
    monkeypatch.setattr(locking, "lock_order", lambda _order: seen)
    results = [_tried(lambda: paying.settle(orders[0], session, now=lambda: at)) for _ in range(2)]
    assert getattr(results[0], "state", None) == "paid"
    assert isinstance(results[1], Exception)


def _tried(job: Callable[[], object]) -> object:
    try:
        return job()
    except Exception as refusal:
        return refusal

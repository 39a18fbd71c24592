"""Cash on real connections: what is taken in hand once, what goes back at most once, each with its negative control."""

import threading
from collections.abc import Iterator
from datetime import datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from mall.core.db import transaction
from mall.domain.members import service as members
from mall.domain.payments import queries, service
from mall.domain.payments.errors import TooMuch
from mall.domain.payments.models import payment_table
from mall.domain.payments.views import PaymentView
from tests.support.patience import PATIENCE
from tests.support.payments_factory import an_order, begin, session_of
from tests.support.racing import connections, race

# The order behind these attempts was paid in points: its books do not add up with the cash, and are not meant to.
pytestmark = [pytest.mark.races, pytest.mark.tampers]


@pytest.fixture
def payment(fresh_app: Flask, at: datetime) -> Iterator[PaymentView]:
    """An attempt of 30.00 that nobody has sent yet, on a database with 16 connections."""
    with connections(fresh_app, 16), fresh_app.app_context():
        with transaction():
            made = members.create_many([members.NewMember("m")], at=at, language="en")
        yield begin(an_order(next(iter(made.values())), at), at)


def pay(payment: PaymentView, at: datetime) -> None:
    with transaction():
        service.mirror(payment.id, session_of(payment, "paid"), at=at)


def test_one_of_many_workers_takes_an_attempt_in_hand(
    fresh_app: Flask, payment: PaymentView, at: datetime
) -> None:
    def take() -> bool:
        with transaction():
            return service.claim(payment.id, at=at) is not None

    assert sorted(map(str, race(fresh_app, [take] * 32, threads=16))) == ["False"] * 31 + ["True"]


def test_many_refunds_at_once_give_back_what_came_in(
    fresh_app: Flask, payment: PaymentView, at: datetime
) -> None:
    pay(payment, at)

    def back() -> int:
        with transaction():
            service.reserve_refund(payment.id, 700)
        return 700

    told = race(fresh_app, [back] * 32, threads=16)
    given = [amount for amount in told if isinstance(amount, int)]
    assert len(given) == 4
    assert all(isinstance(outcome, TooMuch) for outcome in told if not isinstance(outcome, int))
    after = queries.payment(payment.id)
    assert after is not None
    assert after.refunding == sum(given) == 2800


def test_without_the_guard_more_would_go_back_but_for_the_check(
    fresh_app: Flask, payment: PaymentView, at: datetime
) -> None:
    """Negative control: who reads first and then adds is stopped by the database's CHECK alone."""
    pay(payment, at)
    both_have_read = threading.Barrier(2)

    def naive() -> bool:
        before = queries.payment(payment.id)
        assert before is not None
        assert before.captured - before.refunding >= 2000
        both_have_read.wait(PATIENCE)
        with transaction() as session:
            session.execute(
                sa.update(payment_table)
                .where(payment_table.c.id == payment.id)
                .values(refunding=payment_table.c.refunding + 2000)
            )
        return True

    told = race(fresh_app, [naive, naive], threads=2)
    assert sum(outcome is True for outcome in told) == 1
    assert sum(isinstance(outcome, sa.exc.IntegrityError) for outcome in told) == 1


def test_news_from_everywhere_at_once_come_to_one_end(
    fresh_app: Flask, payment: PaymentView, at: datetime
) -> None:
    sessions = [session_of(payment, status) for status in ("open", "paid", "expired", "open") * 8]

    def tell(number: int) -> str:
        with transaction():
            return service.mirror(payment.id, sessions[number], at=at).state

    told = race(fresh_app, [lambda n=n: tell(n) for n in range(32)], threads=16)  # type: ignore[misc]
    assert set(map(str, told)) <= {"open", "closed", "paid"}
    after = queries.payment(payment.id)
    assert after is not None
    assert (after.state, after.captured) == ("paid", 3000)

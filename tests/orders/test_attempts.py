"""An order with several attempts: one payment pays it, and stays the one that did; what else comes in goes back."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from devstripe.testing import Running
from mall.core.actor import SYSTEM
from mall.core.db import db, transaction
from mall.domain.orders import attempts, refunding
from mall.domain.orders.errors import CannotPay
from mall.domain.orders.models import refund_table
from mall.domain.payments import queries as payments
from mall.domain.payments import service as payment
from mall.web import paying
from tests.support.orders_factory import PAYING
from tests.support.story import CASH, PAID, Story


@pytest.fixture
def sessions(story: Story) -> tuple[str, str]:
    """The sessions of the story's two attempts: of the first one Stripe has said that nobody can pay it any more."""
    first = story.open()
    paying.gateway().expire_session(first)
    paying.look(story.id, now=story.now)
    with transaction():
        attempts.again(story.id, PAYING, at=story.at)
    return first, story.open()


def read(story: Story, session: str, *, late: timedelta = timedelta()) -> None:
    """Settle what Stripe says of a session, on a machine whose clock is so late."""
    paying.settle(story.id, paying.gateway().retrieve_session(session), now=lambda: story.at - late)


def strays() -> list[tuple[int, int]]:
    """Payments that go back by themselves, and how much of each."""
    query = sa.select(refund_table.c.payment_id, refund_table.c.cash).where(refund_table.c.kind == "stray")
    return [(row.payment_id, row.cash) for row in db.session.execute(query)]


@pytest.mark.parametrize("late", [timedelta(), timedelta(minutes=5)], ids=["same clock", "late clock"])
def test_the_payment_that_paid_stays_the_one_whatever_clock_reads_the_other(
    story: Story, dev_stripe: Running, sessions: tuple[str, str], late: timedelta
) -> None:
    """On a late clock the other payment looks as if it had come first."""
    first, second = sessions
    dev_stripe.control.pay(second)
    read(story, second)
    assert (story.state, strays()) == ("paid", [])
    dev_stripe.control.pay(first, late=True)
    for session in (first, second, first):
        read(story, session, late=late)
    one, two = payments.of_order(story.id)
    assert (one.state, two.state) == ("paid", "paid")
    assert strays() == [(one.id, CASH)]
    assert (story.state, story.held) == ("paid", PAID)


def test_a_payment_of_an_attempt_that_was_closed_pays_while_nobody_has_paid_the_next(
    story: Story, dev_stripe: Running, sessions: tuple[str, str]
) -> None:
    first, second = sessions
    dev_stripe.control.pay(first, late=True)
    read(story, first)
    assert (story.state, story.held, strays()) == ("paid", PAID, [])
    dev_stripe.control.pay(second)
    for session in (second, first, second):
        read(story, session)
    assert strays() == [(payments.of_order(story.id)[1].id, CASH)]
    assert (story.state, story.held) == ("paid", PAID)


def test_of_two_payments_that_are_both_there_the_first_one_pays(
    story: Story, dev_stripe: Running, sessions: tuple[str, str]
) -> None:
    """Both had been written down before anybody settled: by a process that died in between, or a clock that was late."""
    first, second = sessions
    dev_stripe.control.pay(second)
    dev_stripe.control.pay(first, late=True)
    for session, seconds in ((second, 5), (first, 9)):
        found = paying.gateway().retrieve_session(session)
        with transaction():
            attempt = payments.by_reference(found.reference)
            assert attempt is not None
            payment.mirror(attempt.id, found, at=story.at + timedelta(seconds=seconds))
    paying.settle(story.id, None, now=story.now)
    assert strays() == [(payments.of_order(story.id)[0].id, CASH)]
    assert (story.state, story.held) == ("paid", PAID)


def test_a_refund_goes_by_the_payment_that_paid_though_another_came_first_by_number(
    story: Story, dev_stripe: Running, sessions: tuple[str, str]
) -> None:
    """All of the first attempt's cash goes back already: there is nothing left of it to give back."""
    first, second = sessions
    dev_stripe.control.pay(second)
    read(story, second)
    dev_stripe.control.pay(first, late=True)
    read(story, first)
    one, two = payments.of_order(story.id)
    assert strays() == [(one.id, CASH)]
    with transaction():
        asked = refunding.request(story.id, None, actor=SYSTEM, at=story.at)
    query = sa.select(refund_table.c.payment_id).where(refund_table.c.id == asked.id)
    assert (asked.cash, db.session.scalar(query)) == (CASH, two.id)
    assert [found.refunding for found in payments.of_order(story.id)] == [CASH, CASH]


def test_an_order_has_so_many_attempts_and_no_more(story: Story) -> None:
    """Each is refused by Stripe: who goes on pressing the button does not fill our tables, nor Stripe's."""
    for number in range(1, attempts.MOST_ATTEMPTS + 1):
        with transaction():
            attempt = attempts.again(story.id, PAYING, at=story.at)
            attempts.refused(story.id, attempt.id, "No such currency", at=story.at)
        assert attempt.attempt == number
    with pytest.raises(CannotPay), transaction():
        attempts.again(story.id, PAYING, at=story.at)
    assert len(payments.of_order(story.id)) == attempts.MOST_ATTEMPTS

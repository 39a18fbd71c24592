"""An order with cash due, from placing to paid or let go, against the development Stripe."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from devstripe.testing import Running
from mall.core.actor import SYSTEM
from mall.core.db import db, transaction
from mall.domain.ledger.models import Lot
from mall.domain.orders import attempts, delivery_rates, expiring, fees, queries, quoting
from mall.domain.orders.delivery_rates import NewRate
from mall.domain.orders.errors import CannotCancel
from mall.domain.outbox.models import OutboxMessage
from mall.domain.payments import queries as payments
from mall.domain.payments.errors import Unknown
from mall.web import paying
from mall.worker import cash
from tests.support.cash_factory import pay
from tests.support.orders_factory import ADDRESS, PAYING, give_points, place
from tests.support.story import CASH, LET_GO, PAID, PRICE, WAITING, Story


def test_points_are_held_and_stock_is_reserved_until_the_cash_has_come(
    story: Story, dev_stripe: Running
) -> None:
    assert (story.placed.state, story.placed.cash) == ("reserved", CASH)
    assert story.held == WAITING
    session = story.open()
    assert story.state == "awaiting_payment"
    dev_stripe.control.pay(session)
    settled = paying.look(story.id, now=story.now)
    assert settled is not None
    assert (settled.state, settled.problem) == ("paid", "")
    assert (story.state, story.held) == ("paid", PAID)
    assert story.events()[:3] == ["placed", "reserved", "paid"]


def test_without_an_answer_nothing_is_released_and_the_same_key_asks_again(
    story: Story, dev_stripe: Running
) -> None:
    dev_stripe.control.fault("timeout_after", path="*/checkout/sessions", method="POST")
    with pytest.raises(Unknown):
        story.open()
    assert (story.state, story.held) == ("unknown", WAITING)
    paying.open_session(story.id, now=story.now)  # somebody has it in hand: nothing is asked twice at once
    assert story.state == "unknown"
    story.later(dev_stripe, seconds=31)
    assert cash.resume(story.at) == 1
    assert story.state == "awaiting_payment"
    asked = dev_stripe.control.requests("/checkout/sessions", "POST")
    assert len({request["headers"]["Idempotency-Key"] for request in asked}) == 1
    assert len(dev_stripe.control.events("checkout.session")) == 0
    assert len(payments.of_order(story.id)) == 1


def test_time_is_up_and_everything_comes_back_once_stripe_says_so(story: Story, dev_stripe: Running) -> None:
    story.open()
    story.later(dev_stripe, minutes=14, seconds=58)
    assert cash.close_overdue(story.at) == 0
    story.later(dev_stripe, seconds=2)
    assert cash.close_overdue(story.at) == 1
    assert (story.state, story.held) == ("expiring", WAITING)
    cash.end_payment({"order_id": story.id}, story.at, 1)
    assert (story.state, story.held) == ("expired", LET_GO)
    assert story.events() == ["placed", "reserved", "closing", "expired"]
    cash.end_payment({"order_id": story.id}, story.at, 1)
    assert story.held == LET_GO


def test_what_was_never_asked_for_is_let_go_at_once(story: Story, dev_stripe: Running) -> None:
    assert story.close() == "cancelled"
    assert story.held == LET_GO
    paying.open_session(story.id, now=story.now)
    assert dev_stripe.control.requests("/checkout/sessions") == []


def test_cancelled_in_one_tab_while_paid_in_another_is_paid(story: Story, dev_stripe: Running) -> None:
    session = story.open()
    assert story.close() == "expiring"
    dev_stripe.control.pay(session)
    assert paying.end(story.id, now=story.now).state == "paid"
    assert story.held == PAID
    with pytest.raises(CannotCancel):
        story.close()


def test_a_session_that_may_exist_is_found_and_ended_before_anything_is_released(
    story: Story, dev_stripe: Running
) -> None:
    dev_stripe.control.fault("timeout_after", path="*/checkout/sessions", method="POST")
    with pytest.raises(Unknown):
        story.open()
    assert story.close() == "expiring"
    assert paying.end(story.id, now=story.now).state == "expiring"
    assert story.held == WAITING
    story.later(dev_stripe, seconds=31)
    assert paying.end(story.id, now=story.now).state == "cancelled"
    assert story.held == LET_GO
    assert [event["type"] for event in dev_stripe.control.events()] == ["checkout.session.expired"]


def test_a_stored_error_is_looked_through_and_the_session_behind_it_found(
    story: Story, dev_stripe: Running
) -> None:
    dev_stripe.control.fault("error_after", path="*/checkout/sessions", method="POST")
    for _ in range(3):
        with pytest.raises(Unknown):
            paying.open_session(story.id, now=story.now)
        story.later(dev_stripe, seconds=30)
    story.open()
    assert story.state == "awaiting_payment"


def test_a_key_older_than_a_day_is_never_used_again(story: Story, dev_stripe: Running) -> None:
    dev_stripe.control.fault("timeout_before", path="*/checkout/sessions", method="POST")
    with pytest.raises(Unknown):
        story.open()
    story.later(dev_stripe, hours=25)
    before = len(dev_stripe.control.requests("/checkout/sessions", "POST"))
    cash.close_overdue(story.at)
    assert paying.end(story.id, now=story.now).state == "expired"
    assert len(dev_stripe.control.requests("/checkout/sessions", "POST")) == before
    assert story.held == LET_GO


def test_money_after_the_end_goes_back_by_itself(story: Story, dev_stripe: Running) -> None:
    session = story.open()
    story.close()
    assert paying.end(story.id, now=story.now).state == "cancelled"
    dev_stripe.control.pay(session, late=True)
    for _ in range(2):
        paying.settle(story.id, paying.gateway().retrieve_session(session), now=story.now)
    assert (story.state, story.held, story.strays()) == ("cancelled", LET_GO, 1)


def test_news_of_an_old_attempt_do_not_touch_a_paid_order(story: Story, dev_stripe: Running) -> None:
    first = story.open()
    paying.gateway().expire_session(first)
    paying.look(story.id, now=story.now)
    with transaction():
        second = attempts.again(story.id, PAYING, at=story.at)
    assert second.attempt == 2
    dev_stripe.control.pay(story.open())
    paying.look(story.id, now=story.now)
    assert story.state == "paid"
    assert paying.settle(story.id, paying.gateway().retrieve_session(first), now=story.now).state == "paid"
    assert (story.held, story.strays()) == (PAID, 0)


@pytest.mark.parametrize(
    "wrong",
    [{"amount_total": 1}, {"currency": "eur"}, {"livemode": True}, {"client_reference_id": "R-X-1"}],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_payment_that_does_not_match_moves_nothing(
    story: Story, dev_stripe: Running, wrong: dict[str, object]
) -> None:
    session = story.open()
    dev_stripe.control.pay(session)
    dev_stripe.control.tamper(session, **wrong)
    settled = paying.look(story.id, now=story.now)
    assert settled is not None
    assert settled.problem
    assert (story.state, story.held) == ("awaiting_payment", WAITING)


def test_the_sweep_finds_a_payment_whose_webhook_never_came(story: Story, dev_stripe: Running) -> None:
    dev_stripe.control.pay(story.open())
    assert cash.reconcile(story.at + timedelta(minutes=9)) == 0
    assert cash.reconcile(story.at + timedelta(minutes=11)) == 1
    assert (story.state, story.held) == ("paid", PAID)


def test_without_stripe_the_order_waits_and_nothing_is_lost(story: Story, dev_stripe: Running) -> None:
    story.open()
    story.later(dev_stripe, minutes=15)
    cash.close_overdue(story.at)
    dev_stripe.control.fault("reset_before", times=None)
    assert cash.reconcile(story.at) == 0
    assert (story.state, story.held) == ("expiring", WAITING)
    dev_stripe.control.clear_faults()
    assert cash.reconcile(story.at) == 1
    assert (story.state, story.held) == ("expired", LET_GO)


def test_a_paid_order_tells_the_member_once(story: Story, dev_stripe: Running) -> None:
    dev_stripe.control.pay(story.open())
    for _ in range(3):
        paying.look(story.id, now=story.now)
        paying.settle(story.id, None, now=story.now)
    kinds = db.session.scalars(sa.select(OutboxMessage.kind).order_by(OutboxMessage.id)).all()
    assert kinds.count("order.placed") == 1


def test_points_whose_time_was_over_meanwhile_live_for_the_programmes_grace(
    story: Story, dev_stripe: Running
) -> None:
    with transaction():
        give_points(story.member.id, PRICE, at=story.at, expires_at=story.at + timedelta(minutes=5))
    second = Story(story.member, story.item, story.at + timedelta(seconds=2))
    second.at += timedelta(minutes=15)
    with transaction():
        assert expiring.overdue(second.id, at=second.at, grace=timedelta(days=7)) == "expired"
    db.session.expire_all()
    mine = Lot.grace_until.is_not(None)
    lot = db.session.scalars(sa.select(Lot).where(Lot.member_id == story.member.id, mine)).one()
    assert (lot.remaining, lot.grace_until) == (PRICE, second.at + timedelta(days=7))


def test_the_goods_earn_points_and_their_delivery_none(story: Story, dev_stripe: Running) -> None:
    with transaction():
        delivery_rates.add(NewRate("standard", "All", (), 1_200), actor=SYSTEM, at=story.at)
        give_points(story.member.id, PRICE, at=story.at)
        quote = quoting.make_quote(
            member=story.member.id, at=story.at, lines=[quoting.Ask(story.item.variant_id, 1)]
        )
        quoting.choose(
            quote.id, quoting.Chosen(fees.Way("standard", ADDRESS)), member=story.member.id, at=story.at
        )
        placed = place(quote.id, member=story.member.id, at=story.at)
    assert placed.cash == CASH + 1_200
    pay(dev_stripe, placed.id, story.at)
    told = queries.any_order(placed.number, locale="en").events
    (earned,) = [event.data["points"] for event in told if event.kind == "earned"]
    assert earned == 30  # a point for each 1.00 of the kettle


def test_a_session_of_another_order_moves_neither(story: Story, dev_stripe: Running) -> None:
    with transaction():
        give_points(story.member.id, PRICE, at=story.at)
    other = Story(story.member, story.item, story.at + timedelta(seconds=2))
    story.open()
    session = other.open()
    dev_stripe.control.pay(session)
    settled = paying.settle(story.id, paying.gateway().retrieve_session(session), now=other.now)
    assert settled.problem == f"{session} is no attempt of {story.placed.number}"
    assert (story.state, other.state) == ("awaiting_payment", "awaiting_payment")
    assert [one.state for one in payments.of_order(other.id)] == ["open"]
    paying.look(other.id, now=other.now)
    assert (story.state, other.state) == ("awaiting_payment", "paid")

"""The account at Stripe has other uses than the mall, and their objects are of any kind: they stand in nobody's way.

What is ours and cannot be read is told, and keeps nothing else from being looked at.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from devstripe.testing import Running
from mall.core.db import db, transaction
from mall.core.ids import OrderId
from mall.domain.ledger.models import Account
from mall.domain.members.models import Member
from mall.domain.orders import expiring
from mall.domain.orders.models import Order
from mall.domain.payments import queries
from mall.domain.payments.errors import Unknown, Unreadable
from mall.domain.payments.models import StripeEvent
from mall.web import paying
from mall.worker import cash
from mall.worker.comparing import compare_with_stripe
from mall.worker.rounds import SILENCES
from mall.worker.running import deliver
from tests.support.cash_factory import paid_order
from tests.support.items_factory import Made
from tests.support.orders_factory import place_order
from tests.support.story import Story

#: What a session in mode "setup" has, and has not.
SETUP: dict[str, Any] = {
    "mode": "setup",
    "amount_total": None,
    "currency": None,
    "client_reference_id": None,
    "metadata": {},
    "payment_status": "no_payment_required",
}


def another_use(stripe: Running) -> str:
    """A session that keeps a card for later, made by somebody else on the same account; its id."""
    price: Any = {"currency": "usd", "unit_amount": 500, "product_data": {"name": "Subscription"}}
    made = stripe.client().v1.checkout.sessions.create(
        {
            "mode": "payment",
            "line_items": [{"quantity": 1, "price_data": price}],
            "success_url": "https://shop.example.org/",
        }
    )
    stripe.control.tamper(made.id, **SETUP)
    return made.id


@pytest.fixture
def orders(dev_stripe: Running, mei: Member, kettle: Made, at: datetime) -> Callable[[int], list[OrderId]]:
    """Orders of 300 points and 30.00 that wait for their cash; no session is open yet."""
    return lambda count: [place_order(mei.id, (kettle.variant_id, 1), at=at).id for _ in range(count)]


def open_session(order: OrderId, at: datetime) -> str:
    paying.open_session(order, now=lambda: at)
    (payment,) = queries.of_order(order)
    return str(payment.session_id)


def state(order: OrderId) -> str:
    return db.session.get_one(Order, order, populate_existing=True).state


def told() -> list[tuple[str, str]]:
    """Kind of each difference before staff, and what it is about."""
    return [(one.kind, one.id.partition(":")[2]) for one in queries.differences()]


def test_a_session_of_another_use_does_not_blind_the_night(
    orders: Callable[[int], list[OrderId]], dev_stripe: Running, at: datetime
) -> None:
    (order,) = orders(1)
    dev_stripe.control.pay(open_session(order, at))
    another_use(dev_stripe)
    assert compare_with_stripe(at + timedelta(hours=1)) == 1
    assert (state(order), told()) == ("paid", [])


def test_a_session_of_another_use_keeps_no_points_held(
    orders: Callable[[int], list[OrderId]], dev_stripe: Running, mei: Member, at: datetime
) -> None:
    """Nobody knows whether the attempt's session was made: it is looked up among all that the account has."""
    (order,) = orders(1)
    another_use(dev_stripe)
    dev_stripe.control.fault("error_before", path="/v1/checkout/sessions", method="POST")
    with pytest.raises(Unknown):
        paying.open_session(order, now=lambda: at)
    with transaction():
        expiring.overdue(order, at=at + timedelta(minutes=16))
    cash.reconcile(at + timedelta(minutes=33))
    assert state(order) == "expired"
    assert db.session.get_one(Account, mei.id, populate_existing=True).held == 0


def test_an_attempt_is_looked_up_only_where_its_session_can_be(
    orders: Callable[[int], list[OrderId]], dev_stripe: Running, at: datetime
) -> None:
    (order,) = orders(1)
    dev_stripe.control.fault("error_before", path="/v1/checkout/sessions", method="POST")
    with pytest.raises(Unknown):
        paying.open_session(order, now=lambda: at)
    paying.open_session(order, now=lambda: at + timedelta(days=20))
    asked = dev_stripe.control.requests("/v1/checkout/sessions", "GET")[-1]["form"]
    made = int(queries.of_order(order)[0].created_at.timestamp())
    assert (int(asked["created[gte]"]) - made, int(asked["created[lt]"]) - made) == (-300, 86_400 + 300)


def test_a_webhook_of_another_use_is_ignored_and_one_of_ours_that_cannot_be_read_is_not(
    story: Story, dev_stripe: Running
) -> None:
    dev_stripe.control.pay(story.open())
    completed = dev_stripe.control.events("checkout.session.completed")[0]["id"]
    for name, changed in (
        ("evt_other", {**SETUP, "id": "cs_test_other"}),
        (
            "evt_notes",
            {**SETUP, "id": "cs_test_notes", "metadata": {"refund": "he rang,\nand will call again"}},
        ),
        ("evt_lost", {"id": "cs_test_lost", "amount_total": None}),
        ("evt_ours", {"amount_total": None, "metadata": {}}),
    ):
        twist: dict[str, Any] = {"event": {"id": name}, "set": changed}
        (answer,) = dev_stripe.control.deliver([completed], twist=twist)
        assert answer["status"] == 200, name
    deliver(story.now)
    states = {row.id: row.state for row in db.session.execute(sa.select(StripeEvent.id, StripeEvent.state))}
    assert states == {
        "evt_other": "ignored",
        "evt_notes": "ignored",
        "evt_lost": "quarantined",
        "evt_ours": "quarantined",
    }


def test_a_dispute_of_another_use_is_not_even_asked_for(story: Story, dev_stripe: Running) -> None:
    dev_stripe.control.pay(story.open())
    paying.look(story.id, now=story.now)
    (payment,) = queries.of_order(story.id)
    made = dev_stripe.control.dispute(str(payment.payment_intent))["id"]
    opened = dev_stripe.control.events("charge.dispute.created")[0]["id"]
    dev_stripe.control.tamper(made, amount=None)
    dev_stripe.control.deliver(
        [opened], twist={"event": {"id": "evt_other"}, "set": {"payment_intent": "pi_other"}}
    )
    assert deliver(story.now).failed == 0
    event = queries.event("evt_other")
    assert event is not None
    assert event.state == "ignored"


def test_a_session_of_ours_that_cannot_be_read_is_told_and_the_others_are_looked_at(
    orders: Callable[[int], list[OrderId]], dev_stripe: Running, at: datetime
) -> None:
    spoilt, paid = orders(2)
    for order in (paid, spoilt):  # the newest is read first
        dev_stripe.control.pay(open_session(order, at))
    (payment,) = queries.of_order(spoilt)
    dev_stripe.control.tamper(str(payment.session_id), amount_total=None)
    assert compare_with_stripe(at + timedelta(hours=1)) == 2
    assert (state(paid), state(spoilt)) == ("paid", "awaiting_payment")
    assert told() == [("compare.unreadable", payment.session_id)]
    (event,) = queries.differences()
    assert event.object_id == payment.number
    assert "a whole number is missing" in event.error


def test_a_session_of_ours_that_cannot_be_read_is_not_taken_for_none(
    orders: Callable[[int], list[OrderId]], dev_stripe: Running, at: datetime
) -> None:
    """It may be paid: what the order holds stays held until somebody knows."""
    (order,) = orders(1)
    dev_stripe.control.fault("timeout_after", path="/v1/checkout/sessions", method="POST")
    with pytest.raises(Unknown):
        paying.open_session(order, now=lambda: at)
    (made,) = dev_stripe.app.world.store.newest("checkout.session")
    dev_stripe.control.tamper(made["id"], amount_total=None)
    with pytest.raises(Unreadable):
        paying.open_session(order, now=lambda: at + timedelta(days=2))
    assert state(order) == "unknown"
    dev_stripe.control.tamper(made["id"], amount_total=3000)
    paying.open_session(order, now=lambda: at + timedelta(days=2, minutes=1))
    assert queries.of_order(order)[0].session_id == made["id"]


def test_a_refund_and_a_dispute_of_another_use_are_passed_over_and_ours_are_told(
    dev_stripe: Running, mei: Member, kettle: Made, at: datetime
) -> None:
    ours, other = (paid_order(dev_stripe, mei.id, (kettle.variant_id, 1), at=at) for _ in range(2))
    ids: dict[str, tuple[str, str]] = {}
    for name, order in (("ours", ours), ("other", other)):
        intent = str(queries.of_order(order.id)[0].payment_intent)
        refund = dev_stripe.client().v1.refunds.create({"payment_intent": intent, "amount": 500}).id
        ids[name] = refund, dev_stripe.control.dispute(intent)["id"]
    for refund, dispute in ids.values():
        for one in (refund, dispute):
            dev_stripe.control.tamper(one, amount=None)
    for one in ids["other"]:
        dev_stripe.control.tamper(one, payment_intent=None)
    compare_with_stripe(at + timedelta(hours=1))
    assert {what for what in told() if what[0] == "compare.unreadable"} == {
        ("compare.unreadable", one) for one in ids["ours"]
    }


@pytest.mark.parametrize("silent", ["/v1/checkout/sessions", "/v1/refunds", "/v1/disputes"])
def test_a_list_that_fails_keeps_none_of_the_others_from_being_looked_at(
    silent: str, dev_stripe: Running, mei: Member, kettle: Made, at: datetime
) -> None:
    settled = paid_order(dev_stripe, mei.id, (kettle.variant_id, 1), at=at)
    waiting = place_order(mei.id, (kettle.variant_id, 1), at=at)
    dev_stripe.control.pay(open_session(waiting.id, at))
    intent = str(queries.of_order(settled.id)[0].payment_intent)
    dev_stripe.client().v1.refunds.create({"payment_intent": intent, "amount": 500})
    dev_stripe.control.dispute(intent)
    dev_stripe.control.fault("error_before", path=silent, method="GET")
    compare_with_stripe(at + timedelta(hours=1))
    assert {
        "/v1/checkout/sessions": state(waiting.id) == "paid",
        "/v1/refunds": "compare.refund_unknown" in {kind for kind, _ in told()},
        "/v1/disputes": len(queries.disputes_of(settled.id)) == 1,
    } == {path: path != silent for path in ("/v1/checkout/sessions", "/v1/refunds", "/v1/disputes")}


@pytest.mark.parametrize("ours", ["first", "second"])
def test_two_sessions_by_one_name_do_not_hide_each_other(
    ours: str, orders: Callable[[int], list[OrderId]], dev_stripe: Running, at: datetime
) -> None:
    """A database restored from a backup, or a second mall on the account, may have made another one by the same name."""
    (order,) = orders(1)
    (payment,) = queries.of_order(order)
    made = []
    for who in ("first", "second"):
        if who == ours:
            mine = open_session(order, at)
        else:
            made.append(paying.gateway().create_session(payment.request, key="another"))
        dev_stripe.control.advance(2)
    for session in (mine, made[0].id):
        dev_stripe.control.pay(session)
    assert compare_with_stripe(at + timedelta(hours=1)) == 2
    assert state(order) == "paid"
    assert queries.of_order(order)[0].session_id == mine
    assert told() == [("compare.session_unknown", made[0].id)]


def test_of_two_sessions_of_an_attempt_that_knows_none_the_first_is_its_own(
    orders: Callable[[int], list[OrderId]], dev_stripe: Running, at: datetime
) -> None:
    (order,) = orders(1)
    (payment,) = queries.of_order(order)
    made = []
    for key in (payment.key, "another"):
        made.append(paying.gateway().create_session(payment.request, key=key).id)
        dev_stripe.control.advance(2)
    since, until = at - timedelta(minutes=5), at + timedelta(hours=1)
    found = paying.gateway().find_session(payment.reference, since, until)
    assert found is not None
    assert found.id == made[0]
    dev_stripe.control.pay(made[0])
    assert compare_with_stripe(at + timedelta(hours=1)) == 2
    assert (state(order), queries.of_order(order)[0].session_id) == ("paid", made[0])
    assert told() == [("compare.session_unknown", made[1])]


def test_answers_that_cannot_be_read_end_no_round(
    orders: Callable[[int], list[OrderId]], dev_stripe: Running, at: datetime
) -> None:
    *spoilt, last = orders(SILENCES + 1)
    for order in spoilt:
        dev_stripe.control.tamper(open_session(order, at), amount_total=None)
    dev_stripe.control.pay(open_session(last, at))
    assert cash.reconcile(at + timedelta(minutes=11)) == 1
    assert state(last) == "paid"

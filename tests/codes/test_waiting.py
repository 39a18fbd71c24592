"""Orders that wait for codes: none waits behind others, and none gets any whose cash the bank has taken back."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from devstripe.testing import Running
from mall.core.db import db, transaction
from mall.core.ids import MemberId, OrderId
from mall.domain.items.code_models import Code, CodeReveal
from mall.domain.ledger import queries as points
from mall.domain.members.models import Member
from mall.domain.orders import fulfilling
from mall.domain.orders.models import order_table as orders
from mall.domain.orders.refunding.errors import OrderDisputed
from mall.domain.payments import queries as payments
from mall.worker import refunds, schedule
from tests.codes.test_giving import codes_of, look, view
from tests.support.cash_factory import grant, paid_order
from tests.support.codes_factory import add_codes, secret
from tests.support.items_factory import make_item
from tests.support.orders_factory import NONE, place_order
from tests.support.pages import PageClient


def test_an_order_behind_a_hundred_that_wait_in_vain_gets_its_code(
    app: Flask, mei: Member, at: datetime
) -> None:
    """Each of those in front wants more codes than there are."""
    grant(mei.id, 10_000, at=at)
    with transaction():
        made = make_item("Voucher", points=10, stock=300, kind="digital")
    first = [place_order(MemberId(mei.id), (made.variant_id, 2), at=at, delivery=NONE).id for _ in range(100)]
    last = place_order(MemberId(mei.id), (made.variant_id, 1), at=at, delivery=NONE).id
    with transaction():
        add_codes(made.variant_id, [secret(1)], at=at)
    assert fulfilling.waiting(at=at) == first  # one page of them
    assert schedule.tend_codes(at) == 1
    states = {row.id: row.state for row in db.session.execute(sa.select(orders.c.id, orders.c.state))}
    assert states == dict.fromkeys(first, "paid") | {last: "completed"}


def lose(stripe: Running, order: int, at: datetime) -> None:
    """The member's bank takes the order's cash back, for good."""
    intent = payments.of_order(order)[-1].payment_intent or ""
    dispute = stripe.control.dispute(intent)["id"]
    stripe.control.close_dispute(dispute, won=False)
    assert refunds.look_at_dispute(dispute, now=lambda: at) == "lost"


def test_after_a_lost_dispute_no_codes_are_given_and_the_cancel_page_tells_the_truth(
    app: Flask, mei: Member, dev_stripe: Running, pages: PageClient, at: datetime
) -> None:
    grant(mei.id, 1_000, at=at - timedelta(days=1))
    with transaction():
        made = make_item("Voucher", points=300, cash=1_000, stock=5, kind="digital")
    order = paid_order(dev_stripe, MemberId(mei.id), (made.variant_id, 1), at=at, delivery=NONE)
    lose(dev_stripe, order.id, at)
    with transaction():
        add_codes(made.variant_id, [secret(n) for n in range(2)], at=at)
    assert fulfilling.waiting(at=at) == [order.id]
    assert schedule.tend_codes(at) == 0
    assert (view(order).state, set(db.session.scalars(sa.select(Code.state)))) == ("paid", {"free"})

    pages.sign_in(mei.email or "")
    page = pages.get(f"/orders/{order.number}/cancel")
    for said in ("300", "The bank has taken ¥10.00 back already: it does not go back a second time."):
        assert said in page.text, page.text
    assert "Cash to the card" not in page.text
    pages.post(
        f"/orders/{order.number}/cancel",
        {"expect": page.value("expect")},
        page=f"/orders/{order.number}/cancel",
    )
    after = pages.get(f"/orders/{order.number}").text
    assert "300 points are back." in after
    assert "on its way to your card" not in after
    assert (view(order).state, points.balance(mei.id, at).available) == ("cancelled", 1_000)
    assert dev_stripe.app.world.store.newest("refund") == []


def test_after_a_lost_dispute_only_codes_that_were_seen_are_shown(
    app: Flask, mei: Member, dev_stripe: Running, at: datetime
) -> None:
    grant(mei.id, 1_000, at=at - timedelta(days=1))
    with transaction():
        made = make_item("Voucher", points=300, cash=1_000, stock=0, kind="digital")
        add_codes(made.variant_id, [secret(n) for n in range(2)], at=at)
    order = paid_order(dev_stripe, MemberId(mei.id), (made.variant_id, 2), at=at, delivery=NONE)
    line = view(order).lines[0].id
    lose(dev_stripe, order.id, at)
    with pytest.raises(OrderDisputed):
        look(order, line, mei, at)
    assert db.session.scalars(sa.select(CodeReveal)).all() == []
    first, _ = codes_of(line)
    with transaction():
        db.session.execute(sa.update(Code).where(Code.id == first.id).values(revealed_at=at))
    assert len(look(order, line, mei, at)) == 1
    with transaction():
        assert fulfilling.give_waiting(OrderId(order.id), at=at) == 0

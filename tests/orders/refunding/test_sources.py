"""Each tender goes back to its own source, as the preview said, and no more than was given."""

from datetime import timedelta

import pytest

from mall.core.actor import as_staff
from mall.core.db import transaction
from mall.core.ids import OrderId
from mall.domain.ledger import service as ledger
from mall.domain.ledger.rules import Key, Ref
from mall.domain.orders import cancelling, refunding
from mall.domain.orders.refunding import Limit, facts
from mall.domain.orders.refunding.errors import (
    CannotRefund,
    OwnOrder,
    PreviewChanged,
    RefundOverLimit,
)
from mall.domain.orders.refunding.previewing import everything_unsent
from mall.domain.payments import queries as payments
from mall.worker import refunds
from tests.orders.refunding.conftest import Sale
from tests.support.cash_factory import make_combo, paid_order


def test_the_preview_says_lots_dates_cash_and_earnings_and_that_is_what_happens(sale: Sale) -> None:
    assert sale.balance == (227, 0)  # 197 left, 30 earned by the cash
    shown = sale.preview(unsent=2)
    lots = [(lot.points, lot.expires_at, lot.grace) for lot in shown.lots]
    assert [n for n, _, _ in lots] == [103, 99]  # the last used first
    assert lots[1][1] == sale.at + timedelta(days=3)
    assert (shown.points, shown.cash, shown.earned_back, shown.from_available) == (202, 2_002, 20, 20)
    assert (shown.debt, shown.delivery, shown.whole, shown.restocked) == (0, 0, False, 2)
    done = sale.refund(unsent=2, expect=shown.hash)
    assert [(n, expires) for n, expires in done.lots] == [(n, expires) for n, expires, _ in lots]
    assert sale.balance == (227 + 202 - 20, 0)
    assert sale.available == 9


def test_points_whose_time_was_over_live_on_grace_and_the_preview_stays_the_same_while_it_is_read(
    sale: Sale,
) -> None:
    sale.at += timedelta(days=10)
    shown = sale.preview(unsent=3)
    assert [(lot.points, lot.grace) for lot in shown.lots] == [(103, False), (200, True)]
    sale.at += timedelta(minutes=3)
    assert sale.preview(unsent=3).hash == shown.hash
    sale.refund(unsent=3, expect=shown.hash)


def test_earned_points_that_are_spent_become_debt_and_the_preview_says_so(sale: Sale) -> None:
    with transaction():
        ledger.redeem(
            sale.member.id, 227, ref=Ref("test", "all"), key=Key("test", "all"), actor=sale.staff, at=sale.at
        )
    sale.ship(3)
    shown = sale.preview(returned=3)
    assert (shown.earned_back, shown.from_available, shown.debt) == (30, 30, 0)
    sale.refund(returned=3, expect=shown.hash)
    assert sale.balance == (273, 0)


def test_what_changed_since_it_was_shown_is_shown_again_and_nothing_is_done(sale: Sale) -> None:
    shown = sale.preview(unsent=2)
    sale.refund(unsent=1)
    with pytest.raises(PreviewChanged) as changed:
        sale.refund(unsent=2, expect=shown.hash)
    assert changed.value.preview.hash != shown.hash
    assert sale.line.cancelled == 1


def test_units_that_were_sent_come_back_to_the_shelf_only_if_asked(sale: Sale) -> None:
    sale.ship(3)
    assert sale.order.state == "completed"
    sale.refund(returned=1, restock=False)
    assert sale.available == 7
    sale.refund(returned=2, restock=True)
    assert sale.available == 9
    assert (sale.line.state, sale.line.returned, sale.order.state) == ("returned", 3, "completed")
    assert (sale.order.points_back, sale.order.cash_back) == (303, 3_003)


def test_an_order_sent_in_part_is_done_when_the_rest_is_refunded(sale: Sale) -> None:
    sale.ship(1)
    sale.refund(unsent=2)
    assert (sale.line.state, sale.order.state) == ("shipped", "completed")
    sale.refund(returned=1)
    assert (sale.line.state, sale.order.state) == ("returned", "completed")


@pytest.mark.parametrize(("unsent", "returned"), [(4, 0), (0, 1), (0, 0), (3, 1)])
def test_more_than_there_is_cannot_be_refunded(sale: Sale, unsent: int, returned: int) -> None:
    with pytest.raises(CannotRefund):
        sale.refund(unsent, returned)


def test_the_same_form_twice_is_one_refund(sale: Sale) -> None:
    first = sale.refund(unsent=1, form_key="a")
    again = sale.refund(unsent=1, form_key="a")
    assert (again.id, again.again) == (first.id, True)
    assert sale.line.cancelled == 1


def test_staff_give_back_no_more_than_their_limit_within_a_day(sale: Sale) -> None:
    limit = Limit(points=250, cash=2_002)
    sale.refund(unsent=2, limit=limit)
    with pytest.raises(RefundOverLimit):
        sale.refund(unsent=1, limit=limit)
    sale.at += timedelta(days=1, seconds=1)
    sale.refund(unsent=1, limit=limit)


def test_nobody_refunds_their_own_order(sale: Sale) -> None:
    with pytest.raises(OwnOrder):
        sale.refund(unsent=1, actor=as_staff(sale.member.id))


def test_cancelling_is_a_refund_of_what_was_not_sent(sale: Sale) -> None:
    with transaction():
        done = cancelling.cancel(sale.id, actor=sale.staff, at=sale.at, reason="Changed my mind")
    assert (done.points, done.cash) == (303, 3_003)
    assert (sale.order.state, sale.available, sale.balance) == ("cancelled", 10, (500, 0))
    assert payments.of_order(sale.id)[0].refunding == 3_003
    assert refunds.follow_up(sale.at + timedelta(minutes=2)) == 1
    assert sale.refunds_at_stripe() == [(3_003, "succeeded")]
    with transaction():
        again = cancelling.cancel(sale.id, actor=sale.staff, at=sale.at)
    assert (again.again, again.cash) == (True, 3_003)


def test_what_the_cash_earned_and_is_gone_is_owed(sale: Sale) -> None:
    """A thing of one point and 100.00: of the 100 points that it earned, only what is there can be taken."""
    with transaction():
        dear = make_combo("Lamp", points=1, cash=10_000).variant_id
    placed = paid_order(sale.stripe, sale.member.id, (dear, 1), at=sale.at)
    with transaction():
        everything = sale.balance[0]
        key = Key("test", "all")
        ledger.redeem(
            sale.member.id, everything, ref=Ref("test", "all"), key=key, actor=sale.staff, at=sale.at
        )
    order = OrderId(placed.id)
    shown = refunding.preview(order, everything_unsent(facts.of_order(order)), at=sale.at)
    assert (shown.earned_back, shown.from_available, shown.debt) == (100, 1, 99)
    with transaction():
        refunding.request(order, None, actor=sale.staff, at=sale.at, expect=shown.hash)
    assert sale.balance == (0, 99)

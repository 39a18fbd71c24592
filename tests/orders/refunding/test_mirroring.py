"""What Stripe says of a refund moves only that one: not another of the same order, nor the next try of the same."""

from dataclasses import replace

import pytest

from mall.core.db import transaction
from mall.domain.orders import refunding
from mall.domain.orders.refunding import sending
from mall.web import paying
from mall.worker import refunds
from tests.orders.refunding.conftest import Sale
from tests.orders.refunding.test_sending import failed


@pytest.mark.parametrize(
    "other",
    [{"amount": 1_000}, {"currency": "EUR"}, {"reference": "F-OTHER"}],
    ids=lambda other: next(iter(other)),
)
def test_another_refund_is_not_taken_for_ours(sale: Sale, other: dict[str, object]) -> None:
    asked = sale.refund(unsent=1)
    with transaction():
        taken = sending.take(asked.id, at=sale.at)
    assert taken is not None
    found = paying.gateway().create_refund(taken.body, key=taken.key)
    assert found.status == "succeeded"
    assert refunds.mirror(asked.id, replace(found, **other), now=lambda: sale.at) == "sent"  # type: ignore[arg-type]
    row = sale.row(asked.id)
    assert (row.state, row.stripe_id, row.error) == ("sent", None, f"{found.id} is not this refund")
    assert "refund_sent" not in sale.events
    assert refunds.mirror(asked.id, found, now=lambda: sale.at) == "succeeded"


def test_at_night_an_earlier_attempt_is_no_news_of_a_refund_that_was_sent_again(sale: Sale) -> None:
    this = failed(sale)
    old = sale.row(this).stripe_id
    assert old is not None
    with transaction():
        refunding.retry(this, actor=sale.staff, at=sale.at)
    earlier = paying.gateway().retrieve_refund(old)
    assert (earlier.status, sending.behind(earlier)) == ("failed", None)  # nobody has sent it again yet
    sale.stripe.control.begin_refunds("pending")
    assert refunds.send(this, now=lambda: sale.at) == "sent"
    assert sending.behind(earlier) is None
    now = sale.row(this).stripe_id
    assert now not in (None, old)
    sale.stripe.control.settle_refund(str(now))
    assert sending.behind(paying.gateway().retrieve_refund(str(now))) == this

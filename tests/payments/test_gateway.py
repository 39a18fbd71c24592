"""The gateway against the development Stripe, through the real SDK."""

import json
from datetime import datetime, timedelta

import pytest

from devstripe.testing import Running
from mall.domain.payments import rules
from mall.domain.payments.errors import Refused
from mall.domain.payments.gateway import Gateway
from tests.support.stripe import gateway_to

LINES = (rules.PayLine("搪瓷杯", 3000, 2), rules.PayLine("Delivery", 1000))
REQUEST = rules.SessionRequest(
    number="R-7K3Q-9XWD-2F5M",
    currency="CNY",
    lines=LINES,
    locale="zh-Hant",
    email="mei@example.com",
    success_url="https://mall.example.org/orders/R-7K3Q-9XWD-2F5M/return",
    cancel_url="https://mall.example.org/orders/R-7K3Q-9XWD-2F5M",
)


@pytest.fixture
def gateway(dev_stripe: Running) -> Gateway:
    return gateway_to(dev_stripe)


def body(at: datetime, attempt: int = 1) -> str:
    return json.dumps(rules.session_body(REQUEST, attempt=attempt, expires_at=at + rules.SESSION_LIFE))


def test_a_session_is_made_for_exactly_what_is_due(
    gateway: Gateway, dev_stripe: Running, at: datetime
) -> None:
    session = gateway.create_session(body(at), key="k1")
    assert (session.status, session.payment_status, session.amount, session.currency) == (
        "open",
        "unpaid",
        4000,
        "CNY",
    )
    assert session.reference == "R-7K3Q-9XWD-2F5M-1"
    assert session.expires_at == at + timedelta(minutes=31)
    dev_stripe.control.pay(session.id)
    paid = gateway.retrieve_session(session.id)
    assert paid.intent is not None
    assert paid.intent.charge is not None
    assert (paid.payment_status, paid.intent.received, paid.intent.charge.captured) == ("paid", 4000, 4000)


def test_what_is_not_there_is_refused(gateway: Gateway) -> None:
    with pytest.raises(Refused) as refused:
        gateway.retrieve_session("cs_test_none")
    assert refused.value.code == "resource_missing"

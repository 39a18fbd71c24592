"""An event that was kept under the keys of one mode, and is applied under those of the other, moves nothing.

The endpoint turns events of the other mode down already; keys can be exchanged while events wait to be applied.
"""

from collections.abc import Iterator
from datetime import datetime

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from devstripe.testing import Running
from mall.core.db import db
from mall.domain.members.models import Member
from mall.domain.payments import queries as payments
from mall.domain.payments.models import StripeEvent
from mall.web import paying
from mall.worker.running import deliver
from tests.orders.refunding.conftest import Sale
from tests.support.story import WAITING, Story


@pytest.fixture(autouse=True)
def clock(at: datetime) -> Iterator[None]:
    with time_machine.travel(at, tick=False):
        yield


def kept_live(stripe: Running, kind: str, keys: pytest.MonkeyPatch) -> None:
    """Have the newest event of a kind delivered as one of live mode, to a mall that has live keys just then."""
    newest = stripe.control.events(kind)[-1]["id"]
    with keys.context() as live:
        live.setattr(paying.gateway(), "livemode", True)
        (answer,) = stripe.control.deliver([newest], twist={"event": {"livemode": True}})
    assert answer["status"] == 200
    assert became(newest) == ("stored", "")


def became(event: str) -> tuple[str, str]:
    """The event's state, and why."""
    db.session.expire_all()
    found = db.session.get_one(StripeEvent, event)
    return found.state, found.error


def quarantined() -> list[str]:
    query = sa.select(StripeEvent.error).where(StripeEvent.state == "quarantined")
    return list(db.session.scalars(query))


def test_a_live_event_pays_nothing_of_a_test_order(
    story: Story, dev_stripe: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    dev_stripe.control.pay(story.open())
    kept_live(dev_stripe, "checkout.session.completed", monkeypatch)
    assert deliver(story.now).failed == 0
    assert quarantined() == ["the event's livemode is True"]
    assert (story.state, story.held) == ("awaiting_payment", WAITING)


@pytest.mark.parametrize("what", ["refund", "dispute"])
def test_a_live_event_tells_nothing_of_a_test_refund_or_dispute(
    app: Flask,
    mei: Member,
    sam: Member,
    dev_stripe: Running,
    at: datetime,
    monkeypatch: pytest.MonkeyPatch,
    what: str,
) -> None:
    sale = Sale(dev_stripe, mei, sam, at)
    if what == "refund":
        asked = sale.refund(unsent=1).id
        deliver(lambda: at)
        dev_stripe.control.fail_refund(sale.row(asked).stripe_id or "")
        kept_live(dev_stripe, "refund.failed", monkeypatch)
    else:
        dev_stripe.control.dispute(payments.of_order(sale.id)[-1].payment_intent or "")
        kept_live(dev_stripe, "charge.dispute.created", monkeypatch)
    assert deliver(lambda: at).failed == 0
    assert quarantined() == ["the event's livemode is True"]
    assert payments.disputes_of(sale.id) == []
    assert not {"refund_failed", "disputed"} & set(sale.events)

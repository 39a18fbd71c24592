"""A database restored from a backup has forgotten attempts of a refund; no cash goes back a second time for it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from mall.core.actor import as_staff
from mall.core.db import db, transaction
from mall.domain.members.models import Member
from mall.domain.orders import refunding
from mall.domain.orders.models import refund_table
from mall.domain.orders.refunding import sending
from mall.domain.payments import queries as payments
from mall.web import paying
from mall.worker import refunds
from mall.worker.comparing import compare_with_stripe
from tests.orders.refunding.conftest import Sale

DAY = timedelta(hours=26)
FORGOTTEN = ("state", "attempt", "stripe_id", "sent_at", "called_at", "ended_at", "error", "calls")


def remember(this: int) -> dict[str, object]:
    """What a backup holds of a refund's way."""
    columns = [refund_table.c[name] for name in FORGOTTEN]
    return dict(db.session.execute(sa.select(*columns).where(refund_table.c.id == this)).one()._mapping)


def restore(this: int, backup: dict[str, object]) -> None:
    with transaction():
        db.session.execute(sa.update(refund_table).where(refund_table.c.id == this).values(**backup))


def fail(sale: Sale, this: int) -> None:
    """The card's bank does not take a refund that had arrived."""
    stripe_id = sale.row(this).stripe_id or ""
    sale.stripe.control.fail_refund(stripe_id)
    assert refunds.look(stripe_id, sale.row(this).key, now=lambda: sale.at) == "failed"


def arrived(sale: Sale) -> list[int]:
    return [amount for amount, status in sale.refunds_at_stripe() if status == "succeeded"]


@pytest.fixture
def failed(sale: Sale) -> int:
    """A refund whose first attempt has failed."""
    asked = sale.refund(unsent=1)
    refunds.send(asked.id, now=lambda: sale.at)
    fail(sale, asked.id)
    return asked.id


@pytest.mark.tampers
@pytest.mark.parametrize("attempts", [1, 2])
def test_an_attempt_that_the_backup_does_not_know_is_found_not_repeated(
    sale: Sale, lee: Member, failed: int, attempts: int
) -> None:
    backup = remember(failed)
    for n in range(attempts):
        if n:
            fail(sale, failed)
        with transaction():
            refunding.retry(failed, actor=as_staff(lee.id), at=sale.at)
        assert refunds.send(failed, now=lambda: sale.at) == "succeeded"
    known = sale.row(failed).stripe_id
    restore(failed, backup)
    later = sale.at + DAY
    sale.stripe.control.advance(int(DAY.total_seconds()))
    with transaction():
        refunding.retry(failed, actor=as_staff(lee.id), at=later)
    assert refunds.send(failed, now=lambda: later) == "succeeded"
    assert arrived(sale) == [1_001]
    assert (sale.row(failed).stripe_id, sale.row(failed).attempt) == (known, 1 + attempts)


def test_a_refund_that_was_never_sent_says_the_backup_is_found_though_stripe_forgot_its_key(
    sale: Sale,
) -> None:
    asked = sale.refund(unsent=1)
    with transaction():
        taken = sending.take(asked.id, at=sale.at)
        db.session.rollback()
    assert taken is not None
    paying.gateway().create_refund(taken.body, key=taken.key)
    assert sale.row(asked.id).state == "requested"
    later = sale.at + DAY
    sale.stripe.control.advance(int(DAY.total_seconds()))
    assert refunds.send(asked.id, now=lambda: later) == "succeeded"
    assert arrived(sale) == [1_001]


def test_what_failed_before_is_not_taken_for_the_new_attempt(sale: Sale, failed: int) -> None:
    with transaction():
        refunding.retry(failed, actor=sale.staff, at=sale.at)
        taken = sending.take(failed, at=sale.at)
    assert taken is not None
    assert taken.look_first
    assert refunds.send(failed, now=lambda: sale.at) == "succeeded"
    assert (arrived(sale), sale.row(failed).attempt) == ([1_001], 2)


@pytest.mark.tampers
def test_until_then_the_night_tells_staff_of_it_once(
    sale: Sale, lee: Member, failed: int, caplog: pytest.LogCaptureFixture
) -> None:
    night = sale.at + timedelta(hours=1)
    assert compare_with_stripe(night) == 0
    backup = remember(failed)
    with transaction():
        refunding.retry(failed, actor=as_staff(lee.id), at=sale.at)
    refunds.send(failed, now=lambda: sale.at)
    compare_with_stripe(night)
    assert (compare_with_stripe(night), payments.differences()) == (0, []), "what failed is no second refund"
    restore(failed, backup)
    assert (compare_with_stripe(night), compare_with_stripe(night)) == (1, 1)
    assert "compare.refund_twice" in caplog.text
    (kept,) = payments.differences()
    assert (kept.kind, kept.object_id) == ("compare.refund_twice", sale.number)


@pytest.mark.parametrize("name", ["{}", "{}:2"])
def test_a_second_refund_under_our_name_is_told(sale: Sale, name: str) -> None:
    asked = sale.refund(unsent=1)
    assert refunds.send(asked.id, now=lambda: sale.at) == "succeeded"
    intent = str(payments.of_order(sale.id)[0].payment_intent)
    made = sale.stripe.client().v1.refunds.create(
        {"payment_intent": intent, "amount": 700, "metadata": {"refund": name.format(asked.key)}}
    )
    compare_with_stripe(sale.at + timedelta(hours=1))
    told = [(one.kind, one.id.partition(":")[2]) for one in payments.differences()]
    assert told == [("compare.refund_twice", made.id)]


@pytest.mark.parametrize("name", ["F-OTHER", "{}:0", "{}:x", "{}:²", "{}:99999", ""])
def test_a_name_that_is_none_of_the_refunds_is_not_taken_for_it(sale: Sale, name: str, failed: int) -> None:
    key = sale.row(failed).key
    intent = str(payments.of_order(sale.id)[0].payment_intent)
    sale.stripe.client().v1.refunds.create(
        {"payment_intent": intent, "amount": 1_001, "metadata": {"refund": name.format(key)}}
    )
    with transaction():
        refunding.retry(failed, actor=sale.staff, at=sale.at)
    assert refunds.send(failed, now=lambda: sale.at) == "succeeded"
    assert arrived(sale) == [1_001, 1_001]

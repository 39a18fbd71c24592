"""Limits per member: an order, a local day, ever. Cancelling gives back."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from mall.core.actor import SYSTEM
from mall.core.db import db, transaction
from mall.domain.items import service as items
from mall.domain.items.price_models import Offer
from mall.domain.members.models import Member
from mall.domain.orders import cancelling, checks
from mall.domain.orders.errors import BasketNotReady, DailyLimitReached, LimitReached, TotalLimitReached
from mall.domain.orders.models import LimitCounter
from tests.support.items_factory import Made, make_item
from tests.support.orders_factory import give_points, place_order


@pytest.fixture
def buyer(mei: Member, at: datetime) -> Member:
    with transaction():
        give_points(mei.id, 10_000, at=at - timedelta(days=9))
    return mei


def limited(**limits: int) -> Made:
    with transaction():
        return make_item("Cup", points=10, stock=[50, 50], limits=items.Limits(**limits))


def counters() -> dict[str, tuple[int, int]]:
    db.session.expire_all()
    return {row.period: (row.used, row.cap) for row in db.session.scalars(sa.select(LimitCounter))}


def test_a_limit_for_an_order_counts_all_variants_of_the_item(buyer: Member, at: datetime) -> None:
    cup = limited(per_order=3)
    one, two = (variant.id for variant in cup.variants)
    place_order(buyer.id, (one, 2), (two, 1), at=at)
    with pytest.raises(LimitReached) as refused:
        place_order(buyer.id, (one, 2), (two, 2), at=at)
    assert refused.value.params["limit"] == 3
    with pytest.raises(BasketNotReady):
        place_order(buyer.id, (one, 4), at=at)


def test_a_daily_limit_begins_anew_at_local_midnight(buyer: Member, at: datetime) -> None:
    """Noon in Shanghai is 04:00 UTC; the local day ends at 16:00 UTC."""
    cup = limited(per_day=2)
    place_order(buyer.id, (cup.variant_id, 2), at=at)
    with pytest.raises(DailyLimitReached) as refused:
        place_order(buyer.id, (cup.variant_id, 1), at=at + timedelta(hours=11, minutes=59))
    assert refused.value.params["left"] == 0
    place_order(buyer.id, (cup.variant_id, 1), at=at + timedelta(hours=12))
    assert counters() == {"2026-11-22": (2, 2), "2026-11-23": (1, 2)}


def test_a_limit_for_ever_holds_across_days_and_says_what_is_left(buyer: Member, at: datetime) -> None:
    cup = limited(ever=3)
    place_order(buyer.id, (cup.variant_id, 2), at=at)
    with pytest.raises(TotalLimitReached) as refused:
        place_order(buyer.id, (cup.variant_id, 2), at=at + timedelta(days=40))
    assert refused.value.params["left"] == 1


def test_a_limit_is_a_members_own(buyer: Member, zoe: Member, at: datetime) -> None:
    cup = limited(ever=1)
    with transaction():
        give_points(zoe.id, 100, at=at)
    place_order(buyer.id, (cup.variant_id, 1), at=at)
    place_order(zoe.id, (cup.variant_id, 1), at=at)


def test_a_limit_set_later_counts_what_the_member_had_before(buyer: Member, at: datetime) -> None:
    cup = limited()
    first = place_order(buyer.id, (cup.variant_id, 2), at=at)
    set_limit(cup, limit_ever=3)
    with pytest.raises(TotalLimitReached):
        place_order(buyer.id, (cup.variant_id, 2), at=at)
    place_order(buyer.id, (cup.variant_id, 1), at=at)
    with transaction():
        cancelling.cancel(first.id, actor=SYSTEM, at=at)
    assert counters() == {"ever": (1, 3)}
    place_order(buyer.id, (cup.variant_id, 2), at=at)
    assert list(checks.violations()) == []


def test_a_limit_below_what_the_member_has_refuses_more(buyer: Member, at: datetime) -> None:
    cup = limited(ever=5)
    place_order(buyer.id, (cup.variant_id, 4), at=at)
    set_limit(cup, limit_ever=2)
    with pytest.raises(TotalLimitReached):
        place_order(buyer.id, (cup.variant_id, 1), at=at)
    assert counters() == {"ever": (4, 5)}


def test_cancelling_gives_the_day_back_on_which_it_was_taken(buyer: Member, at: datetime) -> None:
    cup = limited(per_day=2, ever=10)
    order = place_order(buyer.id, (cup.variant_id, 2), at=at)
    place_order(buyer.id, (cup.variant_id, 1), at=at + timedelta(days=1))
    with transaction():
        cancelling.cancel(order.id, actor=SYSTEM, at=at + timedelta(days=1))
    assert counters() == {"2026-11-22": (0, 2), "2026-11-23": (1, 2), "ever": (1, 10)}
    place_order(buyer.id, (cup.variant_id, 2), at=at)
    assert list(checks.violations()) == []


def test_the_check_stands_behind_the_guard(app: Flask, buyer: Member, at: datetime) -> None:
    cup = limited(ever=2)
    place_order(buyer.id, (cup.variant_id, 2), at=at)
    with pytest.raises(sa.exc.IntegrityError), transaction():
        db.session.execute(sa.update(LimitCounter).values(used=LimitCounter.used + 1))


def set_limit(cup: Made, **limits: int) -> None:
    with transaction():
        db.session.execute(sa.update(Offer).where(Offer.id == cup.offer_id).values(**limits))

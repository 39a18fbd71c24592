"""Refunds: the lots spent points go back to, and the one time of grace."""

from datetime import datetime, timedelta

import pytest

from mall.domain.ledger import queries
from mall.domain.ledger import service as ledger
from mall.domain.members.models import Member
from tests.support.ledger_factory import back, captured, foretold, give, held, lots, spend

DAY = timedelta(days=1)


def test_a_refund_goes_back_to_the_same_lots_last_used_first(mei: Member, at: datetime) -> None:
    for days in (30, 60, 90):
        give(mei.id, 10, at=at, days=days)
    spend(mei.id, 25, "R-1", at=at)

    done = back(mei.id, 12, "R-1", at=at)

    assert done.lots == ((5, at + 90 * DAY), (7, at + 60 * DAY))
    assert [lot.get("remaining", 0) for lot in lots(mei.id)] == [0, 7, 10]
    with pytest.raises(ledger.TooMuchBack) as refusal:
        back(mei.id, 14, "R-1", at=at)
    assert refusal.value.left == 13


def test_a_lot_used_twice_for_one_thing_comes_back_in_the_place_of_its_last_use(
    mei: Member, at: datetime
) -> None:
    """A machine's find: the line of one use and the entry of another made the middle lot seem the last used."""
    for points, days in [(5, 90), (10, 30), (10, 60)]:
        give(mei.id, points, at=at, days=days)
    spend(mei.id, 12, "R-1", at=at)  # entry one: 10 that live 30 days, 2 that live 60
    spend(mei.id, 13, "R-1", at=at)  # entry two: 8 that live 60 days, 5 that live 90

    done = back(mei.id, 18, "R-1", at=at)

    assert done.lots == ((5, at + 90 * DAY), (10, at + 60 * DAY), (3, at + 30 * DAY))


def test_a_hold_captured_in_parts_comes_back_last_used_first(mei: Member, at: datetime) -> None:
    for points, days in [(5, 90), (10, 30), (10, 60)]:
        give(mei.id, points, at=at, days=days)
    hold = held(mei.id, 25, "R-1", at=at)
    captured(hold, 12, at=at)
    captured(hold, 13, at=at)

    done = back(mei.id, 18, "R-1", at=at)

    assert done.lots == ((5, at + 90 * DAY), (10, at + 60 * DAY), (3, at + 30 * DAY))


def test_no_more_is_given_back_than_was_spent_in_many_parts(mei: Member, at: datetime) -> None:
    give(mei.id, 100, at=at)
    spend(mei.id, 60, "R-1", at=at)
    spend(mei.id, 40, "R-2", at=at)
    for part in (1, 9, 50):
        back(mei.id, part, "R-1", at=at)
    with pytest.raises(ledger.TooMuchBack):
        back(mei.id, 1, "R-1", at=at)
    assert queries.balance(mei.id, at).available == 60


def test_another_members_order_cannot_be_refunded_to_me(mei: Member, ben: Member, at: datetime) -> None:
    give(mei.id, 100, at=at)
    spend(mei.id, 60, "R-1", at=at)
    with pytest.raises(ledger.TooMuchBack):
        back(ben.id, 1, "R-1", at=at)


def test_a_preview_foretells_the_refund_and_writes_nothing(mei: Member, at: datetime) -> None:
    give(mei.id, 10, at=at, days=30)
    give(mei.id, 10, at=at)
    spend(mei.id, 20, "R-1", at=at)
    later = at + 31 * DAY

    foreseen = foretold(mei.id, 15, "R-1", at=later)

    assert len(queries.history(mei.id)) == 3
    assert foreseen.lots == ((10, None), (5, later + 30 * DAY))
    assert back(mei.id, 15, "R-1", at=later).lots == foreseen.lots


def test_points_that_come_back_too_late_live_thirty_days_more_and_only_once(
    mei: Member, at: datetime
) -> None:
    give(mei.id, 10, at=at, days=10)
    spend(mei.id, 10, "R-1", at=at)
    first = back(mei.id, 4, "R-1", at=at + 20 * DAY)
    second = back(mei.id, 3, "R-1", at=at + 40 * DAY)
    late = back(mei.id, 3, "R-1", at=at + 50 * DAY)
    assert first.lots == ((4, at + 50 * DAY),)
    assert second.lots == ((3, at + 50 * DAY),)
    assert (late.lots, late.expired) == ((), 3)
    assert lots(mei.id) == [{"expired": 10}]


def test_buying_and_refunding_a_hundred_times_gains_no_life(mei: Member, at: datetime) -> None:
    give(mei.id, 10, at=at, days=10)
    now = at
    for n in range(100):
        try:
            spend(mei.id, 10, f"R-{n}", at=now)
        except ledger.NotEnoughPoints:
            break
        now += 2 * DAY
        back(mei.id, 10, f"R-{n}", at=now)
    assert now == at + 40 * DAY
    assert queries.balance(mei.id, now).available == 0

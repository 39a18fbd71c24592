"""Returns, holds, debt, and the sweep."""

from datetime import datetime, timedelta

import pytest

from mall.core.actor import SYSTEM
from mall.core.db import transaction
from mall.core.errors import KeyReused
from mall.domain.ledger import queries
from mall.domain.ledger import service as ledger
from mall.domain.ledger.rules import Ref
from mall.domain.members.models import Member
from tests.support.ledger_factory import (
    a_key,
    back,
    captured,
    give,
    held,
    lots,
    purchase,
    released,
    returned,
    spend,
    use,
)

DAY = timedelta(days=1)


def test_a_return_before_the_points_are_active_takes_the_pending_ones(mei: Member, at: datetime) -> None:
    give(mei.id, 30, at=at, ref=purchase("P-1"), activates_at=at + 14 * DAY)
    give(mei.id, 5, at=at)
    returned(mei.id, None, purchase("P-1"), at=at)
    assert lots(mei.id) == [{"reversed": 30}, {"remaining": 5}]


def test_earned_spent_and_returned_makes_a_debt_that_every_credit_repays(mei: Member, at: datetime) -> None:
    give(mei.id, 100, at=at, ref=purchase("P-1"))
    give(mei.id, 20, at=at)
    spend(mei.id, 110, "R-1", at=at)

    posted = returned(mei.id, 100, purchase("P-1"), at=at)

    assert posted.points == 100
    assert lots(mei.id) == [{"spent": 100}, {"spent": 10, "reversed": 10}]
    assert queries.balance(mei.id, at).debt == 90
    give(mei.id, 30, at=at)
    give(mei.id, 40, at=at, activates_at=at + DAY)
    later = at + DAY
    done = back(mei.id, 50, "R-1", at=later)  # 40 pending ones repay on waking, 20 of the refund the rest
    assert done.repaid == 20
    balance = queries.balance(mei.id, later)
    assert (balance.available, balance.pending, balance.debt) == (30, 0, 0)
    assert lots(mei.id)[2:] == [{"repaid": 30}, {"repaid": 40}]


def test_a_debt_is_shown_as_the_next_spend_would_find_it(mei: Member, at: datetime) -> None:
    give(mei.id, 100, at=at, ref=purchase("P-1"))
    spend(mei.id, 100, "R-1", at=at)
    give(mei.id, 60, at=at, activates_at=at + DAY, expires_at=at + 3 * DAY)
    give(mei.id, 60, at=at, activates_at=at + DAY)
    returned(mei.id, 70, purchase("P-1"), at=at)
    tomorrow = queries.balance(mei.id, at + DAY)
    assert (tomorrow.available, tomorrow.debt) == (50, 0)
    much_later = queries.balance(mei.id, at + 4 * DAY)
    assert (much_later.available, much_later.debt) == (50, 0)


def test_a_return_never_takes_more_than_was_earned(mei: Member, at: datetime) -> None:
    give(mei.id, 100, at=at, ref=purchase("P-1"))
    returned(mei.id, 60, purchase("P-1"), at=at)
    with pytest.raises(ledger.TooMuchBack) as refusal:
        returned(mei.id, 41, purchase("P-1"), at=at)
    assert refusal.value.left == 40
    returned(mei.id, None, purchase("P-1"), at=at)
    with pytest.raises(ledger.TooMuchBack):
        returned(mei.id, None, purchase("P-1"), at=at)


def test_a_return_takes_expired_points_before_other_points(mei: Member, at: datetime) -> None:
    give(mei.id, 30, at=at, ref=purchase("P-1"), days=5)
    give(mei.id, 50, at=at)
    returned(mei.id, 30, purchase("P-1"), at=at + 6 * DAY)
    assert lots(mei.id) == [{"reversed": 30}, {"remaining": 50}]
    assert queries.balance(mei.id, at + 6 * DAY).debt == 0


def test_held_points_stay_held_when_their_purchase_is_returned(mei: Member, at: datetime) -> None:
    give(mei.id, 30, at=at, ref=purchase("P-1"))
    hold = held(mei.id, 20, "R-1", at=at)
    returned(mei.id, 30, purchase("P-1"), at=at)
    assert lots(mei.id) == [{"held": 20, "reversed": 10}]
    assert queries.balance(mei.id, at).debt == 20
    assert released(hold, None, at=at).repaid == 20
    assert queries.balance(mei.id, at).debt == 0


def test_a_hold_is_captured_in_order_and_released_in_reverse(mei: Member, at: datetime) -> None:
    give(mei.id, 10, at=at, days=10)
    give(mei.id, 10, at=at, days=20)
    hold = held(mei.id, 20, "R-1", at=at)
    assert queries.balance(mei.id, at).held == 20
    captured(hold, 4, at=at)
    released(hold, 12, at=at)
    captured(hold, None, at=at)
    assert lots(mei.id) == [{"spent": 8, "remaining": 2}, {"remaining": 10}]
    assert back(mei.id, 8, "R-1", at=at).points == 8


def test_a_resolved_hold_never_changes_again(mei: Member, at: datetime) -> None:
    give(mei.id, 10, at=at)
    hold = held(mei.id, 10, "R-1", at=at)
    with pytest.raises(ledger.HoldTooSmall):
        captured(hold, 11, at=at)
    captured(hold, None, at=at)
    for verb in (captured, released):
        with pytest.raises(ledger.HoldTooSmall) as refusal:
            verb(hold, None, at=at)
        assert refusal.value.left == 0


def test_expiry_leaves_held_points_alone_and_a_late_release_has_one_grace(mei: Member, at: datetime) -> None:
    give(mei.id, 30, at=at, days=10)
    first, second = held(mei.id, 10, "R-1", at=at), held(mei.id, 10, "R-2", at=at)
    with transaction():
        ledger.expire(at + 11 * DAY)
    assert lots(mei.id) == [{"held": 20, "expired": 10}]
    assert released(first, None, at=at + 12 * DAY).lots == ((10, at + 42 * DAY),)
    assert released(second, None, at=at + 30 * DAY).lots == ((10, at + 42 * DAY),)
    with transaction():
        ledger.expire(at + 42 * DAY)
    assert lots(mei.id) == [{"expired": 30}]


def test_answers_are_repeated_for_every_verb(mei: Member, at: datetime) -> None:
    give(mei.id, 50, at=at, ref=purchase("P-1"))
    who = {"actor": SYSTEM, "at": at}
    keys = [a_key() for _ in range(6)]

    def all_of_them() -> list[object]:
        with transaction():
            hold = ledger.hold(mei.id, 20, ref=use("R-1"), key=keys[0], **who)
            return [
                hold.id,
                ledger.capture(hold.id, 15, key=keys[1], **who).points,
                ledger.release(hold.id, key=keys[2], **who).points,
                ledger.refund(mei.id, 15, of=use("R-1"), ref=use("R-1"), key=keys[3], **who),
                ledger.reverse(
                    mei.id, None, of=purchase("P-1"), ref=use("x"), key=keys[4], note="returned", **who
                ).points,
                ledger.adjust(mei.id, 5, ref=use("x"), key=keys[5], note="sorry", **who).points,
            ]

    first, count = all_of_them(), len(queries.history(mei.id))
    assert all_of_them() == first
    assert len(queries.history(mei.id)) == count


def test_the_sweep_is_idempotent_and_counts_members(mei: Member, ben: Member, at: datetime) -> None:
    give(mei.id, 10, at=at, days=3)
    give(mei.id, 10, at=at, days=5)
    give(ben.id, 10, at=at, activates_at=at + DAY, expires_at=at + 2 * DAY)
    with transaction():
        assert ledger.expire(at + 4 * DAY, limit=1) == 1
    with transaction():
        assert ledger.expire(at + 4 * DAY, limit=5) == 1
    with transaction():
        assert ledger.expire(at + 4 * DAY) == 0
    assert lots(mei.id) == [{"expired": 10}, {"remaining": 10}]
    assert lots(ben.id) == [{"expired": 10}]


def test_the_key_of_a_return_that_became_debt_alone_is_taken_like_any_other(
    mei: Member, at: datetime
) -> None:
    give(mei.id, 30, at=at, ref=purchase("P-1"))
    spend(mei.id, 30, "R-1", at=at)
    key = a_key()
    with transaction():
        posted = ledger.reverse(
            mei.id, 30, of=purchase("P-1"), ref=Ref("return", "P-1"), key=key, actor=SYSTEM, at=at
        )
    assert posted.lots == ()
    assert queries.balance(mei.id, at).debt == 30
    with pytest.raises(KeyReused), transaction():
        ledger.earn(mei.id, 41, ref=purchase("P-2"), key=key, actor=SYSTEM, at=at)

"""A return is foreseen by one statement, in the book that does it: whatever the history, what was foreseen is what is done."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from mall.core.actor import SYSTEM
from mall.core.db import db, transaction
from mall.core.ids import MemberId
from mall.domain.ledger import queries
from mall.domain.ledger import service as ledger
from mall.domain.ledger.rules import Ref
from mall.domain.members.models import Member
from tests.support.failing import listening
from tests.support.ledger_factory import a_key, back, foretold, give, lots, purchase, returned, spend, use

DAY = timedelta(days=1)


def foreseen_and_done(member: MemberId, points: int, taken: int, *, at: datetime) -> ledger.TakenBack:
    """Give `points` of the use "R-1" back and take `taken` of the purchase "R-1": what was foreseen must come true."""
    given, took, live = ledger.preview_return(
        member, points, of=use("R-1"), taken=taken, taken_of=purchase("R-1"), at=at
    )
    before, other = queries.balance(member, at), {"key": a_key(), "actor": SYSTEM, "at": at}
    with transaction():
        done = ledger.refund(member, points, of=use("R-1"), ref=use("R-1"), **other) if points else given
        if taken:
            ref = Ref("return", "R-1")
            ledger.reverse(member, taken, of=purchase("R-1"), ref=ref, **{**other, "key": a_key()})
    after = queries.balance(member, at)
    assert (given.lots, given.repaid, given.expired) == (done.lots, done.repaid, done.expired)
    assert tuple((lot.points, lot.dies_at) for lot in live) == done.lots
    assert after.pending == before.pending - took.pending
    assert after.debt == before.debt - given.repaid + took.debt
    back_again = points - given.repaid - given.expired
    assert after.available == before.available + back_again - took.available
    return took


def test_a_return_is_foreseen_by_one_statement_however_much_it_touches(mei: Member, at: datetime) -> None:
    for days in range(1, 41):
        give(mei.id, 10, at=at, days=days)
    spend(mei.id, 150, "R-1", at=at)
    give(mei.id, 900, at=at, days=7, ref=purchase("R-1"), activates_at=at + 2 * DAY)
    later = at + 5 * DAY
    member, asked = MemberId(mei.id), {"of": use("R-1"), "taken_of": purchase("R-1"), "at": later}
    statements: list[str] = []
    with listening(db.engine, "before_cursor_execute", lambda *call: statements.append(call[2])):
        for points, taken, read in ((0, 0, 0), (150, 0, 1), (0, 900, 1), (150, 900, 1)):
            statements.clear()
            ledger.preview_return(member, points, taken=taken, **asked)
            assert len(statements) == read, statements


def test_more_lots_than_a_page_are_taken_from_as_foreseen(mei: Member, at: datetime) -> None:
    give(mei.id, 400, at=at, ref=purchase("R-1"), days=1)
    for days in range(60, 0, -1):
        give(mei.id, 10, at=at, days=days + 1)
    spend(mei.id, 800, "R-1", at=at)
    later = at + 10 * DAY
    took = foreseen_and_done(mei.id, 0, 380, at=later)
    assert (took.available, took.debt) == (200, 180)


def test_points_that_come_back_are_the_first_to_be_taken_if_they_expire_first(
    mei: Member, at: datetime
) -> None:
    give(mei.id, 30, at=at, days=5)
    spend(mei.id, 30, "R-1", at=at)
    give(mei.id, 20, at=at, ref=purchase("R-1"), days=90)
    spend(mei.id, 20, "other", at=at)
    for days in (3, 50, 40):
        give(mei.id, 10, at=at, days=days)
    took = foreseen_and_done(mei.id, 30, 20, at=at + DAY)
    assert (took.available, took.debt) == (20, 0)
    assert lots(mei.id) == [
        {"remaining": 20, "reversed": 10},
        {"spent": 20},
        {"reversed": 10},
        {"remaining": 10},
        {"remaining": 10},
    ]


def test_what_time_has_done_meanwhile_is_foreseen(mei: Member, at: datetime) -> None:
    give(mei.id, 100, at=at, ref=purchase("old"), days=90)
    spend(mei.id, 100, "R-1", at=at)
    returned(mei.id, None, purchase("old"), at=at)
    give(mei.id, 50, at=at, ref=purchase("R-1"), activates_at=at + 3 * DAY, days=6)
    give(mei.id, 200, at=at + DAY, days=2)
    with pytest.raises(ledger.TooMuchBack):
        foretold(mei.id, 101, "R-1", at=at + 4 * DAY)
    back(mei.id, 10, "R-1", at=at + 4 * DAY)
    took = foreseen_and_done(mei.id, 60, 50, at=at + 8 * DAY)
    assert (took.available, took.expired, took.debt) == (0, 50, 0)


def test_what_was_taken_back_before_is_not_taken_once_more(mei: Member, at: datetime) -> None:
    give(mei.id, 50, at=at, ref=purchase("R-1"))
    returned(mei.id, 20, purchase("R-1"), at=at)
    spend(mei.id, 30, "other", at=at)
    returned(mei.id, 20, purchase("R-1"), at=at)
    with pytest.raises(ledger.TooMuchBack):
        ledger.preview_return(mei.id, 0, of=use("R-1"), taken=11, taken_of=purchase("R-1"), at=at)
    assert foreseen_and_done(mei.id, 0, 10, at=at).debt == 10


def test_nobody_without_an_account_is_foretold_anything(app: Flask, at: datetime) -> None:
    with pytest.raises(ledger.NoAccount):
        foretold(MemberId(987_654), 1, "R-1", at=at)

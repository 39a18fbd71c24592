"""Points come in as lots, go out in the order of use, and time changes them before anybody else does."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from mall.core.actor import SYSTEM, Actor
from mall.core.db import WriteOutsideTransaction, db, transaction
from mall.core.errors import BadValue, KeyReused
from mall.core.ids import MemberId
from mall.domain.ledger import queries
from mall.domain.ledger import service as ledger
from mall.domain.ledger.models import Entry
from mall.domain.ledger.rules import Earning, Key, Ref
from mall.domain.members.models import Member
from tests.support.ledger_factory import a_key, give, lots, purchase, returned, spend, use

DAY = timedelta(days=1)


def kinds(member: MemberId) -> list[str]:
    stmt = sa.select(Entry.kind).where(Entry.member_id == member).order_by(Entry.seq)
    return list(db.session.scalars(stmt))


def test_the_order_of_use_is_earliest_expiry_then_earned_then_number(mei: Member, at: datetime) -> None:
    give(mei.id, 10, at=at)  # 1: never expires
    give(mei.id, 10, at=at, days=90)  # 2
    give(mei.id, 10, at=at, days=30)  # 3
    give(mei.id, 10, at=at, earned_at=at - 5 * DAY, expires_at=at + 90 * DAY)  # 4: like 2, earned before
    give(mei.id, 10, at=at, days=30)  # 5: like 3, later by number

    posted = spend(mei.id, 45, "R-1", at=at)

    assert [lot.get("spent", 0) for lot in lots(mei.id)] == [5, 10, 10, 10, 10]
    moved = queries.history(mei.id, limit=1)[0].moves
    assert [move.lot for move in moved] == [3, 5, 4, 2, 1]
    assert posted.lots == tuple((move.n, move.expires_at) for move in moved)


def test_many_lots_are_used_in_order_page_by_page(mei: Member, at: datetime) -> None:
    days = [(7 * n) % 101 for n in range(1, 90)]
    for day in days:
        give(mei.id, 1, at=at, days=day)

    spend(mei.id, 80, "R-1", at=at)

    used = [days[move.lot - 1] for move in queries.history(mei.id, limit=1)[0].moves]
    assert used == sorted(days)[:80]


def test_spending_more_than_there_is_says_how_much_is_missing(mei: Member, at: datetime) -> None:
    give(mei.id, 30, at=at)
    with pytest.raises(ledger.NotEnoughPoints) as refusal:
        spend(mei.id, 31, "R-1", at=at)
    assert refusal.value.params == {"missing": 1}
    assert kinds(mei.id) == ["earn"]


def test_dead_points_are_expired_before_a_spend(mei: Member, at: datetime) -> None:
    give(mei.id, 30, at=at, days=10)
    give(mei.id, 5, at=at)
    with pytest.raises(ledger.NotEnoughPoints) as refusal:
        spend(mei.id, 6, "R-1", at=at + 10 * DAY)
    assert refusal.value.missing == 1
    spend(mei.id, 5, "R-1", at=at + 10 * DAY)
    assert kinds(mei.id) == ["earn", "earn", "expire", "redeem"]


def test_points_live_until_the_instant_they_expire(mei: Member, at: datetime) -> None:
    give(mei.id, 30, at=at, days=10)
    spend(mei.id, 30, "R-1", at=at + 10 * DAY - timedelta(microseconds=1))
    assert kinds(mei.id) == ["earn", "redeem"]


def test_pending_points_can_be_spent_when_the_return_period_is_over(mei: Member, at: datetime) -> None:
    give(mei.id, 30, at=at, activates_at=at + 14 * DAY, expires_at=at + 365 * DAY)
    with pytest.raises(ledger.NotEnoughPoints):
        spend(mei.id, 1, "R-1", at=at + 14 * DAY - timedelta(seconds=1))
    spend(mei.id, 30, "R-1", at=at + 14 * DAY)
    assert kinds(mei.id) == ["earn", "activate", "redeem"]


def test_a_life_that_is_over_expires_in_the_same_write(mei: Member, at: datetime) -> None:
    give(mei.id, 30, at=at, earned_at=at - 900 * DAY, expires_at=at - 500 * DAY)
    assert kinds(mei.id) == ["earn", "expire"]
    assert lots(mei.id) == [{"expired": 30}]


def test_a_lot_cannot_expire_before_it_activates(mei: Member, at: datetime) -> None:
    with pytest.raises(sa.exc.IntegrityError):
        give(mei.id, 30, at=at, activates_at=at + 14 * DAY, expires_at=at + 14 * DAY)


def test_reads_subtract_what_is_due_and_write_nothing(mei: Member, at: datetime) -> None:
    give(mei.id, 30, at=at, days=10)
    give(mei.id, 7, at=at, activates_at=at + 5 * DAY, expires_at=at + 40 * DAY)
    now, then = queries.balance(mei.id, at), queries.balance(mei.id, at + 10 * DAY)
    assert (now.available, now.pending, now.expiring_points, now.expires_at) == (30, 7, 30, at + 10 * DAY)
    assert (then.available, then.pending) == (7, 0)
    assert kinds(mei.id) == ["earn", "earn"]


def test_a_balance_costs_one_statement(mei: Member, at: datetime, count_queries: list[str]) -> None:
    queries.balance(mei.id, at)
    assert len(count_queries) == 1


def test_what_expires_when(mei: Member, at: datetime) -> None:
    for points, days in ((5, 20), (7, 10), (3, 20), (100, None)):
        give(mei.id, points, at=at, days=days)
    assert [(e.points, e.expires_at - at) for e in queries.expiring(mei.id, at)] == [
        (7, 10 * DAY),
        (8, 20 * DAY),
    ]


def test_history_is_read_page_by_page_with_where_every_point_went(mei: Member, at: datetime) -> None:
    give(mei.id, 30, at=at, note="welcome", details={"rule": "base", "rate": 1})
    for n in range(4):
        spend(mei.id, 5, f"R-{n}", at=at)
    first = queries.history(mei.id, limit=2)
    second = queries.history(mei.id, before_seq=first[-1].seq, limit=3)
    assert [row.seq for row in first + second] == [5, 4, 3, 2, 1]
    assert [row.balance_after for row in first + second] == [10, 15, 20, 25, 30]
    assert (second[-1].note, second[-1].details) == ("welcome", {"rule": "base", "rate": 1})
    assert [(m.src, m.dst, m.n) for m in first[0].moves] == [("remaining", "spent", 5)]
    assert [row.points for row in first] == [5, 5]


def test_the_same_request_again_answers_the_same_and_writes_nothing(mei: Member, at: datetime) -> None:
    give(mei.id, 30, at=at)
    key = a_key()
    first = spend(mei.id, 10, "R-1", at=at, key=key)
    again = spend(mei.id, 10, "R-1", at=at + DAY, key=key)
    assert (again.seq, again.points, again.balance, again.lots) == (first.seq, 10, 20, first.lots)
    assert again.again
    assert not first.again
    assert queries.balance(mei.id, at).available == 20


def test_another_request_under_a_known_key_is_refused(mei: Member, ben: Member, at: datetime) -> None:
    give(mei.id, 30, at=at)
    give(ben.id, 30, at=at)
    key = a_key()
    spend(mei.id, 10, "R-1", at=at, key=key)
    for member, points, name in ((mei, 11, "R-1"), (mei, 10, "R-2"), (ben, 10, "R-1")):
        with pytest.raises(KeyReused):
            spend(member.id, points, name, at=at, key=key)
    with pytest.raises(KeyReused):
        give(mei.id, 10, at=at, ref=use("R-1"), key=key)
    spend(mei.id, 11, "R-1", at=at, key=Key("another scope", key.value))


@pytest.mark.parametrize(
    "points",
    [0, -1, 2**63, 10**12 + 1, pytest.param(10**5000, id="huge"), 1.5, 1.0, "NaN", "１００", "5", True, None],
)
def test_points_that_are_no_points_are_refused(mei: Member, at: datetime, points: object) -> None:
    give(mei.id, 30, at=at)
    asked = {"ref": use("R-1"), "key": a_key(), "actor": SYSTEM, "at": at}
    for verb in (ledger.earn, ledger.redeem, ledger.hold):
        with pytest.raises(BadValue), transaction():
            verb(mei.id, points, **asked)  # type: ignore[operator]
    with pytest.raises(BadValue), transaction():
        ledger.refund(mei.id, points, of=use("R-1"), **asked)  # type: ignore[arg-type]
    if points != -1:
        with pytest.raises(BadValue), transaction():
            ledger.adjust(mei.id, points, note="why", **asked)  # type: ignore[arg-type]
    if points is not None:
        with pytest.raises(BadValue), transaction():
            ledger.reverse(mei.id, points, of=purchase("1"), **asked)  # type: ignore[arg-type]
        with pytest.raises(BadValue), transaction():
            ledger.capture(1, points, key=a_key(), actor=SYSTEM, at=at)  # type: ignore[arg-type]
    with pytest.raises(BadValue), transaction():
        ledger.earn_many([Earning(mei.id, points, use("x"), a_key())], actor=SYSTEM, at=at)  # type: ignore[arg-type]
    assert kinds(mei.id) == ["earn"]


def test_details_with_fractions_are_a_programming_error(mei: Member, at: datetime) -> None:
    with pytest.raises(TypeError, match="whole numbers"):
        give(mei.id, 5, at=at, details={"rate": 1.5})


def test_nothing_is_written_outside_a_transaction(mei: Member, at: datetime) -> None:
    with pytest.raises(WriteOutsideTransaction):
        ledger.redeem(mei.id, 1, ref=use("R-1"), key=a_key(), actor=SYSTEM, at=at)


def test_points_need_an_account(mei: Member, at: datetime) -> None:
    nobody = MemberId(mei.id + 1000)
    with pytest.raises(ledger.NoAccount):
        give(nobody, 1, at=at)
    with pytest.raises(ledger.NoAccount):
        spend(nobody, 1, "R-1", at=at)
    with pytest.raises(ledger.NoAccount), transaction():
        ledger.lock([mei.id, nobody])
    with pytest.raises(ledger.NoAccount):
        queries.balance(nobody, at)


def test_adjusting_gives_a_lot_or_takes_what_is_there(mei: Member, at: datetime) -> None:
    sam = Actor("staff", 7)
    asked = {"ref": Ref("adjustment", "1"), "actor": sam, "at": at}
    with transaction():
        ledger.adjust(mei.id, 50, key=a_key(), note="a parcel came late", expires_at=at + 30 * DAY, **asked)
        ledger.adjust(mei.id, -20, key=a_key(), note="too much", **asked)
    assert lots(mei.id) == [{"remaining": 30, "reversed": 20}]
    with pytest.raises(ledger.NotEnoughPoints), transaction():
        ledger.adjust(mei.id, -31, key=a_key(), note="more", **asked)
    row = queries.history(mei.id)[0]
    assert (row.note, row.actor_kind, row.actor_id) == ("too much", "staff", 7)


def test_a_bulk_of_earnings_does_what_single_ones_do(mei: Member, ben: Member, at: datetime) -> None:
    with transaction():
        ledger.adjust(mei.id, 10, ref=Ref("gift", "1"), key=a_key(), actor=SYSTEM, at=at, note="gift")
    spend(mei.id, 10, "R-1", at=at)
    returned(mei.id, 10, Ref("gift", "1"), at=at)  # Mei owes 10
    keys = [a_key() for _ in range(5)]
    rows = [
        Earning(mei.id, 4, purchase("1"), keys[0]),
        Earning(ben.id, 9, purchase("2"), keys[1], expires_at=at - DAY, earned_at=at - 9 * DAY),
        Earning(mei.id, 8, purchase("3"), keys[2], expires_at=at + DAY),
        Earning(mei.id, 5, purchase("4"), keys[3], activates_at=at + DAY),
        Earning(mei.id, 4, purchase("1"), keys[0]),  # a row that came twice
    ]
    with transaction():
        posted = ledger.earn_many(rows, actor=SYSTEM, at=at)
    assert lots(mei.id)[1:] == [{"repaid": 4}, {"remaining": 2, "repaid": 6}, {"pending": 5}]
    assert lots(ben.id) == [{"expired": 9}]
    assert [p.repaid for p in posted] == [4, 0, 6, 0, 4]
    assert posted[4].seq == posted[0].seq
    with transaction():
        again = ledger.earn_many(rows[:4], actor=SYSTEM, at=at + 5 * DAY)
    assert [(p.seq, p.points, p.repaid, p.again) for p in again] == [
        (p.seq, p.points, p.repaid, True) for p in posted[:4]
    ]
    with pytest.raises(KeyReused), transaction():
        ledger.earn_many([Earning(mei.id, 5, purchase("1"), keys[0])], actor=SYSTEM, at=at)
    with pytest.raises(KeyReused), transaction():
        ledger.earn_many(
            [Earning(mei.id, 5, purchase("6"), keys[4]), Earning(mei.id, 5, purchase("7"), keys[4])],
            actor=SYSTEM,
            at=at,
        )


def test_a_bulk_sends_as_many_statements_for_a_hundred_rows_as_for_ten(
    mei: Member, ben: Member, at: datetime, count_queries: list[str]
) -> None:
    counts = []
    for size in (10, 100):
        rows = [Earning((mei, ben)[n % 2].id, 1, purchase("1"), a_key()) for n in range(size)]
        count_queries.clear()
        with transaction():
            ledger.earn_many(rows, actor=SYSTEM, at=at)
        counts.append(len(count_queries))
    assert counts[1] <= counts[0]  # COPY is none that SQLAlchemy sends
    assert counts[0] <= 8

"""Two imports of one file at once: each purchase is kept once and gives its points once."""

from collections.abc import Iterator
from datetime import datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from mall.core.actor import SYSTEM
from mall.core.db import db, transaction
from mall.domain.earning import service
from mall.domain.earning.models import Purchase
from mall.domain.earning.reading import PurchaseRow
from mall.domain.earning.service import Outcome
from mall.domain.ledger.models import Account, Entry
from mall.domain.members.models import Member
from tests.support.racing import connections, race

POLICY = service.Policy(
    source="till", currency="CNY", zone="Asia/Shanghai", life_months=None, create_members=True
)
IMPORTS, ROWS = 4, 60


@pytest.fixture
def mall(fresh_app: Flask) -> Iterator[Flask]:
    with connections(fresh_app, IMPORTS + 1), fresh_app.app_context():
        yield fresh_app


def rows(at: datetime) -> list[PurchaseRow]:
    """Purchases of 10.00 by seven members, in no order of theirs."""
    return [PurchaseRow(n + 2, f"P{n}", f"m{n * 3 % 7}", at, 1_000) for n in range(ROWS)]


def take(at: datetime, *, amount: int | None = None) -> Outcome:
    given = rows(at)
    if amount is not None:
        given = [PurchaseRow(row.line, row.external_id, row.member, row.at, amount) for row in given]
    with transaction():
        return service.record_purchases(given, POLICY, actor=SYSTEM, at=at)


def count(model: type) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


@pytest.mark.races
def test_imports_of_one_file_at_once_keep_each_purchase_once(mall: Flask, at: datetime) -> None:
    told = race(mall, [lambda: take(at)] * IMPORTS, threads=IMPORTS)
    outcomes = [one for one in told if isinstance(one, Outcome)]
    assert len(outcomes) == IMPORTS, told
    assert sum(one.imported for one in outcomes) == ROWS
    assert sum(one.duplicates for one in outcomes) == ROWS * (IMPORTS - 1)
    assert sum(one.members_created for one in outcomes) == 7
    assert (count(Purchase), count(Entry), count(Member)) == (ROWS, ROWS, 7)
    assert db.session.scalar(sa.select(sa.func.sum(Account.available))) == ROWS * 10


@pytest.mark.parametrize(("amount", "duplicates", "refused"), [(1_000, 1, 0), (2_000, 0, 1)])
def test_a_purchase_that_comes_in_between_look_up_and_insert_is_not_ours(
    mei: Member, at: datetime, amount: int, duplicates: int, refused: int
) -> None:
    rival = {
        "source": "till", "external_id": "P1", "member_id": mei.id, "at": at, "amount": amount, "currency": "CNY",
        "points": 10, "breakdown": {}, "recorded_at": at,
    }  # fmt: skip
    done: list[bool] = []

    def come_between(state: sa.orm.ORMExecuteState) -> None:
        if state.is_insert and state.bind_mapper is sa.inspect(Purchase) and not done:
            done.append(True)
            db.session.execute(sa.insert(Purchase), [rival])

    with transaction():
        db.session.execute(sa.update(Member).where(Member.id == mei.id).values(external_id="mei"))
    ours = [PurchaseRow(2, "P1", "mei", at, 1_000), PurchaseRow(3, "P2", "mei", at, 1_000)]
    sa.event.listen(db.session, "do_orm_execute", come_between)
    try:
        with transaction():
            told = service.record_purchases(ours, POLICY, actor=SYSTEM, at=at)
    finally:
        sa.event.remove(db.session, "do_orm_execute", come_between)
    assert done
    assert (told.imported, told.duplicates, len(told.refused), told.points) == (1, duplicates, refused, 10)
    assert count(Purchase) == 2
    assert db.session.scalars(sa.select(Entry.ref_id)).all() == ["till/P2"]

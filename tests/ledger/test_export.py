"""Somebody else's books: Beancount reads ours, finds no error, and agrees on every balance."""

import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from beancount import loader
from beancount.core import inventory, realization
from beancount.core.data import Balance, Open, Transaction
from flask import Flask

from mall.core.actor import SYSTEM
from mall.core.db import db, transaction
from mall.core.ids import MemberId
from mall.domain.ledger import service as ledger
from mall.domain.ledger.export import beancount
from mall.domain.members.models import Member
from tests.ledger.test_journal import unguarded
from tests.ledger.test_machine import Points, run
from tests.support.ledger_factory import a_key, back, give, purchase, returned, spend, use

pytestmark = pytest.mark.usefixtures("app")


def books() -> tuple[list[object], list[object]]:
    """What Beancount makes of the export: directives and errors."""
    entries, errors, _ = loader.load_string("".join(beancount("Points Mall")))
    return entries, errors


def story(member: MemberId, at: datetime) -> None:
    """Every kind of entry, debt and grace among them."""
    give(member, 100, at=at, ref=purchase("P-1"), days=20, earned_at=at - timedelta(days=400))
    give(member, 30, at=at, activates_at=at + timedelta(days=3))
    spend(member, 50, "R-1", at=at)
    late = at + timedelta(days=25)
    back(member, 20, "R-1", at=late)
    with transaction():
        hold = ledger.hold(member, 10, ref=use("R-2"), key=a_key(), actor=SYSTEM, at=late)
        ledger.capture(hold.id, 4, key=a_key(), actor=SYSTEM, at=late)
        ledger.adjust(member, 7, ref=use("A"), key=a_key(), actor=SYSTEM, at=late, note="sorry")
        ledger.adjust(member, -3, ref=use("B"), key=a_key(), actor=SYSTEM, at=late, note="mistake")
    spend(member, 44, "R-3", at=late)
    returned(member, None, purchase("P-1"), at=late)
    with transaction():
        ledger.release(hold.id, key=a_key(), actor=SYSTEM, at=late)
    give(member, 5, at=at)  # an entry dated before the last one
    back(member, 9, "R-3", at=late)


def test_beancount_accepts_the_books_and_agrees_on_every_balance(
    mei: Member, ben: Member, zoe: Member, at: datetime
) -> None:
    story(MemberId(mei.id), at)
    give(ben.id, 12, at=at)
    entries, errors = books()
    assert errors == []
    assert {entry.booking.name for entry in entries if isinstance(entry, Open)} == {"STRICT"}
    for entry in entries:
        if isinstance(entry, Transaction):
            assert all(posting.cost is not None and posting.cost.label for posting in entry.postings)
    asserted = {entry.account: int(entry.amount.number) for entry in entries if isinstance(entry, Balance)}
    row = db.session.execute(sa.text("SELECT * FROM account WHERE member_id = :m"), {"m": mei.id}).one()
    mine = [asserted.get(f"{name}:M{mei.id}:{leaf}", 0) for name, leaf in PLACES]
    assert mine == [row.available, row.held, row.pending, -row.debt]
    root = realization.realize(entries)
    assert asserted[f"Assets:M{ben.id}:Available"] == 12
    assert asserted[f"Assets:M{zoe.id}:Available"] == 0
    held = realization.get(root, f"Assets:M{ben.id}:Available").balance
    assert isinstance(held, inventory.Inventory)
    assert len(held) == 1


PLACES = [("Assets", "Available"), ("Assets", "Held"), ("Assets", "Pending"), ("Liabilities", "Debt")]


@pytest.mark.tampers
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE account SET debt = debt + 1",
        "UPDATE account SET pending = 5",
        "UPDATE allocation SET n = n - 1 WHERE seq = 1",
        "UPDATE allocation SET lot = 2 WHERE seq = 3",
        "UPDATE lot SET spent = spent - 1, expired = expired + 1 WHERE number = 1",
        "UPDATE allocation SET src = 'held' WHERE seq = 3",
    ],
)
def test_beancount_disagrees_with_books_that_were_changed(mei: Member, at: datetime, statement: str) -> None:
    """The control: what it accepts is not everything."""
    story(MemberId(mei.id), at)
    with unguarded():
        db.session.execute(sa.text(statement))
    assert books()[1]


@pytest.mark.hypothesis
@pytest.mark.slow
def test_beancount_agrees_whatever_was_done(app: Flask) -> None:
    class Books(Points):
        def teardown(self) -> None:
            if hasattr(self, "savepoint"):
                assert books()[1] == []
            super().teardown()

    run(Books, 8)


def test_an_empty_mall_has_books_too() -> None:
    assert books()[1] == []


def test_bean_check_itself_accepts_the_file(mei: Member, at: datetime, tmp_path: Path) -> None:
    story(MemberId(mei.id), at)
    path = tmp_path / "books.beancount"
    path.write_text("".join(beancount("Points Mall")), encoding="utf-8")
    done = subprocess.run(
        [Path(sys.executable).with_name("bean-check"), path], capture_output=True, text=True
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")

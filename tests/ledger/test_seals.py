"""A day's root over all chains; a member's statement, checked by a script that knows nothing of the mall."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from mall.core import merkle
from mall.core.db import db, transaction
from mall.core.ids import MemberId
from mall.domain.ledger import seal as seals
from mall.domain.ledger.errors import NoAccount
from mall.domain.ledger.statement import statement
from mall.domain.ledger.verify import verify
from mall.domain.members.models import Member
from tests.ledger.test_journal import unguarded
from tests.support.ledger_factory import back, give, spend
from tests.support.members_factory import a_member

SCRIPT = Path(__file__).resolve().parents[2] / "static" / "verify-statement.py"
DAY = date(2026, 11, 22)

pytestmark = pytest.mark.usefixtures("app")


def sealed(day: date, at: datetime) -> seals.Sealed:
    with transaction():
        return seals.seal(day, at=at)


def check(tmp_path: Path, content: object, *more: str) -> tuple[int, str]:
    """Run the script on a statement: exit code and what it says."""
    path = tmp_path / "statement.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    done = subprocess.run([sys.executable, "-I", SCRIPT, path, *more], capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def test_a_day_has_one_seal_and_days_go_forward(mei: Member, at: datetime) -> None:
    give(mei.id, 10, at=at)
    first = sealed(DAY, at)
    give(mei.id, 10, at=at)
    assert sealed(DAY, at + timedelta(hours=1)) == first
    with pytest.raises(seals.SealedLater):
        sealed(DAY - timedelta(days=1), at)
    second = sealed(DAY + timedelta(days=1), at)
    assert second.root != first.root
    assert not verify().violations


def test_a_seal_of_nothing_is_the_empty_root(mei: Member, at: datetime) -> None:
    assert sealed(DAY, at).root == merkle.EMPTY
    assert seals.proof(MemberId(mei.id)) is None


def test_every_member_has_a_proof_also_when_they_rested(at: datetime) -> None:
    members = [MemberId(a_member(at=at).id) for _ in range(9)]
    for member in members[:7]:
        give(member, 10, at=at)
    sealed(DAY, at)
    give(members[2], 5, at=at)
    give(members[8], 5, at=at)
    today = sealed(DAY + timedelta(days=1), at)
    assert today.size == 8
    for member in [*members[:7], members[8]]:
        proof = seals.proof(member)
        assert proof is not None
        leaf = seals.leaf(proof.member, proof.seq, proof.head)
        assert merkle.root_from(leaf, proof.index, today.size, proof.path) == today.root
    assert seals.proof(members[7]) is None


@pytest.mark.tampers
def test_seals_larger_than_a_run_are_proved_by_one_run(at: datetime) -> None:
    """1,500 heads, two runs; invented, without the entries that they would stand for."""
    count = 1500
    start = MemberId(a_member(at=at).id)
    rows = [{"n": start + n, "number": f"M-RUN-{n}", "email": f"run{n}@example.com"} for n in range(1, count)]
    with transaction():
        db.session.execute(sa.text(_copy_of(start)), rows)
        accounts = [{"m": start + n, "h": bytes([n % 251]) * 32, "at": at} for n in range(1, count)]
        db.session.execute(
            sa.text(
                "INSERT INTO account (member_id, available, held, pending, debt, seq, lots, head, opened_at) "
                "VALUES (:m, 0, 0, 0, 0, 1, 0, :h, :at)"
            ).bindparams(sa.bindparam("at", type_=seals.account.c.opened_at.type)),
            accounts,
        )
        day = seals.seal(DAY, at=at)
        assert day.size == count - 1
        for member in (start + 1, start + 1024, start + 1025, start + count - 1):
            proof = seals.proof(MemberId(member))
            assert proof is not None
            leaf = seals.leaf(proof.member, proof.seq, proof.head)
            assert merkle.root_from(leaf, proof.index, day.size, proof.path) == day.root


def _copy_of(member: int) -> str:
    """An INSERT of members like this one, whatever columns members have."""
    columns = [c.name for c in Member.__table__.columns]
    own = {
        "id": ":n",
        "number": ":number",
        "email": ":email",
        "external_id": "NULL",
        "fs_uniquifier": ":number",
    }
    values = ", ".join(own.get(name, name) for name in columns)
    return f"INSERT INTO member ({', '.join(columns)}) SELECT {values} FROM member WHERE id = {member}"


def test_a_statement_is_checked_without_us(mei: Member, ben: Member, at: datetime, tmp_path: Path) -> None:
    give(ben.id, 10, at=at)
    give(mei.id, 100, at=at, note="你好 “welcome”", details={"规则": "base", "lines": [1, None, True]})
    spend(mei.id, 60, "R-1", at=at)
    day = sealed(DAY, at)
    back(mei.id, 10, "R-1", at=at)

    paper = json.loads(json.dumps(statement(MemberId(mei.id), at)))

    code, said = check(tmp_path, paper, day.root.hex())
    assert code == 0, said
    assert "3 entries hold, 50 points available; sealed on 2026-11-22 up to entry 2" in said
    assert check(tmp_path, paper, "00" * 32)[0] == 1
    paper["seal"] = None
    assert check(tmp_path, paper)[0] == 0


FORGERIES: list[tuple[str, Callable[[dict[str, Any]], object], str]] = [
    ("a change", lambda p: p["entries"][1]["entry"]["changes"].__setitem__(0, -50), "entry 2: its hash"),
    ("a note", lambda p: p["entries"][0]["note"].update(text="other"), "entry 1: its note"),
    ("a missing entry", lambda p: p["entries"].pop(0), "entry 1: is entry 2"),
    ("another balance", lambda p: p["balance"].update(available=1000), "add up to"),
    ("another member", lambda p: p.update(member=p["member"] + 1), "entry 1: is entry 1 of member"),
    ("another place", lambda p: p["seal"].update(index=1 - p["seal"]["index"]), "does not hold this chain"),
    ("another root", lambda p: p["seal"].update(root="00" * 32), "does not hold this chain"),
    ("an older entry", lambda p: p["seal"].update(entry=1), "does not hold this chain"),
    ("no entry", lambda p: p["seal"].update(entry=9), "does not exist"),
    ("a shorter proof", lambda p: p["seal"].update(path=[]), "does not hold this chain"),
]


@pytest.mark.parametrize(("forge", "said"), [f[1:] for f in FORGERIES], ids=[f[0] for f in FORGERIES])
def test_a_forged_statement_is_told_from_a_true_one(
    mei: Member,
    ben: Member,
    at: datetime,
    tmp_path: Path,
    forge: Callable[[dict[str, Any]], object],
    said: str,
) -> None:
    give(ben.id, 10, at=at)
    give(mei.id, 100, at=at, note="welcome")
    spend(mei.id, 60, "R-1", at=at)
    sealed(DAY, at)
    paper = json.loads(json.dumps(statement(MemberId(mei.id), at)))
    forge(paper)
    code, answer = check(tmp_path, paper)
    assert code == 1
    assert said in answer


def test_there_is_no_statement_without_an_account(mei: Member, at: datetime) -> None:
    with pytest.raises(NoAccount):
        statement(MemberId(mei.id + 999), at)


@pytest.mark.tampers
def test_a_rewritten_chain_no_longer_fits_its_seal(mei: Member, at: datetime) -> None:
    """Even who recomputes every hash after an entry cannot change what was published."""
    give(mei.id, 100, at=at)
    sealed(DAY, at)
    with unguarded():
        db.session.execute(sa.text("UPDATE entry SET hash = :h"), {"h": b"x" * 32})
        db.session.execute(sa.text("UPDATE account SET head = :h"), {"h": b"x" * 32})
    assert f"entry 1 of member {mei.id}" in {v.row for v in verify(since_seal=True).violations}
    with unguarded():
        db.session.execute(sa.text("UPDATE seal_head SET head = :h"), {"h": b"x" * 32})
    assert f"seal of {DAY}" in {v.row for v in verify(since_seal=True).violations}


@pytest.mark.tampers
def test_walking_from_the_last_seal_finds_what_came_after_it(mei: Member, ben: Member, at: datetime) -> None:
    give(mei.id, 100, at=at)
    give(ben.id, 100, at=at)
    sealed(DAY, at)
    give(mei.id, 1, at=at)
    give(mei.id, 2, at=at)
    assert not verify(since_seal=True).violations
    with unguarded():
        db.session.execute(sa.text("UPDATE entry SET ref_id = 'x' WHERE seq = 3"))
    found = verify(since_seal=True).violations
    assert [(v.invariant, v.row) for v in found] == [(9, f"entry 3 of member {mei.id}")]

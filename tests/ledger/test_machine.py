"""Whatever is done to points in whatever order: the ledger agrees with the naive model, and all invariants hold."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from mall.core.actor import SYSTEM
from mall.core.db import db, transaction
from mall.core.errors import KeyReused
from mall.domain.ledger import queries
from mall.domain.ledger import service as ledger
from mall.domain.ledger.models import Lot
from mall.domain.ledger.rules import GRACE, Earning, Ref
from mall.domain.ledger.verify import verify
from tests.ledger.model import ModelMember
from tests.support.exploring import EXPLORE, examples
from tests.support.ledger_factory import a_key, foretold, foretold_taken, purchase, use
from tests.support.members_factory import a_member

START = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
STATES = ("pending", "remaining", "held", "spent", "repaid", "expired", "reversed")

#: Shrinking takes minutes, which only an exploration has; 40 steps can be read as they are.
PHASES = [Phase.generate, Phase.shrink] if EXPLORE else [Phase.generate]

who = st.integers(0, 1)
some = st.integers(1, 20)
share = st.sampled_from([1, 40, 70, 100])
pick = st.integers(0, 5)
waits = st.sampled_from([None, None, 7, 20])
lives = st.sampled_from([None, 3, 3, 30, 60])
names = st.sampled_from(["A", "B"])


class Points(RuleBasedStateMachine):
    """Two members; whatever the ledger is asked, the model is asked too."""

    @initialize()
    def begin(self) -> None:
        self.savepoint = db.engine.begin_nested()  # type: ignore[union-attr]
        self.at = START
        self.members = [a_member().id for _ in range(2)]
        self.models = [ModelMember() for _ in self.members]
        self.holds: list[tuple[int, int, str]] = []
        self.last: tuple[Any, ...] = ()

    def teardown(self) -> None:
        if hasattr(self, "savepoint"):
            db.session.remove()
            self.savepoint.rollback()

    def ask(self, verb: Any, *args: Any, **more: Any) -> Any:
        """Do it in a transaction; remember it, to ask once more."""
        self.last = (verb, args, {"actor": SYSTEM, "key": a_key(), **more})
        with transaction():
            return verb(*args, at=self.at, **self.last[2])

    def dates(self, wait: int | None, life: int | None, age: int = 0) -> dict[str, datetime | None]:
        earned_at = self.at - timedelta(days=age)
        activates_at = None if wait is None else earned_at + timedelta(days=wait)
        begin = activates_at or earned_at
        return {
            "earned_at": earned_at,
            "activates_at": activates_at,
            "expires_at": None if life is None else begin + timedelta(days=life),
        }

    @rule(days=st.sampled_from([1, 5, 17, 31]))
    def time_passes(self, days: int) -> None:
        self.at += timedelta(days=days)

    @rule(m=who, n=some, wait=waits, life=lives, age=st.sampled_from([0, 0, 50]), name=names)
    def earn(self, m: int, n: int, wait: int | None, life: int | None, age: int, name: str) -> None:
        dates = self.dates(wait, life, age)
        self.ask(ledger.earn, self.members[m], n, ref=purchase(name), **dates)
        self.models[m].settle(self.at)
        self.models[m].grant(n, name, self.at, **dates)

    @rule(rows=st.lists(st.tuples(who, some, waits, lives, names), min_size=1, max_size=6))
    def earn_many(self, rows: list[tuple[int, int, int | None, int | None, str]]) -> None:
        earnings = [
            Earning(self.members[m], n, purchase(name), a_key(), **self.dates(wait, life, 25))
            for m, n, wait, life, name in rows
        ]
        with transaction():
            posted = ledger.earn_many(earnings, actor=SYSTEM, at=self.at)
        assert [p.points for p in posted] == [n for _, n, *_ in rows]
        for m, n, wait, life, name in rows:
            self.models[m].settle(self.at)
            self.models[m].grant(n, name, self.at, **self.dates(wait, life, 25))

    @rule(m=who, part=st.sampled_from([30, 100, 101]), name=names)
    def redeem(self, m: int, part: int, name: str) -> None:
        n = self.models[m].at(self.at).count("remaining") * part // 100 + part // 101
        if n == 0:
            return
        self._spend(m, n, lambda: self.ask(ledger.redeem, self.members[m], n, ref=use(name)), "spent", name)

    @rule(m=who, n=some, name=names)
    def hold(self, m: int, n: int, name: str) -> None:
        def place() -> int:
            held: ledger.HoldRow = self.ask(ledger.hold, self.members[m], n, ref=use(name))
            self.holds.append((m, held.id, name))
            return held.id

        self._spend(m, n, place, "held", "")

    def _spend(self, m: int, n: int, verb: Any, state: str, name: str) -> None:
        available = self.models[m].at(self.at).count("remaining")
        if available < n:
            with pytest.raises(ledger.NotEnoughPoints) as refusal:
                verb()
            assert refusal.value.missing == n - available
            self.last = ()
            return
        done = verb()
        self.models[m].settle(self.at)
        self.models[m].use(n, state, order=name, hold=done if state == "held" else 0)

    @precondition(lambda self: self.holds)
    @rule(i=pick, part=share, capture=st.booleans())
    def resolve(self, i: int, part: int, capture: bool) -> None:
        m, hold_id, name = self.holds[i % len(self.holds)]
        verb = ledger.capture if capture else ledger.release
        left = len(self.models[m].held_by(hold_id))
        if left == 0:
            with pytest.raises(ledger.HoldTooSmall):
                self.ask(verb, hold_id)
            self.last = ()
            return
        n = max(1, left * part // 100)
        self.ask(verb, hold_id, None if n == left else n)
        self.models[m].settle(self.at)
        if capture:
            self.models[m].capture(hold_id, n, name)
        else:
            self.models[m].release(hold_id, n, self.at, GRACE)

    def spent(self) -> list[tuple[int, str]]:
        return [(m, name) for m, model in enumerate(self.models) for name in "AB" if model.spent_on(name)]

    @precondition(lambda self: self.spent())
    @rule(i=pick, part=share)
    def refund(self, i: int, part: int) -> None:
        m, name = self.spent()[i % len(self.spent())]
        left = len(self.models[m].spent_on(name))
        n = max(1, left * part // 100)
        given = {"of": use(name), "ref": Ref("refund", name)}
        foreseen = foretold(self.members[m], n, name, at=self.at)
        done = self.ask(ledger.refund, self.members[m], n, **given)
        assert (foreseen.lots, foreseen.repaid, foreseen.expired) == (done.lots, done.repaid, done.expired)
        self.models[m].settle(self.at)
        self.models[m].refund(name, n, self.at, GRACE)
        with pytest.raises(ledger.TooMuchBack):
            foretold(self.members[m], left - n + 1, name, at=self.at)

    def earned(self) -> list[tuple[int, str]]:
        return [(m, name) for m, model in enumerate(self.models) for name in "AB" if model.granted_by(name)]

    @precondition(lambda self: self.earned())
    @rule(i=pick, part=share)
    def reverse(self, i: int, part: int) -> None:
        m, name = self.earned()[i % len(self.earned())]
        left = self.models[m].granted_by(name)
        n = max(1, left * part // 100)
        given = {"of": purchase(name), "ref": Ref("return", name)}
        before = queries.balance(self.members[m], self.at)
        foreseen = foretold_taken(self.members[m], n, name, at=self.at)
        self.ask(ledger.reverse, self.members[m], None if n == left else n, **given)
        after = queries.balance(self.members[m], self.at)
        assert (foreseen.pending, foreseen.available, foreseen.debt) == (
            before.pending - after.pending,
            before.available - after.available,
            after.debt - before.debt,
        )
        self.models[m].settle(self.at)
        self.models[m].take_back(name, n)
        with pytest.raises(ledger.TooMuchBack), transaction():
            ledger.reverse(self.members[m], left - n + 1, at=self.at, key=a_key(), actor=SYSTEM, **given)

    @precondition(lambda self: self.earned())
    @rule(i=pick)
    def spend_it_and_return_the_purchase(self, i: int) -> None:
        """The way into debt."""
        m, name = self.earned()[i % len(self.earned())]
        self.redeem(m=m, part=100, name=name)
        self.reverse(i=i, part=100)

    @rule(m=who, n=some, life=lives)
    def give_by_hand(self, m: int, n: int, life: int | None) -> None:
        expires_at = None if life is None else self.at + timedelta(days=life)
        self.ask(
            ledger.adjust, self.members[m], n, ref=Ref("adjustment", "1"), note="sorry", expires_at=expires_at
        )
        self.models[m].settle(self.at)
        self.models[m].grant(n, "adjustment", self.at, expires_at=expires_at)

    @rule(m=who, n=some)
    def take_by_hand(self, m: int, n: int) -> None:
        def take() -> None:
            self.ask(ledger.adjust, self.members[m], -n, ref=Ref("adjustment", "2"), note="mistake")

        self._spend(m, n, take, "reversed", "")

    @rule()
    def sweep(self) -> None:
        with transaction():
            ledger.expire(self.at)
        for model in self.models:
            model.settle(self.at)
        assert not verify(swept_at=self.at).violations
        with transaction():
            assert ledger.expire(self.at) == 0

    @precondition(lambda self: self.last)
    @rule()
    def ask_again(self) -> None:
        """The same request: the same answer, nothing written. Another request under its key: refused."""
        verb, args, more = self.last
        with transaction():
            verb(*args, at=self.at, **more)
        if verb is not ledger.adjust:
            with pytest.raises(KeyReused), transaction():
                ledger.earn(
                    self.members[0], 41, ref=Ref("other", "x"), key=more["key"], actor=SYSTEM, at=self.at
                )

    @invariant()
    def balances_agree(self) -> None:
        for member, model in zip(self.members, self.models, strict=True):
            for later in (timedelta(0), timedelta(days=25)):
                then = model.at(self.at + later)
                shown = queries.balance(member, self.at + later)
                assert (shown.available, shown.held, shown.pending, shown.debt) == (
                    then.count("remaining"),
                    then.count("held"),
                    then.count("pending"),
                    then.debt,
                )

    @invariant()
    def lots_agree(self) -> None:
        for member, model in zip(self.members, self.models, strict=True):
            stmt = sa.select(Lot.__table__).where(Lot.member_id == member).order_by(Lot.number)
            stored = [
                ({state: row[state] for state in STATES}, row["grace_until"])
                for row in db.session.execute(stmt).mappings()
            ]
            expected = [
                ({state: model.count(state, lot) for state in STATES}, lot.grace_until) for lot in model.lots
            ]
            assert stored == expected

    @invariant()
    def all_invariants_hold(self) -> None:
        assert not verify().violations


def run(machine: type[Points], ordinary: int) -> None:
    """Let the machine do 40 steps for each of so many examples."""
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples(ordinary),
            stateful_step_count=40,
            suppress_health_check=list(HealthCheck),
            database=None,
            phases=PHASES,
        ),
    )


@pytest.mark.hypothesis
@pytest.mark.slow
def test_the_ledger_agrees_with_a_naive_model(app: Flask) -> None:
    run(Points, 20)

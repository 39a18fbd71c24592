"""Whatever the history, a refund and a reversal together do what was foreseen: the deed is the judge of the foresight's SQL.

Points and lots are small and the origin is mostly spent, so that the last lot that is needed is needed for one point.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from mall.core.db import db
from mall.core.ids import MemberId
from mall.domain.ledger import queries
from mall.domain.ledger import service as ledger
from mall.domain.ledger.rules import GRACE
from tests.ledger.test_foreseeing import foreseen_and_done
from tests.support.exploring import EXPLORE, examples
from tests.support.ledger_factory import (
    back,
    captured,
    give,
    held,
    purchase,
    released,
    returned,
    spend,
    use,
)
from tests.support.members_factory import a_member

START = datetime(2026, 3, 1, 4, tzinfo=UTC)
#: Shrinking takes long, which only an exploration has.
PHASES = [Phase.generate, Phase.shrink] if EXPLORE else [Phase.generate]
MORE = 10**6


@dataclass(frozen=True)
class Step:
    """One thing that happens, and the `days` that pass after it."""

    verb: str
    n: int
    name: str
    wait: int | None
    life: int | None
    days: int


names = st.sampled_from(["R-1", "R-1", "R-2"])
lives = st.sampled_from([None, 2, 6, 60])


def steps(
    *verbs: str, name: st.SearchStrategy[str] = names, wait: tuple[int | None, ...] = (None, None, 3, 9)
) -> st.SearchStrategy[Step]:
    """One of these verbs with whatever it needs."""
    return st.builds(
        Step,
        verb=st.sampled_from(verbs),
        n=st.integers(1, 4),
        name=name,
        wait=st.sampled_from(wait),
        life=lives,
        days=st.sampled_from([0, 0, 1, 7]),
    )


_origin = st.lists(steps("earn", "lots", name=st.just("R-1"), wait=(None,)), min_size=1, max_size=2)
#: The purchase's points are there and spent on something else, and lots of others stand by.
_bare = st.tuples(
    _origin,
    st.lists(steps("spend", name=st.just("R-2")), min_size=1, max_size=1),
    st.lists(steps("earn", "lots", "lots", name=st.just("other")), min_size=2, max_size=5),
)
#: They are spent on the use; one came back so late that its lot had a grace, which is over too.
_late = st.tuples(
    st.builds(
        lambda n, life: [Step("earn", n, "R-1", None, life, 0), Step("spend", 1, "R-1", None, None, 0)],
        st.integers(2, 4),
        st.sampled_from([2, 6]),
    ),
    st.lists(steps("worn", name=st.just("R-1")), min_size=1, max_size=1),
    st.lists(steps("earn", "lots", name=st.just("other")), max_size=2),
)
#: They are spent; then anything.
_wild = st.tuples(
    _origin,
    st.lists(steps("spend"), min_size=1, max_size=1),
    st.lists(
        steps("earn", "lots", "spend", "worn", "refund", "return", "hold", "capture", "release"), max_size=5
    ),
    st.lists(steps("earn", "lots", "hold", name=st.just("other")), max_size=3),
)
histories = st.one_of(_bare, _late, _wild).map(lambda parts: [step for part in parts for step in part])
shares = st.sampled_from([0, 50, 100, 100])


def happens(step: Step, member: MemberId, holds: list[ledger.HoldRow], at: datetime) -> datetime:
    """Let it happen, and say when it is over; what the ledger refuses has not happened."""
    available = queries.balance(member, at).available
    with suppress(ledger.NotEnoughPoints, ledger.TooMuchBack, ledger.HoldTooSmall):
        if step.verb in ("earn", "lots"):
            waits = None if step.wait is None else at + timedelta(days=step.wait)
            days = step.life and step.life + (step.wait or 0)
            for points in [step.n] if step.verb == "earn" else [1] * step.n:
                give(member, points, at=at, days=days, ref=purchase(step.name), activates_at=waits)
        elif step.verb == "spend" and available:
            # Mostly all there is: the ways into debt and to lots that nothing is left of.
            spend(member, available if step.n < 4 else 1, step.name, at=at)
        elif step.verb == "worn":
            at += timedelta(days=7)
            back(member, 1, step.name, at=at)
            at += GRACE
        elif step.verb == "refund":
            back(member, step.n, step.name, at=at)
        elif step.verb == "return":
            returned(member, step.n, purchase(step.name), at=at)
        elif step.verb == "hold":
            holds.append(held(member, step.n, step.name, at=at))
        elif step.verb in ("capture", "release") and holds:
            (captured if step.verb == "capture" else released)(holds.pop(), None, at=at)
    return at + timedelta(days=step.days)


def left(member: MemberId, at: datetime) -> tuple[int, int]:
    """How many points of the use "R-1" can be given back, how many of the purchase "R-1" taken."""
    found = []
    for points, taken in ((MORE, 0), (0, MORE)):
        with pytest.raises(ledger.TooMuchBack) as refused:
            ledger.preview_return(member, points, of=use("R-1"), taken=taken, taken_of=purchase("R-1"), at=at)
        found.append(refused.value.left)
    return found[0], found[1]


@pytest.mark.hypothesis
@settings(max_examples=examples(110), phases=PHASES, database=None)
@given(history=histories, gap=st.sampled_from([0, 1, 8]), points=shares, taken=shares)
def test_a_refund_and_a_reversal_together_are_foreseen_whatever_the_history(
    app: Flask, history: list[Step], gap: int, points: int, taken: int
) -> None:
    at, holds = START, list[ledger.HoldRow]()
    savepoint = db.engine.begin_nested()  # type: ignore[union-attr]
    try:
        member = MemberId(a_member().id)
        for step in history:
            at = happens(step, member, holds, at)
        # Time goes on and nobody writes: what is dead or ripe by then stands there as if it were not.
        at += timedelta(days=gap)
        most_back, most_taken = left(member, at)
        foreseen_and_done(member, -(-most_back * points // 100), -(-most_taken * taken // 100), at=at)
    finally:
        db.session.remove()
        savepoint.rollback()

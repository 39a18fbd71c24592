"""Random histories end well, and the same seed is the same history. Many more: `make soak`."""

from collections.abc import Iterator

import pytest

from mall.core.db import db
from tests.simulator import Stage, play
from tests.support.databases import Databases

#: Seeds of an ordinary run.
SEEDS = range(1, 13)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def stage(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    stage = Stage(databases, tmp_path_factory.mktemp("stage"))
    yield stage
    with stage.app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_history_ends_well(stage: Stage, seed: int) -> None:
    outcome = play(stage, seed)
    assert not outcome.wrong, str(outcome)


def test_the_same_seed_is_the_same_history(stage: Stage) -> None:
    first = play(stage, 7)
    assert first.lines == play(stage, 7).lines
    assert len(first.lines) > 30

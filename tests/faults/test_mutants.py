"""The guards that `make mutants` takes away are there, and a few of them are noticed when they are gone."""

from pathlib import Path

import pytest

from mall.config import ROOT
from tests.faults.guard import Guard
from tests.faults.guards import GUARDS
from tests.faults.mutants import copy_of_the_mall, is_caught

#: Noticed within a history or two.
QUICK = ("points stay held though the order is paid", "stock of a closed order is lost")


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.why)
def test_every_guard_is_found_where_it_is_said_to_be(guard: Guard) -> None:
    text = (ROOT / guard.file).read_text(encoding="utf-8")
    assert text.count(guard.text) == 1
    assert text.replace(guard.text, guard.without) != text


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.why)
def test_without_its_guard_a_file_is_still_python(guard: Guard) -> None:
    text = (ROOT / guard.file).read_text(encoding="utf-8")
    compile(text.replace(guard.text, guard.without), guard.file, "exec")


def test_there_are_many_and_none_twice() -> None:
    assert len({(guard.file, guard.text) for guard in GUARDS}) == len(GUARDS) >= 20


def test_the_tests_that_must_notice_are_there() -> None:
    for file, _, test in {name.partition("::") for guard in GUARDS for name in guard.tests}:
        assert Path(ROOT / file).is_file()
        if test:
            assert f"\ndef {test}(" in (ROOT / file).read_text(encoding="utf-8")


@pytest.mark.slow
def test_lost_guards_are_noticed() -> None:
    chosen = [guard for guard in GUARDS if guard.why in QUICK]
    assert len(chosen) == len(QUICK)
    with copy_of_the_mall() as root:
        for guard in chosen:
            caught, said = is_caught(guard, root)
            assert caught, f"{guard.why}: {said}"

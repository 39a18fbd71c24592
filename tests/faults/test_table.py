"""docs/faults.md tells the truth: the tests and guards that it names are there, and no fault is left out."""

import re

from mall.config import ROOT
from tests.faults.guards import GUARDS

PAGE = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
ROWS = {int(n): rest for n, rest in re.findall(r"^\| (\d+) \|(.*)\|$", PAGE, re.MULTILINE)}


def test_every_fault_of_checkout_and_payment_has_a_row() -> None:
    assert list(ROWS) == list(range(1, 31))


def test_every_row_names_a_test_that_is_there() -> None:
    for n, row in ROWS.items():
        named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", row)
        assert named, f"fault {n} is shown by nothing"
        for path, name in named:
            assert f"\ndef {name}(" in (ROOT / path).read_text(encoding="utf-8"), (
                f"fault {n}: no {name} in {path}"
            )


def test_every_row_says_what_fails_without_its_guard() -> None:
    for n, row in ROWS.items():
        last = row.rpartition(" | ")[2]
        assert "guard: " in last or "::test_" in last, f"fault {n}: nothing shows that its guard is needed"


def test_every_guard_that_is_named_is_taken_away_by_the_mutants() -> None:
    named = {why.strip() for why in re.findall(r"guard: ([^|;`]+)", "|".join(ROWS.values()))}
    assert named
    assert named <= {guard.why for guard in GUARDS}

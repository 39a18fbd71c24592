"""How tests that draw examples draw them: the same few in every run, or many others for who goes looking.

An ordinary run is the same on every machine, so that a red build is about the change that it builds. `make explore`
(or MALL_HYPOTHESIS=2000 before any pytest) draws that many examples for each such test, anew every time; a failure
prints what reproduces it.
"""

import os

from hypothesis import HealthCheck, settings

#: Examples for each test, drawn at random; 0 is the ordinary run.
EXPLORE = int(os.environ.get("MALL_HYPOTHESIS") or 0)


def examples(ordinary: int) -> int:
    """How many examples a test draws: `ordinary`, or what MALL_HYPOTHESIS asks for."""
    return EXPLORE or ordinary


def load_profile() -> None:
    """Tests never assert on time: two busy cores make any deadline flaky."""
    settings.register_profile(
        "mall",
        max_examples=examples(100),
        deadline=None,
        derandomize=not EXPLORE,
        print_blob=bool(EXPLORE),
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )
    settings.load_profile("mall")

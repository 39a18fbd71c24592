"""One row that cannot be dealt with does not stop those behind it."""

from flask import Flask

from mall.domain.payments.errors import Refused, Unknown
from mall.worker.rounds import SILENCES, each


def test_a_failure_leaves_the_others_alone_and_silence_ends_the_round(app: Flask) -> None:
    def step(n: int) -> None:
        if n % 10 == 0:
            raise Refused("resource_missing", "poison")
        if n > 100:
            raise Unknown("no answer")

    found = each("test", [10, 1, 20, 2, 101, 3, 102, 103], step)
    assert (found.done, len(found.failed), found.cut) == ([1, 2, 3], 5, False)
    found = each("test", [101, 102, 103, 104, 1], step)
    assert (len(found.failed), found.done, found.cut) == (SILENCES, [], True)

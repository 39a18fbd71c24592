"""Whose turn it is to ask Stripe about a session, of all the pages that want to know."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest

from mall.domain.payments import glances
from mall.domain.payments.glances import PAUSES, Glances
from tests.support.patience import PATIENCE


def seconds(n: float) -> timedelta:
    return timedelta(seconds=n)


def test_while_one_asks_nobody_else_does_however_long_it_takes(at: datetime) -> None:
    told = Glances()
    assert told.begin("cs_1", at=at) == "ask"
    assert told.begin("cs_1", at=at + seconds(60)) == "seen"
    assert told.begin("cs_2", at=at) == "ask", "another session is another question"
    told.end("cs_1", answered=True, at=at + seconds(60))
    assert told.begin("cs_1", at=at + seconds(60)) == "ask"


def test_after_an_answer_the_next_one_asks_two_seconds_later(at: datetime) -> None:
    told = Glances()
    for _ in range(3):
        assert told.begin("cs_1", at=at) == "ask"
        told.end("cs_1", answered=True, at=at)
        assert told.begin("cs_1", at=at + seconds(1.999)) == "seen"
        at += seconds(2)


def test_the_longer_the_silence_the_longer_the_pause_until_an_answer_comes(at: datetime) -> None:
    told = Glances()
    for pause in (*PAUSES[1:], PAUSES[-1]):
        assert told.begin("cs_1", at=at) == "ask"
        at += seconds(3)
        told.end("cs_1", answered=False, at=at)
        assert told.begin("cs_1", at=at + pause - seconds(0.001)) == "silent"
        at += pause
    assert told.begin("cs_1", at=at) == "ask"
    assert told.begin("cs_1", at=at) == "silent", "what is known is that nobody answered"
    told.end("cs_1", answered=True, at=at)
    assert told.begin("cs_1", at=at) == "seen"
    assert told.begin("cs_1", at=at + PAUSES[0]) == "ask"


def test_a_clock_that_is_set_back_keeps_nobody_from_asking(at: datetime) -> None:
    told = Glances()
    told.begin("cs_1", at=at)
    told.end("cs_1", answered=False, at=at)
    assert told.begin("cs_1", at=at - timedelta(hours=1)) == "ask"


def test_only_so_many_are_remembered(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(glances, "MOST", 2)
    told = Glances()
    for session in ("cs_1", "cs_2", "cs_3"):
        told.begin(session, at=at)
        told.end(session, answered=True, at=at)
    assert [told.begin(session, at=at) for session in ("cs_3", "cs_2", "cs_1")] == ["seen", "seen", "ask"]
    told.end("cs_7", answered=True, at=at)  # forgotten while it asked


def test_of_many_at_once_one_asks(at: datetime) -> None:
    told, start = Glances(), Barrier(8)

    def begin(session: str) -> str:
        start.wait(timeout=PATIENCE)
        return told.begin(session, at=at)

    with ThreadPoolExecutor(8) as pages:
        for n in range(50):
            assert sorted(pages.map(begin, [f"cs_{n}"] * 8)) == ["ask"] + ["seen"] * 7

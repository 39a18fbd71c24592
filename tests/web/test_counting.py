"""Counting in a process's own memory: few threads, nothing kept for ever, nothing lost."""

from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
from flask import Flask

from mall.web import counting, limits
from mall.web.counting import SWEEP, SweptMemory


def test_counting_does_not_start_a_thread_for_every_count(app: Flask) -> None:
    assert isinstance(limits.limiter.storage, SweptMemory)
    storage = SweptMemory()
    storage.timer.join()
    assert [storage.acquire_entry("key", 2, 60) for _ in range(3)] == [True, True, False]
    sweeper = storage.timer
    try:
        sweeper.join(0.1)
        assert storage.acquire_entry("another", 2, 60)
        assert storage.timer is sweeper
        assert (sweeper.is_alive(), sweeper.daemon, sweeper.interval) == (True, True, SWEEP)
    finally:
        sweeper.cancel()


def test_what_is_over_is_forgotten_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "SWEEP", 0.01)
    storage = SweptMemory()
    storage.timer.join()
    storage.acquire_entry("key", 2, 0)
    storage.timer.join()
    assert storage.events == {}
    assert storage.locks == {}


def test_what_is_not_over_is_kept_by_the_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "SWEEP", 0.01)
    storage = SweptMemory()
    storage.timer.join()
    assert storage.acquire_entry("key", 1, 60)
    storage.timer.join()
    assert not storage.acquire_entry("key", 1, 60)
    storage.timer.cancel()


@pytest.mark.races
def test_a_count_that_comes_while_its_name_is_forgotten_is_not_lost() -> None:
    storage = SweptMemory()
    storage.timer.join()
    meanwhile = Thread(target=storage.acquire_entry, args=("key", 1, 60))

    class Interrupted(list[Any]):
        """What is counted; while the sweep looks at it somebody counts once more."""

        def __iter__(self) -> Iterator[Any]:
            meanwhile.start()
            meanwhile.join(0.3)
            return super().__iter__()

    try:
        storage.acquire_entry("key", 1, 0)
        storage.events["key"] = Interrupted(storage.events["key"])
        storage._MemoryStorage__expire_events()
        meanwhile.join()
        assert not storage.acquire_entry("key", 1, 60)
    finally:
        storage.timer.cancel()

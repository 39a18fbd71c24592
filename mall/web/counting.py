"""Counting for the rate limits in a process's own memory."""

import time
from threading import RLock, Timer
from typing import Final

from limits.storage import MemoryStorage

#: Seconds between two looks for what can be forgotten. What is over does not count, forgotten or not.
SWEEP: Final = 60.0


class SweptMemory(MemoryStorage):
    """The library's memory for moving windows, tidied up now and then.

    By itself it starts a thread for that at nearly every count, and who counts waits until the thread has had its first
    turn: a tenth of the time of a checkout, and more where many threads are at work. It also keeps the name of everybody
    it ever counted, and throws away locks that somebody may be waiting for.
    """

    STORAGE_SCHEME: Final = ["swept-memory"]  # type: ignore[misc]

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **options: str) -> None:
        # One for all names: it is held for microseconds, and unlike a name's own it is never forgotten.
        self._counting = RLock()
        super().__init__(uri, wrap_exceptions, **options)

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count `amount` for `key` if no more than `limit` are counted in `expiry` seconds; whether it was."""
        with self._counting:
            return super().acquire_entry(key, limit, expiry, amount)

    def _MemoryStorage__expire_events(self) -> None:
        with self._counting:
            known = list(self.events)
        for key in known:
            with self._counting:
                now = time.time()
                if kept := [event for event in self.events.get(key, ()) if event.expiry > now]:
                    self.events[key] = kept
                else:
                    self.events.pop(key, None)
                    self.locks.pop(key, None)

    def _MemoryStorage__schedule_expiry(self) -> None:
        if not self.timer.is_alive():
            self.timer = Timer(SWEEP, self._MemoryStorage__expire_events)
            self.timer.daemon = True
            self.timer.start()

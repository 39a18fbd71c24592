"""Counting for the rate limits in a process's own memory."""

from threading import Timer
from typing import Final

from limits.storage import MemoryStorage

#: Seconds between two looks for what can be forgotten. What is over does not count, forgotten or not.
SWEEP: Final = 60.0


class SweptMemory(MemoryStorage):
    """The library's memory, tidied up now and then.

    By itself it starts a thread for that at nearly every count, and who counts waits until the thread has had its first
    turn: a tenth of the time of a checkout, and more where many threads are at work.
    """

    STORAGE_SCHEME: Final = ["swept-memory"]  # type: ignore[misc]

    def _MemoryStorage__schedule_expiry(self) -> None:
        if not self.timer.is_alive():
            self.timer = Timer(SWEEP, getattr(self, "_MemoryStorage__expire_events"))  # noqa: B009
            self.timer.daemon = True
            self.timer.start()

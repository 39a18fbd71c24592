"""How the SDK's calls reach Stripe, at two paces: patiently where nobody waits, in a hurry where a page does.

A thread that waits for Stripe serves nobody else. So a page waits a few seconds in all, few of them wait at once, and
what did not happen in that time is left to the worker, which repeats it with the same key and the same body.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import Any, Final, cast
from urllib.parse import urlsplit

import stripe

#: Seconds to connect, and between two bytes of an answer, where nobody waits. What is late is `Unknown`.
TIMEOUT: Final = (3.05, 15.0)
#: The same while somebody waits for a page.
HURRIED: Final = (2.0, 2.5)
#: Seconds that a page's calls may have taken before the next one is not made any more.
BUDGET: Final = 3.0
#: Pages of a process that may wait for Stripe at once: half of the four threads that `mall serve` gives it.
MOST_PAGES: Final = 2
#: Seconds that a page waits for its turn to ask, as long as Stripe answers; while it does not, no time at all.
TURN: Final = 1.0
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})

#: The body, the status and the headers, by the types that the SDK gives them.
Answer = tuple[str, int, Mapping[str, str]]


@dataclass(slots=True)
class _Budget:
    left: float


_budget: ContextVar[_Budget | None] = ContextVar("budget", default=None)


@contextmanager
def in_a_hurry() -> Iterator[None]:
    """Somebody waits for what is asked in here: BUDGET seconds for all of it, however often this is nested."""
    if _budget.get() is not None:
        yield
        return
    before = _budget.set(_Budget(BUDGET))
    try:
        yield
    finally:
        _budget.reset(before)


class TwoPaces(stripe.HTTPClient):
    """The SDK's usual transport, twice: with the patience of the worker, and with a page's."""

    name = "requests"

    def __init__(self, api_base: str, timeout: tuple[float, float]) -> None:
        super().__init__()
        self._patient = _over_http(api_base, timeout)
        self._hurried = _over_http(api_base, min(timeout, HURRIED))
        self._turns = BoundedSemaphore(MOST_PAGES)
        self._silent = False

    def request(
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None, **_: Any
    ) -> Answer:
        """One request. Raises APIConnectionError where no answer came in time, or a page has no time left to ask."""
        budget = _budget.get()
        if budget is None:
            return self._patient.request(method, url, headers, post_data)
        if budget.left <= 0:
            raise _unasked("nobody waits any longer for this page's calls")
        began = time.monotonic()
        if not self._turns.acquire(timeout=0 if self._silent else TURN):
            raise _unasked("as many pages as may are waiting for Stripe already")
        try:
            answer = self._hurried.request(method, url, headers, post_data)
            self._silent = False
            return answer
        except stripe.APIConnectionError:
            self._silent = True
            raise
        finally:
            self._turns.release()
            budget.left -= time.monotonic() - began


def _unasked(why: str) -> Exception:
    return cast(Callable[[str], Exception], stripe.APIConnectionError)(why)


def _over_http(api_base: str, timeout: tuple[float, float]) -> stripe.HTTPClient:
    """The SDK's usual transport. A proxy of the environment stands between this machine and the world: what is on this
    machine is not asked for through it.
    """
    here = urlsplit(api_base).hostname in LOOPBACK
    proxy = {"http": None, "https": None, "all": None} if here else None
    return stripe.RequestsClient(timeout=timeout, proxy=cast(Any, proxy))

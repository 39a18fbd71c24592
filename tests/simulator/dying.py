"""Processes that die: at a commit, just after one, before a call of Stripe, or between its answer and the next commit.

What a dead process leaves is what was committed and what Stripe did. So from the moment it dies, nothing may be
committed and nothing asked of Stripe any more, whatever the code on the way out still tries.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
import stripe

from mall.core.db import MallSession


class Killed(BaseException):
    """The process is dead. No handler of ordinary errors may catch it."""


class Life:
    """How long the process at hand lives: `fuse` more commits and calls (None: for ever)."""

    def __init__(self) -> None:
        self.fuse: int | None = None
        self.dead = False

    def tick(self) -> None:
        """Something lasting is about to happen. Raises Killed if it does not any more."""
        self._burn()
        if self.dead:
            raise Killed

    def after(self) -> None:
        """Something lasting has happened: perhaps it was the last thing."""
        self._burn()

    def _burn(self) -> None:
        if self.fuse is not None and not self.dead:
            self.fuse -= 1
            self.dead = self.fuse < 0

    @contextmanager
    def another(self, fuse: int | None = None) -> Iterator[None]:
        """Another process, with a life of its own."""
        kept = self.fuse, self.dead
        self.fuse, self.dead = fuse, False
        try:
            yield
        finally:
            self.fuse, self.dead = kept

    @contextmanager
    def at_commits(self) -> Iterator[None]:
        """Watch the commits of the mall's sessions."""

        def before(_session: Any) -> None:
            self.tick()

        def after(_session: Any) -> None:
            self.after()

        sa.event.listen(MallSession, "before_commit", before)
        sa.event.listen(MallSession, "after_commit", after)
        try:
            yield
        finally:
            sa.event.remove(MallSession, "before_commit", before)
            sa.event.remove(MallSession, "after_commit", after)


class Wire(stripe.HTTPClient):
    """The SDK's way to the development Stripe, on which the process may die, and others may do things meanwhile."""

    name = "simulator"

    def __init__(self, inner: stripe.HTTPClient, life: Life, meanwhile: Callable[[], None]) -> None:
        super().__init__()
        self._inner, self._life, self._meanwhile = inner, life, meanwhile

    def request(
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None, **more: Any
    ) -> Any:
        """One request, and what happens to the mall before it arrives and before its answer does."""
        self._life.tick()
        self._meanwhile()
        try:
            return self._inner.request(method, url, headers, post_data, **more)
        finally:
            self._meanwhile()
            self._life.tick()

    def close(self) -> None:
        """Nothing is held open."""

"""Delivering the outbox: in lanes, so that a slow mail server holds up neither the members' inbox nor money.

`Inside` handlers only write to our database: they run in the same transaction as their done mark, so what they do
happens exactly once. `Outside` handlers call the world (Stripe, mail): they run outside any transaction, then are marked, so
a worker that dies between the two does it again, under the same message id.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog

from mall.core import clock
from mall.core.db import AWAY, transaction
from mall.core.privacy import mask
from mall.domain.outbox import delivery
from mall.domain.outbox.delivery import Claimed
from mall.domain.outbox.rules import LEASE

Handler = Callable[[dict[str, Any], datetime, int], None]
#: Opens what a batch shares (a mail connection) and gives the handler that uses it.
Opener = Callable[[], AbstractContextManager[Handler]]

#: Messages claimed at once, and written at once: a chunk's transaction is what a web request may have to wait for.
BATCH, CHUNK = 200, 50
#: Messages that failed before, taken one by one between two batches of fresh ones.
RETRIES = 10
#: After this much of its lease, a batch is not begun any further: what is left goes back.
_PATIENCE = LEASE / 2

log = structlog.get_logger("mall.outbox")


@dataclass(slots=True)
class Tally:
    """How deliveries ended."""

    delivered: int = 0
    failed: int = 0
    dead: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.delivered + other.delivered, self.failed + other.failed, self.dead + other.dead)

    def __bool__(self) -> bool:
        return bool(self.delivered or self.failed)


@dataclass(slots=True)
class Lane:
    """Delivers the messages of some kinds; one thread at a time. `stop` ends it after the message at hand."""

    name: str
    stop: threading.Event = field(default_factory=threading.Event)
    now: Callable[[], datetime] = clock.now

    def claim(self, fresh: bool, limit: int) -> list[Claimed]:
        """Take messages of this lane's kinds."""
        raise NotImplementedError

    def deliver(self, batch: Sequence[Claimed]) -> Tally:
        """Deliver claimed messages."""
        raise NotImplementedError

    def is_due(self) -> bool:
        """Whether a message of this lane waits: a read, so that an idle worker takes no lock."""
        raise NotImplementedError

    def drain(self) -> Tally:
        """Deliver all that is due: fresh messages by the batch, in turn with some that failed before, one by one."""
        total = Tally()
        while not self.stop.is_set() and self.is_due():
            before = total
            if batch := self._take(True, BATCH):
                total += self.deliver(batch)
            for _ in range(RETRIES):
                if self.stop.is_set() or not (alone := self._take(False, 1)):
                    break
                total += self.deliver(alone)
            if total == before:
                break
        return total

    def _take(self, fresh: bool, limit: int) -> list[Claimed]:
        with gently():
            return self.claim(fresh, limit)

    def _give_back(self, messages: Sequence[Claimed]) -> None:
        if messages:
            with transaction():
                delivery.untake(messages, at=self.now())

    def _ended(self, message: Claimed, error: Exception) -> Tally:
        """Write down a failure. The database's own failures are nobody's fault: they end the round instead."""
        if isinstance(error, AWAY):
            raise error
        why = mask(f"{type(error).__name__}: {error}")
        with gently():
            dead = delivery.failed(message, why, at=self.now())
        log.warning(
            "outbox.dead" if dead else "outbox.failed",
            message_id=message.id,
            kind=message.kind,
            attempts=message.attempts,
            error=why,
        )
        return Tally(failed=1, dead=int(dead))


def plain(handler: Handler) -> Opener:
    """An opener for a handler that shares nothing with the rest of its batch."""

    @contextmanager
    def opened() -> Iterator[Handler]:
        yield handler

    return opened


@contextmanager
def gently() -> Iterator[None]:
    """A transaction after which the worker rests half as long as it took, so that the web gets its turn at the lock."""
    began = time.monotonic()
    with transaction():
        yield
    time.sleep(min((time.monotonic() - began) / 2, 0.01))


class NoHandler(LookupError):
    """Nobody registered a handler for this kind: perhaps a newer worker will."""


@dataclass(slots=True)
class Inside(Lane):
    """Handlers that only write to our database."""

    handlers: Mapping[str, Handler] = field(default_factory=dict)
    elsewhere: frozenset[str] = frozenset()

    def claim(self, fresh: bool, limit: int) -> list[Claimed]:
        return delivery.claim(at=self.now(), limit=limit, fresh=fresh, kinds=self.elsewhere, others=True)

    def is_due(self) -> bool:
        return delivery.is_due(at=self.now(), kinds=self.elsewhere, others=True)

    def deliver(self, batch: Sequence[Claimed]) -> Tally:
        total = Tally()
        for start in range(0, len(batch), CHUNK):
            if self.stop.is_set():
                self._give_back(batch[start:])
                break
            total += self._chunk(batch[start : start + CHUNK])
        return total

    def _chunk(self, chunk: Sequence[Claimed]) -> Tally:
        """All in one transaction; if one fails, each in its own."""
        try:
            with gently():
                return self._together(chunk)
        except Exception as error:
            if len(chunk) == 1:
                return self._ended(chunk[0], error)
        total = Tally()
        for message in chunk:
            total += self._chunk([message])
        return total

    def _together(self, chunk: Sequence[Claimed]) -> Tally:
        mine, at = delivery.held(chunk), self.now()
        for message in mine:
            handler = self.handlers.get(message.kind)
            if handler is None:
                raise NoHandler(f"no handler for {message.kind!r}")
            handler(message.payload, at, message.id)
        delivery.done(mine, at=at)
        return Tally(delivered=len(mine))


@dataclass(slots=True)
class Outside(Lane):
    """Handlers that call the world. `forget` drops the payloads of what was delivered."""

    openers: Mapping[str, Opener] = field(default_factory=dict)
    forget: bool = True

    def claim(self, fresh: bool, limit: int) -> list[Claimed]:
        return delivery.claim(at=self.now(), limit=limit, fresh=fresh, kinds=self.openers)

    def is_due(self) -> bool:
        return delivery.is_due(at=self.now(), kinds=self.openers)

    def deliver(self, batch: Sequence[Claimed]) -> Tally:
        total = Tally()
        for kind in dict.fromkeys(message.kind for message in batch):
            total += self._kind(self.openers[kind], [m for m in batch if m.kind == kind])
        return total

    def _kind(self, opener: Opener, messages: Sequence[Claimed]) -> Tally:
        total, sent = Tally(), list[Claimed]()
        until = self.now() + _PATIENCE
        rest = list(messages)
        try:
            with opener() as handle:
                while rest and not self._is_over(until):
                    message = rest.pop(0)
                    try:
                        handle(message.payload, self.now(), message.id)
                    except Exception as error:
                        total += self._ended(message, error)
                    else:
                        sent.append(message)
                        if len(sent) == CHUNK:
                            total += self._mark(sent)
                            sent = []
        except AWAY:
            raise
        except Exception as error:  # the connection itself: nobody of the rest gets through either
            for message in rest:
                total += self._ended(message, error)
            rest = []
        finally:
            total += self._mark(sent)
            self._give_back(rest)
        return total

    def _mark(self, sent: Sequence[Claimed]) -> Tally:
        if not sent:
            return Tally()
        with gently():
            mine = delivery.held(sent)
            delivery.done(mine, at=self.now(), forget=self.forget)
        return Tally(delivered=len(mine))

    def _is_over(self, until: datetime) -> bool:
        return self.stop.is_set() or self.now() >= until

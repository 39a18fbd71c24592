"""A job's round: one step after the other, where one that fails leaves the others alone."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Generic, TypeVar

import structlog

from mall.core import clock
from mall.core.db import AWAY, db, let_go
from mall.domain.payments.errors import Misconfigured, Unknown, Unreadable

#: After so many in a row without an answer Stripe, or the database, is out of reach, and the next round goes on.
SILENCES: Final = 3
T = TypeVar("T")

log = structlog.get_logger("mall.worker")


@dataclass(slots=True)
class Round(Generic[T]):
    """What became of a round: the steps that were taken, those that failed, and whether Stripe ended it."""

    done: list[T] = field(default_factory=list)
    failed: list[tuple[T, Exception]] = field(default_factory=list)
    cut: bool = False


def passing(at: datetime) -> Callable[[], datetime]:
    """The time of a job that began at `at`, going on while it works: what it reads last is not dated as it began."""
    began = clock.now()
    return lambda: at + (clock.now() - began)


def each(name: str, these: Iterable[T], step: Callable[[T], object]) -> Round[T]:
    """Take a step for each of these. A failure is rolled back, logged as `name`, and leaves the others alone.

    The round ends where Stripe is out of reach: it does not take our key, or left SILENCES calls in a row unanswered;
    or where our own database has been away as often. An answer that cannot be read fails its own step only.
    """
    found: Round[T] = Round()
    silent = 0
    for this in these:
        try:
            step(this)
        except (Unknown, *AWAY) as error:
            let_go()
            log.warning(f"{name}.no_answer", this=this, error=str(error))
            found.failed.append((this, error))
            silent = 0 if isinstance(error, Unreadable) else silent + 1
            if silent == SILENCES or isinstance(error, Misconfigured):
                found.cut = True
                break
        except Exception as error:
            db.session.rollback()
            log.exception(f"{name}.failed", this=this)
            found.failed.append((this, error))
            silent = 0
        else:
            found.done.append(this)
            silent = 0
    return found

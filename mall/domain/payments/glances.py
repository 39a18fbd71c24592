"""When the pages of this process last asked Stripe about a session: a page that is loaded again and again asks seldom.

Only for pages, and only in memory: forgotten at a restart, and of no weight for what is right. Each process counts by
itself.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Final, Literal

#: From one question about a session to the next, after so many in a row that nobody answered.
PAUSES: Final = tuple(timedelta(seconds=seconds) for seconds in (2, 5, 10, 20))
#: Sessions that are remembered; the one that was asked about longest ago is forgotten first.
MOST: Final = 2048


@dataclass(slots=True)
class _Asked:
    at: datetime
    silences: int = 0
    asking: bool = True


class Glances:
    """One process's memory. Every method may be called by several threads at once."""

    def __init__(self) -> None:
        self._asked: OrderedDict[str, _Asked] = OrderedDict()
        self._lock = Lock()

    def begin(self, session: str, *, at: datetime) -> Literal["ask", "seen", "silent"]:
        """Whose turn it is: "ask", and say how it ended; else whether the last answer is young ("seen"), or is missing.

        While somebody asks, nobody else does.
        """
        with self._lock:
            asked = self._asked.get(session)
            if asked is None:
                self._asked[session] = _Asked(at)
                if len(self._asked) > MOST:
                    self._asked.popitem(last=False)
                return "ask"
            pause = PAUSES[min(asked.silences, len(PAUSES) - 1)]
            # a clock that was set back must not keep anybody from asking
            if asked.asking or timedelta() <= at - asked.at < pause:
                return "silent" if asked.silences else "seen"
            asked.at, asked.asking = at, True
            self._asked.move_to_end(session)
            return "ask"

    def end(self, session: str, *, answered: bool, at: datetime) -> None:
        """How a question ended that `begin` let through. A silence is paused after from its end on."""
        with self._lock:
            asked = self._asked.get(session)
            if asked is None:
                return
            asked.asking = False
            asked.silences = 0 if answered else asked.silences + 1
            if not answered:
                asked.at = at

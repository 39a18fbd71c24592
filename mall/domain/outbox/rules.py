"""When a failed delivery is tried again, and when it is given up."""

import hashlib
from datetime import timedelta

#: Deliveries tried before a message is dead; with the waits below the last one is about eight hours after the first.
MAX_ATTEMPTS = 14
#: How long a claim holds: longer than any sound delivery of one batch, so that only a dead worker's lapses.
LEASE = timedelta(seconds=90)

_FIRST_WAIT_MS = 10_000
_FACTOR = 3
_LONGEST_WAIT_MS = 3_600_000


def wait_after(message_id: int, attempts: int) -> timedelta:
    """How long to wait after the `attempts`-th failure: 10 s, 30 s, 90 s, … at most an hour, give or take a quarter.

    The jitter comes from the message's id, so that messages that failed together do not all return together,
    and the same message always waits as long.
    """
    base = min(_FIRST_WAIT_MS * _FACTOR ** (attempts - 1), _LONGEST_WAIT_MS)
    spread = int.from_bytes(hashlib.sha256(f"{message_id}:{attempts}".encode()).digest()[:4], "big") % 501
    return timedelta(milliseconds=base * (750 + spread) // 1000)


def is_last(attempts: int) -> bool:
    """Whether a message that failed this often is given up."""
    return attempts >= MAX_ATTEMPTS

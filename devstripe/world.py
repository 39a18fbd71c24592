"""The settings, the clock and the source of ids of one stand-in, with what it remembers."""

import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from devstripe.store import Store

#: The version of Stripe's API that is modelled; the one that the project's SDK pins.
API_VERSION = "2026-10-28.endive"
_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#: Lengths of the random part of ids, as Stripe's have them.
_LENGTHS = {
    "cs_test_a1": 56,
    "req_": 14,
    "pi_3": 23,
    "ch_3": 23,
    "re_3": 23,
    "evt_1": 23,
    "txn_3": 23,
    "li_1": 23,
}

#: Receives a webhook: body and headers; answers with an HTTP status.
Receiver = Callable[[bytes, Mapping[str, str]], int]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How one stand-in is set up. `webhook` is an address or, in the same process, a function."""

    api_key: str = "sk_test_devstripe"
    secret: str = "whsec_devstripe"  # noqa: S105 (guards nothing)
    webhook: str | Receiver | None = None
    public_url: str = "http://127.0.0.1:8001"
    deliver: str = "auto"
    database: str | None = None
    seed: int | None = None
    start: int | None = None


class World:
    """One stand-in's clock, ids and memory."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.public_url = settings.public_url.rstrip("/")
        self.store = Store(settings.database)
        self.news = threading.Condition()
        self.under_way: set[str] = set()
        #: The API request whose doing this is: its id and idempotency key (None on the pay page).
        self.cause: tuple[str | None, str | None] = (None, None)
        self._begin()

    def _begin(self) -> None:
        store, settings = self.store, self.settings
        seed = store.setting("seed")
        if seed is None:
            seed = secrets.token_hex(8) if settings.seed is None else str(settings.seed)
            with store.transaction():
                store.remember("seed", seed)
                store.remember("made", "0")
                store.remember("offset", "0")
                store.remember("frozen", "" if settings.start is None else str(settings.start))
        self._seed = seed
        self._made = int(store.setting("made") or 0)
        self._offset = int(store.setting("offset") or 0)
        frozen = store.setting("frozen")
        self._frozen = int(frozen) if frozen else None

    def now(self) -> int:
        """The stand-in's own time in epoch seconds: a clock that only moves when told, or the machine's plus an offset."""
        return int(time.time()) + self._offset if self._frozen is None else self._frozen

    def advance(self, seconds: int) -> None:
        """Move the clock."""
        if self._frozen is None:
            self._offset += seconds
            self.store.remember("offset", str(self._offset))
        else:
            self._frozen += seconds
            self.store.remember("frozen", str(self._frozen))

    def freeze(self, at: int) -> None:
        """Stop the clock at an instant; from now on it only moves when told."""
        self._frozen = at
        self.store.remember("frozen", str(at))

    def thaw(self) -> None:
        """Let the clock go with the machine's again."""
        self._frozen, self._offset = None, 0
        self.store.remember("frozen", "")
        self.store.remember("offset", "0")

    def new_id(self, prefix: str) -> str:
        """The next id: random to look at, the same again with the same seed."""
        with self.store.transaction():
            self._made += 1
            self.store.remember("made", str(self._made))
            number = self._made
        length = _LENGTHS.get(prefix, 24)
        digest = b"".join(sha256(f"{self._seed}/{number}/{i}".encode()).digest() for i in range(2))
        return prefix + "".join(_LETTERS[byte % 62] for byte in digest[:length])

    def notify(self) -> None:
        """Wake whoever delivers webhooks."""
        with self.news:
            self.news.notify_all()

    def reset(self) -> None:
        """Forget everything and begin anew, with the same settings and seed."""
        self.store.clear()
        self.under_way.clear()
        self._begin()

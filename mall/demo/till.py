"""The hands at the development Stripe while the demo is loaded: its clock, and what card holders and banks do there.

Sessions, refunds and disputes are asked for and read through the mall's own gateway, as ever; this is only for what
happens on Stripe's side of the counter (see devstripe/README.md, `/_control/`).
"""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.client import HTTPException
from typing import Any

_PATIENCE = 5.0


class Till:
    """The development Stripe at `url`, which takes `key`. Every method but `answers` raises OSError where it does not
    answer."""

    def __init__(self, url: str, key: str) -> None:
        self._url, self._key = url.rstrip("/") + "/_control/", key
        # Straight to this machine: a proxy of the environment knows nothing of its 127.0.0.1.
        self._open = urllib.request.build_opener(urllib.request.ProxyHandler({})).open

    def answers(self) -> bool:
        """Whether the development Stripe is there, and takes our key: it says itself who it is. Nothing else counts."""
        try:
            told = self._ask("GET", "identity")
        except (OSError, ValueError, HTTPException):
            return False
        ours = {"service": "devstripe", "livemode": False, "api_key": self._key}
        return isinstance(told, dict) and {name: told.get(name) for name in ours} == ours

    @contextmanager
    def attended(self) -> Iterator[None]:
        """Its clock may be set, and its webhooks go nowhere: who loads the demo reads what happened. As before after."""
        self._ask("POST", "faults", {"kind": "drop", "times": None})
        try:
            yield
        finally:
            self._ask("DELETE", "faults")
            self._ask("POST", "clock", {"thaw": True})

    def at(self, instant: datetime) -> None:
        """It is that time there now."""
        self._ask("POST", "clock", {"freeze": int(instant.timestamp())})

    def pay(self, session: str, card: str) -> None:
        """Somebody tries to pay with that card."""
        self._ask("POST", f"sessions/{session}/pay", {"card": card})

    def dispute(self, payment_intent: str) -> str:
        """A card holder disputes a payment; the dispute's id."""
        return str(self._ask("POST", "disputes", {"payment_intent": payment_intent})["id"])

    def forget(self) -> None:
        """All that it knows: its orders are gone."""
        self._ask("POST", "reset")

    def _ask(self, method: str, what: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        asked = urllib.request.Request(  # noqa: S310 - the address of the development Stripe, on this machine
            self._url + what,
            json.dumps(body or {}).encode(),
            {"Content-Type": "application/json"},
            method=method,
        )
        with self._open(asked, timeout=_PATIENCE) as answer:
            told: dict[str, Any] = json.load(answer)
            return told

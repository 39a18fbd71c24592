"""The controls of a stand-in as typed methods, over HTTP or by call; see devstripe.testing."""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from werkzeug.test import Client

from devstripe.app import App

Json = dict[str, Any]


class ControlError(Exception):
    """The stand-in refused what a control asked for; the message says why."""


class _Wire(Protocol):
    def __call__(self, method: str, path: str, body: Json) -> tuple[int, Json]: ...


@dataclass(frozen=True)
class Webhook:
    """A signed webhook as it goes over the wire."""

    body: bytes
    headers: dict[str, str]


class Control:
    """The controls of a stand-in, typed."""

    def __init__(self, wire: _Wire) -> None:
        self._wire = wire

    def _ask(self, method: str, path: str, body: Json | None = None) -> Json:
        status, told = self._wire(method, "/_control/" + path, body or {})
        if status != 200:
            raise ControlError(told["error"]["message"])
        return told

    def pay(
        self, session: str, card: str = "4242424242424242", *, email: str | None = None, late: bool = False
    ) -> Json:
        """Pay as the customer would: {"outcome": "succeeded" | "declined" | "requires_action" | "closed", "message",
        "session"}. `late` pays a session that has expired, which Stripe says cannot happen."""
        return self._ask("POST", f"sessions/{session}/pay", {"card": card, "email": email, "late": late})

    def decline(self, session: str, card: str = "4000000000000002") -> Json:
        """Try to pay with a card that is declined."""
        return self.pay(session, card)

    def authenticate(self, session: str, *, passed: bool = True) -> Json:
        """Answer 3-D Secure, after `pay` came back with requires_action."""
        return self._ask("POST", f"sessions/{session}/authenticate", {"passed": passed})

    def fault(self, kind: str, *, times: int | None = 1, **what: Any) -> None:
        """Let something go wrong `times` times (None: until `clear_faults`).

        Of an API request (`method`, `path`: shell patterns): timeout_before, timeout_after, reset_before, reset_after,
        error_before, error_after (500, kept with the idempotency key), rate_limit, slow (`seconds`).
        Of a webhook (`event`: shell pattern of the type): hold, delay (`seconds`), duplicate (`copies`), drop, twist
        (`twist`, see `deliver`).
        """
        self._ask("POST", "faults", {"kind": kind, "times": times, **what})

    def faults(self) -> list[Json]:
        """The faults that are still in line."""
        return list(self._ask("GET", "faults")["faults"])

    def clear_faults(self) -> None:
        """No more faults."""
        self._ask("DELETE", "faults")

    def now(self) -> int:
        """The stand-in's time in epoch seconds."""
        return int(self._ask("GET", "clock")["now"])

    def advance(self, seconds: int) -> int:
        """Move its clock; what falls due happens. Its time after that."""
        return int(self._ask("POST", "clock", {"advance": seconds})["now"])

    def freeze(self, at: int) -> int:
        """Stop its clock at an instant; from now on it only moves by `advance`."""
        return int(self._ask("POST", "clock", {"freeze": at})["now"])

    def thaw(self) -> int:
        """Let its clock go with the machine's again, however it was stopped or moved. Its time after that."""
        return int(self._ask("POST", "clock", {"thaw": True})["now"])

    def requests(self, path: str = "", method: str = "") -> list[Json]:
        """API requests, oldest first: id, at, method, path, params (form-encoded) and the same as a dictionary in `form`,
        headers, status (None: no answer), replayed, fault."""
        found = self._ask("GET", "requests")["requests"]
        return [r for r in found if path in r["path"] and method in r["method"]]

    def events(self, type: str = "") -> list[Json]:
        """Event objects, oldest first (of a type, or of those that begin so)."""
        return [
            e["event"] for e in self._ask("GET", "events")["events"] if e["event"]["type"].startswith(type)
        ]

    def deliveries(self) -> dict[str, list[Json]]:
        """By event id, its deliveries: state (held, waiting, done, given up), tries, answer."""
        return {e["event"]["id"]: e["deliveries"] for e in self._ask("GET", "events")["events"]}

    def deliver(
        self,
        events: Sequence[str] | None = None,
        *,
        copies: int = 1,
        parallel: bool = False,
        twist: Mapping[str, Any] | None = None,
    ) -> list[Json]:
        """Send webhooks now: these event ids in this order (None: all held, oldest first), each `copies` times.

        `twist` spoils them: {"set": {field: value}} in the object, {"event": {"livemode": True}} in the event,
        {"signature": "bad" | "stale" | "missing"}. Gives [{"event", "status", "error"}].
        """
        body: Json = {"copies": copies, "parallel": parallel, "twist": dict(twist or {})}
        if events is not None:
            body["events"] = list(events)
        return list(self._ask("POST", "events/deliver", body)["deliveries"])

    def signed(self, event: str, *, twist: Mapping[str, Any] | None = None) -> Webhook:
        """A webhook's body and headers (Stripe-Signature), to post it yourself."""
        made = self._ask("POST", f"events/{event}/signed", {"twist": dict(twist or {})})
        return Webhook(made["body"].encode(), made["headers"])

    def begin_refunds(self, status: str) -> None:
        """How refunds begin from now on: "succeeded" (as usual) or "pending"."""
        self._ask("POST", "refunds", {"status": status})

    def settle_refund(self, refund: str) -> Json:
        """A pending refund succeeds."""
        return self._ask("POST", f"refunds/{refund}")

    def fail_refund(self, refund: str, reason: str = "expired_or_canceled_card") -> Json:
        """A refund fails, though it may have succeeded before."""
        return self._ask("POST", f"refunds/{refund}", {"failure": reason})

    def dispute(self, payment_intent: str, reason: str = "fraudulent") -> Json:
        """The card holder disputes a payment."""
        return self._ask("POST", "disputes", {"payment_intent": payment_intent, "reason": reason})

    def close_dispute(self, dispute: str, *, won: bool) -> Json:
        """The bank decides."""
        return self._ask("POST", f"disputes/{dispute}/close", {"won": won})

    def tamper(self, id: str, **fields: Any) -> Json:
        """Change an object's fields behind everybody's back: the API tells the changed ones from now on."""
        return self._ask("POST", f"objects/{id}", fields)

    def reset(self) -> None:
        """Forget everything; begin anew with the same seed."""
        self._ask("POST", "reset")


def over_http(url: str) -> _Wire:
    """Controls over HTTP."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def ask(method: str, path: str, body: Json) -> tuple[int, Json]:
        request = urllib.request.Request(  # noqa: S310 (this machine)
            url + path, json.dumps(body).encode(), {"Content-Type": "application/json"}, method=method
        )
        try:
            with direct.open(request) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    return ask


def by_call(app: App) -> _Wire:
    """Controls by calling the application."""
    client = Client(app)

    def ask(method: str, path: str, body: Json) -> tuple[int, Json]:
        answer = client.open(path, method=method, json=body)
        return answer.status_code, json.loads(answer.get_data())

    return ask

"""With keys of an account the mall says the same to Stripe as it says to the development Stripe, but for the keys.

Two servers on this machine write down what the SDK sends, byte for byte; one is given as the real Stripe would be.
"""

import inspect
import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

from devstripe.testing import Running, in_process
from mall.app import gateway as gateway_of
from mall.config import DEV_STRIPE_BASE, DEV_STRIPE_KEY, STRIPE_BASE, Settings
from mall.domain.payments import rules
from mall.domain.payments.gateway import API_VERSION, Gateway
from tests.support.payments_factory import pay_request
from tests.support.stripe import gateway_to

AT = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
BODY = json.dumps(
    rules.session_body(
        pay_request(
            "R-1", rules.PayLine("搪瓷杯 & Co", 3000, 3), rules.PayLine("Delivery", 800), locale="zh-Hans"
        ),
        attempt=1,
        expires_at=AT + rules.SESSION_LIFE,
    )
)
REFUND = json.dumps(
    rules.refund_body(payment_intent="pi_1", amount=500, currency="CNY", reference="refund-1", number="R-1")
)
CALLS: dict[str, Callable[[Gateway], object]] = {
    "create_session": lambda g: g.create_session(BODY, key="session-R-1-1"),
    "retrieve_session": lambda g: g.retrieve_session("cs_test_1"),
    "expire_session": lambda g: g.expire_session("cs_test_1"),
    "find_session": lambda g: g.find_session("R-1-1", AT, AT),
    "sessions": lambda g: list(g.sessions(AT, AT)),
    "create_refund": lambda g: g.create_refund(REFUND, key="refund-1"),
    "retrieve_refund": lambda g: g.retrieve_refund("re_1"),
    "refunds_of": lambda g: list(g.refunds_of("pi_1")),
    "refunds": lambda g: list(g.refunds(AT, AT)),
    "retrieve_dispute": lambda g: g.retrieve_dispute("dp_1"),
    "disputes": lambda g: list(g.disputes(AT)),
}
ANSWERS = {
    "checkout.session": {
        "id": "cs_test_1", "object": "checkout.session", "status": "open", "payment_status": "unpaid",
        "amount_total": 3800, "currency": "cny", "livemode": False, "mode": "payment", "created": 1, "expires_at": 2,
        "client_reference_id": "R-1-1", "payment_intent": None, "metadata": {}, "url": "https://checkout.stripe.com/1",
    },
    "refund": {
        "id": "re_1", "object": "refund", "status": "succeeded", "amount": 500, "currency": "cny", "created": 1,
        "payment_intent": "pi_1", "charge": "ch_1", "metadata": {"refund": "refund-1"},
    },
    "dispute": {
        "id": "dp_1", "object": "dispute", "status": "won", "amount": 500, "currency": "cny", "created": 1,
        "payment_intent": "pi_1", "charge": "ch_1", "reason": "fraudulent", "livemode": False,
    },
}  # fmt: skip


@dataclass
class Recorder:
    """A server that writes down what it is asked, and answers as Stripe would."""

    url: str = ""
    seen: list[tuple[str, str, dict[str, str], str]] = field(default_factory=list)

    def answer(self, method: str, path: str) -> dict[str, Any]:
        kind = next(kind for word, kind in (("sessions", "checkout.session"), ("refunds", "refund"), ("disputes", "dispute")) if word in path)  # fmt: skip
        listed = method == "GET" and "?" in path and re.search(r"/(sessions|refunds|disputes)\?", path)
        return {"object": "list", "url": path.split("?")[0], "has_more": False, "data": [ANSWERS[kind]]} if listed else ANSWERS[kind]  # fmt: skip


@pytest.fixture
def recorders() -> Iterator[tuple[Recorder, Recorder]]:
    made, servers = (Recorder(), Recorder()), []
    for recorder in made:
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler(recorder))
        recorder.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        servers.append((server, thread))
    yield made
    for server, thread in servers:
        server.shutdown()
        thread.join()
        server.server_close()


def handler(recorder: Recorder) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            recorder.seen.append((self.command, self.path, dict(self.headers.items()), body))
            told = json.dumps(recorder.answer(self.command, self.path)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(told)))
            self.send_header("Request-Id", "req_1")
            self.end_headers()
            self.wfile.write(told)

        def do_GET(self) -> None:
            self.do_POST()

        def log_message(self, format: str, *args: object) -> None:
            """Nothing to say."""

    return Handler


def settings(var: Path, **env: str) -> Settings:
    return Settings.from_env({"MALL_ENV": "test", "MALL_VAR_DIR": str(var), **env})


def through(recorder: Recorder, var: Path, **env: str) -> Gateway:
    """The application's own gateway for these settings, with the recorder where Stripe would be."""
    return gateway_of(settings(var, STRIPE_API_BASE=recorder.url, **env))


def test_the_address_and_the_keys_are_all_that_settings_change(tmp_path: Path) -> None:
    ours = gateway_of(settings(tmp_path))
    theirs = gateway_of(settings(tmp_path, STRIPE_API_KEY="sk_test_51Own", STRIPE_WEBHOOK_SECRET="whsec_own"))
    assert (ours.api_base, theirs.api_base) == (DEV_STRIPE_BASE, STRIPE_BASE)
    assert type(ours) is type(theirs)
    differing = {name for name in vars(ours) if vars(ours)[name] != vars(theirs)[name]}
    assert differing == {"api_base", "_api_key", "_webhook_secret", "_http_client"}
    assert type(ours._http_client) is type(theirs._http_client)


def test_no_way_to_stripe_is_left_out() -> None:
    """A signature is checked here: what a webhook brought is not asked for."""
    ways = {name for name, way in vars(Gateway).items() if inspect.isfunction(way) and name[0] != "_"}
    assert ways - {"parse_event"} == set(CALLS)


@pytest.mark.parametrize("name", CALLS)
def test_every_request_is_the_same_but_for_address_and_key(
    name: str, recorders: tuple[Recorder, Recorder], tmp_path: Path
) -> None:
    development, own = recorders
    CALLS[name](through(development, tmp_path))
    CALLS[name](through(own, tmp_path, STRIPE_API_KEY="sk_test_51Own"))
    assert len(development.seen) == len(own.seen) == 1
    (ours,), (theirs,) = development.seen, own.seen
    assert ours[:2] == theirs[:2]
    assert ours[3] == theirs[3]
    assert list(ours[2]) == list(theirs[2])  # the same headers in the same order
    differing = {key for key in ours[2] if ours[2][key] != theirs[2][key]}
    # Expiring needs no key of its own: the SDK gives each request a random one.
    assert differing == {"Host", "Authorization"} | (
        {"Idempotency-Key"} if name == "expire_session" else set()
    )
    assert ours[2]["Authorization"] == f"Bearer {DEV_STRIPE_KEY}"
    assert theirs[2]["Authorization"] == "Bearer sk_test_51Own"
    assert ours[2]["Stripe-Version"] == API_VERSION
    assert "X-Stripe-Client-Telemetry" not in ours[2]
    assert "telemetry_id" not in ours[2]["X-Stripe-Client-User-Agent"]


def test_a_session_goes_over_the_wire_as_it_was_written_down(
    recorders: tuple[Recorder, Recorder], tmp_path: Path
) -> None:
    """And at a second try byte for byte the same: Stripe refuses a key with another body."""
    recorder, _ = recorders
    gateway = through(recorder, tmp_path)
    for _ in range(2):
        gateway.create_session(BODY, key="session-R-1-1")
    (first, second) = recorder.seen
    assert first[3] == second[3]
    assert first[2]["Idempotency-Key"] == second[2]["Idempotency-Key"] == "session-R-1-1"
    assert (first[0], first[1]) == ("POST", "/v1/checkout/sessions")
    assert dict(parse_qsl(first[3])) == flat(json.loads(BODY))


def test_the_development_stripe_sees_what_the_recorder_saw(
    recorders: tuple[Recorder, Recorder], tmp_path: Path
) -> None:
    recorder, _ = recorders
    through(recorder, tmp_path).create_session(BODY, key="session-R-1-1")
    with in_process(start=int(AT.timestamp())) as stripe:
        gateway_to(stripe).create_session(BODY, key="session-R-1-1")
        (logged,) = logged_by(stripe)
    method, path, headers, body = recorder.seen[0]
    assert (logged["method"], logged["path"]) == (method, path)
    assert dict(parse_qsl(logged["params"])) == dict(parse_qsl(body))
    for name in ("Idempotency-Key", "Stripe-Version"):
        assert logged["headers"][name] == headers[name]


def logged_by(stripe: Running) -> list[dict[str, Any]]:
    return stripe.control.requests("/v1/checkout/sessions", "POST")


def flat(value: Any, name: str = "") -> dict[str, str]:
    """A body as Stripe's form encoding writes it: `a[b][0]=c`."""
    if isinstance(value, dict):
        pairs = [(f"{name}[{key}]" if name else key, inner) for key, inner in value.items()]
    elif isinstance(value, list):
        pairs = [(f"{name}[{place}]", inner) for place, inner in enumerate(value)]
    else:
        return {name: str(value).lower() if isinstance(value, bool) else str(value)}
    return {key: text for inner_name, inner in pairs for key, text in flat(inner, inner_name).items()}

"""For tests and simulators: a stand-in in this process or on a port, the SDK's client for it, and its controls.

    with running(webhook=url, deliver="manual", seed=1) as stripe:      # real HTTP on a free port
        client = stripe.client()                                        # the official StripeClient
        session = client.v1.checkout.sessions.create(params)
        stripe.control.pay(session.id)
        stripe.control.deliver()

`in_process(...)` gives the same without sockets, for speed.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import stripe
from requests.structures import CaseInsensitiveDict
from werkzeug.test import Client

from devstripe.app import App, create_app
from devstripe.controls import Control, ControlError, Webhook, by_call, over_http
from devstripe.errors import NoAnswer
from devstripe.server import LOOPBACK, serve

__all__ = [
    "Control",
    "ControlError",
    "InProcessClient",
    "Running",
    "Webhook",
    "in_process",
    "over_http",
    "running",
]


@dataclass(frozen=True)
class Running:
    """A stand-in that can be talked to. `url` is what goes into STRIPE_API_BASE."""

    url: str
    api_key: str
    secret: str
    control: Control
    app: App
    http_client: stripe.HTTPClient | None = None

    def client(self, **options: Any) -> stripe.StripeClient:
        """The official SDK's client for it."""
        if self.http_client is not None:
            options.setdefault("http_client", self.http_client)
        return stripe.StripeClient(self.api_key, base_addresses={"api": self.url}, **options)


@contextmanager
def running(*, port: int = 0, **settings: Any) -> Iterator[Running]:
    """A stand-in on a port of this machine (0: any free one), in a thread. Settings: see devstripe.world.Settings."""
    app = create_app(**{"deliver": "manual", **settings})
    server = serve(app, port)
    url = f"http://{LOOPBACK}:{server.port}"
    if "public_url" not in settings:
        app.world.public_url = url
    thread = threading.Thread(target=server.serve_forever, name="devstripe", daemon=True)
    thread.start()
    try:
        yield Running(
            url, app.world.settings.api_key, app.world.settings.secret, Control(over_http(url)), app
        )
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        app.close()


@contextmanager
def in_process(**settings: Any) -> Iterator[Running]:
    """A stand-in without sockets: the SDK's requests are calls. `webhook` may be a function (body, headers) → status."""
    app = create_app(**{"deliver": "manual", **settings})
    kept = app.world.settings
    try:
        yield Running(
            app.world.public_url, kept.api_key, kept.secret, Control(by_call(app)), app, InProcessClient(app)
        )
    finally:
        app.close()


class InProcessClient(stripe.HTTPClient):
    """The SDK's transport as a call of the application; silence and torn connections become the SDK's own error."""

    name = "devstripe"

    def __init__(self, app: App) -> None:
        super().__init__()
        self._client = Client(app)

    def request(
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None, **_: Any
    ) -> tuple[str, int, Mapping[str, str]]:
        """One request; raises APIConnectionError as the SDK's own transport does when no answer comes."""
        parts = urlsplit(url)
        try:
            answer = self._client.open(
                parts.path,
                method=method.upper(),
                query_string=parts.query,
                data=post_data,
                headers=dict(headers or {}),
            )
        except NoAnswer as silence:
            raise stripe.APIConnectionError(  # type: ignore[no-untyped-call]
                "Unexpected error communicating with Stripe.  If this problem persists, let us know at "
                f"support@stripe.com.\n\n(Network error: {silence.kind})",
                should_retry=True,
            ) from None
        return answer.get_data(as_text=True), answer.status_code, CaseInsensitiveDict(answer.headers)

    def close(self) -> None:
        """Nothing is held open."""

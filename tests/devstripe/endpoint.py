"""A webhook endpoint of a shop, as far as a test needs one."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import stripe


@dataclass
class Endpoint:
    """Takes webhooks and checks them with the SDK; `answers` are the next statuses (then 200)."""

    secret: str = "whsec_devstripe"
    tolerance: int = 300
    answers: list[int] = field(default_factory=list)
    taken: list[stripe.Event] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    url: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, body: bytes, headers: Mapping[str, str]) -> int:
        with self._lock:
            self.headers.append(headers.get("Stripe-Signature") or "")
            if self.answers and (status := self.answers.pop(0)) != 200:
                return status
            try:
                event = stripe.Webhook.construct_event(  # type: ignore[no-untyped-call]
                    body, headers.get("Stripe-Signature"), self.secret, self.tolerance
                )
            except stripe.SignatureVerificationError:
                return 400
            self.taken.append(event)
            return 200

    @property
    def types(self) -> list[str]:
        """The types of what was taken, in order."""
        return [event.type for event in self.taken]


@contextmanager
def listening() -> Iterator[Endpoint]:
    """An endpoint on a free port of this machine."""
    endpoint = Endpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status = endpoint(self.rfile.read(int(self.headers["Content-Length"])), dict(self.headers))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    endpoint.url = f"http://127.0.0.1:{server.server_port}/stripe/webhook"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield endpoint
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

"""The WSGI application: Stripe's API under /v1, the pay page under /pay, the control interface, and a look inside at /."""

import json
import os
from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Request, Response

from devstripe import api, control, pages
from devstripe.webhooks import Deliverer
from devstripe.world import Settings, World

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class Refused(Exception):
    """The stand-in does not start here; the message says why."""


class App:
    """One stand-in; raises Refused in production. `close()` ends its thread and its database."""

    def __init__(self, settings: Settings) -> None:
        if os.environ.get("MALL_ENV", "").lower() == "production":
            raise Refused("devstripe takes no money: it does not start where MALL_ENV is production.")
        if not settings.api_key.startswith("sk_test_"):
            raise Refused("devstripe takes test keys alone: the API key must begin with sk_test_.")
        self.world = World(settings)
        self._deliverer: Deliverer | None = None
        if settings.deliver == "auto":
            self._deliverer = Deliverer(self.world)
            self._deliverer.start()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer; raises NoAnswer where a fault says that there is none."""
        request = Request(environ)
        return self._answer(request)(environ, start_response)

    def _answer(self, request: Request) -> Response:
        if request.path.startswith("/v1/"):
            return self._api(request)
        if request.path.startswith("/_control/"):
            status, body = control.answer(self.world, request.method, request.path, request.get_data())
            return Response(json.dumps(body), status, content_type="application/json")
        return pages.answer(self.world, request)

    def _api(self, request: Request) -> Response:
        form = request.get_data() if request.method == "POST" else request.query_string
        asked = api.Request(
            method=request.method,
            path=request.path,
            form=form.decode(errors="replace"),
            headers={name.title(): value for name, value in request.headers.items()},
        )
        answer = api.answer(self.world, asked)
        return Response(answer.body, HTTPStatus(answer.status), answer.headers)

    def close(self) -> None:
        """Stop delivering and close the database."""
        if self._deliverer is not None:
            self._deliverer.stop()
        self.world.store.close()


def create_app(**settings: Any) -> App:
    """A stand-in with these settings (see world.Settings)."""
    return App(Settings(**settings))

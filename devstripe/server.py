"""Serves the stand-in over HTTP on this machine alone, and hangs up on callers where a fault says so."""

import select
import socket
import struct
from collections.abc import Iterable
from typing import TYPE_CHECKING

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from devstripe.app import App
from devstripe.errors import NoAnswer

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

LOOPBACK = "127.0.0.1"


class HungUp(ConnectionError):
    """The caller has been hung up on, on purpose."""


class _Handler(WSGIRequestHandler):
    """Keeps the log of the API itself, not of every line of HTTP; and does what a fault says."""

    _hangs_up = False

    def log(self, type: str, message: str, *args: object) -> None:
        if type == "error":
            super().log(type, message, *args)

    def connection_dropped(self, error: BaseException, environ: "WSGIEnvironment | None" = None) -> None:
        self.close_connection = True
        self._hangs_up = isinstance(error, HungUp)

    def finish(self) -> None:
        super().finish()
        if self._hangs_up:
            # Lingering for 0 seconds makes the close a reset (RST) instead of an orderly end.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()


def serve(app: App, port: int = 0) -> BaseWSGIServer:
    """A server on this machine's own address, not yet running; port 0 takes any free one."""

    def hangs_up(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        try:
            return app(environ, start_response)
        except NoAnswer as silence:
            if silence.kind == "timeout":  # readable: the caller has gone away
                select.select([environ["werkzeug.socket"]], [], [], silence.seconds)
            raise HungUp(silence.kind) from None

    return make_server(LOOPBACK, port, hangs_up, threaded=True, request_handler=_Handler)

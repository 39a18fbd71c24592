"""The wire between an application and PostgreSQL, with somebody on it who can lose an answer."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_COMMIT = b"COMMIT\x00"  # the end of the request's text, and of the answer's


class Wire:
    """Passes all on between whoever connects to `port` and the server; loses answers when told to.

    Source of the messages: PostgreSQL, "Frontend/Backend Protocol" (Query, CommandComplete).
    """

    def __init__(self, host: str, port: int) -> None:
        self._server = (host, port)
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self._lock = threading.Lock()
        self._left = 0
        self._lost = False
        threading.Thread(target=self._welcome, daemon=True).start()

    def lose(self, n: int) -> None:
        """The server will do the n-th COMMIT from now on, and nobody will hear of it: the line is cut then."""
        with self._lock:
            self._left, self._lost = n, False

    def spare(self) -> bool:
        """Lose nothing more; whether the answer was lost."""
        with self._lock:
            self._left = 0
            return self._lost

    def close(self) -> None:
        """Let nobody in any more."""
        self._door.close()

    def _welcome(self) -> None:
        while True:
            try:
                client, _ = self._door.accept()
            except OSError:
                return
            server = socket.create_connection(self._server)
            cut = threading.Event()
            for source, target, asks in ((client, server, True), (server, client, False)):
                threading.Thread(target=self._pass_on, args=(source, target, asks, cut), daemon=True).start()

    def _pass_on(
        self, source: socket.socket, target: socket.socket, asks: bool, cut: threading.Event
    ) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if asks and data.endswith(_COMMIT) and self._is_the_one():
                    cut.set()
                elif not asks and cut.is_set() and _COMMIT in data:
                    self._lost = True
                    break
                target.sendall(data)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _is_the_one(self) -> bool:
        with self._lock:
            self._left -= 1
            return self._left == 0


@contextmanager
def wire_to(host: str, port: int) -> Iterator[Wire]:
    """A wire to a server on that port."""
    wire = Wire(host, port)
    try:
        yield wire
    finally:
        wire.close()

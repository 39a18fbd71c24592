"""A port for a server that has to be told where to listen, perhaps again and again."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def kept_port() -> Iterator[int]:
    """A free port of this machine that nobody else is given meanwhile.

    It is bound but does not listen: who calls is refused, until a server listens there. Servers say that they share the
    address (SO_REUSEADDR, SO_REUSEPORT), and so does this.
    """
    with socket.socket() as keeper:
        keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        keeper.bind(("127.0.0.1", 0))
        yield int(keeper.getsockname()[1])

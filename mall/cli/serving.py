"""The application in a process of the server, which ends when the server itself is gone.

granian's processes share its socket and do not look after it: killed at once (kill -9, out of memory), it leaves them
behind, and they go on serving, with the code and the settings of yesterday, beside whatever is started next.
"""

import multiprocessing
import os
import signal
import threading
import time
from typing import Final

from flask import Flask

from mall.app import create_app

#: How often a process looks whether the server is there, and how long it may take to end what it began, in seconds.
LOOK_EVERY: Final = 0.5
GRACE: Final = 30.0


def application() -> Flask:
    """The application, for granian to load in each of its processes."""
    server = multiprocessing.parent_process()
    if server is not None and server.pid is not None:
        threading.Thread(target=_end_with, args=(server.pid,), name="server-watch", daemon=True).start()
    return create_app()


def _end_with(server: int) -> None:
    """Wait until this process is an orphan; then end it in order, and at once if that takes too long."""
    while os.getppid() == server:
        time.sleep(LOOK_EVERY)
    until = time.monotonic() + GRACE
    while time.monotonic() < until:  # again: the first may come before granian listens to it
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(LOOK_EVERY)
    os._exit(1)

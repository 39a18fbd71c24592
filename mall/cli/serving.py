"""The application in a process of the server, which ends when the server itself is gone.

granian's processes share its socket and do not look after it: killed at once (kill -9, out of memory), it leaves them
behind, and they go on serving, with the code and the settings of yesterday, beside whatever is started next.
"""

import multiprocessing
import os
import signal
import threading
import time
from typing import Any, Final

from flask import Flask

from mall.app import create_app

#: How often a process looks whether the server is there, and how long it may take to end what it began, in seconds.
LOOK_EVERY: Final = 0.5
GRACE: Final = 30


def application() -> Flask:
    """The application, for granian to load in each of its processes."""
    server = multiprocessing.parent_process()
    if server is not None and server.pid is not None:
        inherited = signal.getsignal(signal.SIGTERM)
        threading.Thread(
            target=end_with, args=(server.pid, inherited), name="server-watch", daemon=True
        ).start()
    return create_app()


def end_with(server: int, inherited: Any, grace: int = GRACE) -> None:
    """Wait until this process is an orphan; then end it in order, and after `grace` seconds whatever it does.

    `inherited` is what answered to SIGTERM before granian does, which is told once: a second time it would wait for
    ever, and let no other thread run. So it is the kernel that sees to the end: SIGALRM takes no turn at Python.
    """
    while os.getppid() == server:
        time.sleep(LOOK_EVERY)
    signal.alarm(grace)
    while signal.getsignal(signal.SIGTERM) is inherited:
        time.sleep(LOOK_EVERY)
    os.kill(os.getpid(), signal.SIGTERM)

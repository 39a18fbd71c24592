"""What `mall up` starts ends with it, even if it is killed: then a keeper, told of each, sees to that.

Run as a program, this is the keeper: it reads process ids, one a line, until its input ends, as it does when nobody
holds the other end any more. It needs Python alone.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress

#: How long the processes may take to end what they began, in seconds; then they are killed.
WAIT = 35.0

Child = subprocess.Popen[bytes]


@contextmanager
def keeper(wait: float = WAIT) -> Iterator[Callable[[Child], Child]]:
    """What to hand each process to that shall not outlive this one; it must lead a session of its own.

    For a sudden end only: who leaves in order has ended the processes itself.
    """
    words = [sys.executable, "-I", __file__, str(wait)]
    process = subprocess.Popen(words, stdin=subprocess.PIPE, bufsize=0, start_new_session=True)

    def keep(child: Child) -> Child:
        assert process.stdin
        process.stdin.write(b"%d\n" % child.pid)
        return child

    try:
        yield keep
    finally:
        process.kill()
        process.communicate()


def _end(told: Iterable[str], wait: float) -> None:
    leaders = [int(line) for line in told]
    for leader in leaders:
        # Not its whole group: the server tells its own processes, and they must be told once.
        _signalled(os.kill, leader, signal.SIGTERM)
    until = time.monotonic() + wait
    while time.monotonic() < until and any(_signalled(os.killpg, leader, 0) for leader in leaders):
        time.sleep(0.2)
    for leader in leaders:
        _signalled(os.killpg, leader, signal.SIGKILL)


def _signalled(send: Callable[[int, int], None], leader: int, number: int) -> bool:
    with suppress(ProcessLookupError, PermissionError):
        send(leader, number)
        return True
    return False


if __name__ == "__main__":
    _end(sys.stdin, float(sys.argv[1]))

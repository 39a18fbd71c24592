"""What a command keeps ends with it, even if it is killed; and not before."""

import subprocess
import sys

import pytest

from mall.cli import keeping
from tests.support.patience import wait_for
from tests.support.processes import kill

_COMMAND = """
import os, runpy, subprocess, sys, time
keeper = runpy.run_path(sys.argv[3])["keeper"]
with keeper(float(sys.argv[1])) as keep:
    child = keep(subprocess.Popen([sys.executable, "-c", sys.argv[2]], start_new_session=True))
    os.write(1, b"%d\\n" % child.pid)
    time.sleep(600)
"""
_SLEEPS = "import os, time; os.write(1, b'up\\n'); time.sleep(600)"
#: With a process of its own, as the server has; neither heeds SIGTERM.
_STUBBORN = "import os, signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); os.fork(); " + _SLEEPS
#: Says how often its group is told to end: the server passes it on, and must not hear it from the keeper as well.
_ORDERLY = """
import os, signal, time
def told(*_):
    os.write(1, b"told\\n")
    os._exit(0)
signal.signal(signal.SIGTERM, told)
if not os.fork():
    signal.signal(signal.SIGTERM, lambda *_: os.write(1, b"told too\\n"))
os.write(1, b"up\\n")
while True:
    time.sleep(600)
"""


@pytest.mark.parametrize(
    ("wait", "child", "up", "says"),
    [(60.0, _SLEEPS, 1, ""), (0.5, _STUBBORN, 2, ""), (1.0, _ORDERLY, 2, "told\n")],
    ids=["plain", "stubborn", "orderly"],
)
def test_it_ends_with_a_command_that_is_killed(wait: float, child: str, up: int, says: str) -> None:
    words = [sys.executable, "-c", _COMMAND, str(wait), child, keeping.__file__]
    command = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    assert command.stdout
    with command.stdout as out:
        first = sorted(out.readline() for _ in range(up + 1))  # a number, and each that is up
        assert first[1:] == ["up\n"] * up
        kill(command)
        assert out.read() == says
    wait_for(lambda: not living(int(first[0])), "an end of them all")


def test_it_outlives_a_keeper_that_ends_in_order() -> None:
    with keeping.keeper(0.0) as keep:
        child = keep(subprocess.Popen([sys.executable, "-c", _SLEEPS], stdout=subprocess.PIPE))
        assert child.stdout
        assert child.stdout.readline() == b"up\n"
    with pytest.raises(subprocess.TimeoutExpired):
        child.wait(0.5)
    kill(child)
    child.stdout.close()


def living(group: int) -> bool:
    """Whether a group has processes that are alive."""
    found = subprocess.run(["ps", "-eo", "pgid=,stat="], capture_output=True, text=True, check=True).stdout
    rows = [line.split() for line in found.splitlines()]
    return any(int(pgid) == group and not stat.startswith("Z") for pgid, stat in rows)

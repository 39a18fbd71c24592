"""`python -m tests.faults.mutants` (make mutants): each guard is taken away in a copy of the mall, and a test must fail.

A mutant that lives says that a guard could be lost without anybody noticing.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mall.config import ROOT
from tests.faults.guard import Guard
from tests.faults.guards import GUARDS

#: Histories that the simulator plays against a mutant at most: it stops at the first that goes wrong.
SEEDS = 150
_COPIED = ("mall", "tests", "devstripe", "migrations", "pyproject.toml")
_LINKED = ("templates", "static", "docs")


@contextmanager
def copy_of_the_mall() -> Iterator[Path]:
    """A copy that may be spoilt."""
    with tempfile.TemporaryDirectory(prefix="mall-mutant-") as folder:
        root = Path(folder)
        for name in _COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, root / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, root / name)
        for name in _LINKED:
            (root / name).symlink_to(ROOT / name)
        yield root


@contextmanager
def without(guard: Guard, root: Path) -> Iterator[None]:
    """The copy without that guard."""
    path = root / guard.file
    sound = path.read_text(encoding="utf-8")
    if sound.count(guard.text) != 1:
        raise ValueError(f"{guard.file}: found {sound.count(guard.text)} times: {guard.text!r}")
    path.write_text(sound.replace(guard.text, guard.without), encoding="utf-8")
    try:
        yield
    finally:
        path.write_text(sound, encoding="utf-8")


def command(guard: Guard) -> list[str]:
    """What must fail."""
    if guard.tests:
        quick = ["-q", "-x", "-n0", "--no-header", "--tb=line", "-W", "ignore", "-m", "not slow"]
        return [sys.executable, "-m", "pytest", *quick, *guard.tests]
    return [sys.executable, "-m", "tests.simulator", "--db", "sqlite", "--seeds", str(SEEDS)]


def is_caught(guard: Guard, root: Path) -> tuple[bool, str]:
    """Whether a test fails without the guard, and the last that it said. Raises RuntimeError if nothing was tested."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("MALL_", "STRIPE_", "PYTEST_"))
    }
    environment = {**kept, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"}
    with without(guard, root):
        done = subprocess.run(command(guard), cwd=root, env=environment, capture_output=True, text=True)
    last = (done.stdout.strip().splitlines() or [""])[-1]
    if done.returncode not in (0, 1) or (done.returncode == 1 and not ("failed" in last or "replay" in last)):
        raise RuntimeError(f"{guard.why}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.returncode == 1, last


def main(words: list[str] | None = None) -> int:
    """0 if every mutant is caught."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.mutants", description=__doc__)
    parser.add_argument("--only", default="", help="guards of files, or with words, that contain this")
    asked = parser.parse_args(words)
    chosen = [guard for guard in GUARDS if asked.only in guard.file or asked.only in guard.why]
    alive = 0
    with copy_of_the_mall() as root:
        for guard in chosen:
            began = time.monotonic()
            caught, last = is_caught(guard, root)
            alive += not caught
            word = "caught" if caught else "LIVES "
            by = " ".join(guard.tests) or f"simulator, seed {last.partition('--seed ')[2].split(' ')[0]}"
            print(f"{word} {time.monotonic() - began:4.0f} s  {guard.why}  ({guard.file}; {by})", flush=True)
    print(f"{len(chosen)} guards taken away, {len(chosen) - alive} noticed, {alive} not")
    return 1 if alive else 0


if __name__ == "__main__":
    sys.exit(main())

"""`python -m tests.simulator`: play one history, or soak the mall in many; the first that goes wrong is told."""

import argparse
import contextlib
import logging
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import structlog

from tests.simulator.history import STEPS, Outcome, play
from tests.simulator.stage import Stage
from tests.support.databases import Databases
from tests.support.postgres import Cluster

KINDS = ("sqlite", "postgresql")


@contextlib.contextmanager
def a_stage(kind: str) -> Iterator[Stage]:
    """A stage on a database of that kind, gone afterwards."""
    cluster = Cluster() if kind == "postgresql" else None
    with tempfile.TemporaryDirectory(prefix="mall-simulator-") as folder:
        try:
            yield Stage(
                Databases(kind, Path(folder), cluster.url("postgres") if cluster else ""), Path(folder)
            )
        finally:
            if cluster:
                cluster.stop()


def soak(kind: str, first: int, n: int, steps: int) -> Outcome | None:
    """Play `n` histories from that seed on; the first that went wrong."""
    began = time.monotonic()
    with a_stage(kind) as stage:
        for done, seed in enumerate(range(first, first + n), 1):
            outcome = play(stage, seed, steps=steps)
            if outcome.wrong:
                return outcome
            if done % 25 == 0 or done == n:
                seconds = time.monotonic() - began
                print(f"{kind}: {done} of {n} seeds, 0 violations, {seconds:.0f} s", flush=True)
    return None


def main(words: list[str] | None = None) -> int:
    """0 if every history went well; 1 and its replay if one did not."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulator", description=__doc__)
    parser.add_argument("--seed", type=int, help="play this one history")
    parser.add_argument("--seeds", type=int, default=100, help="how many histories (default 100)")
    parser.add_argument("--first", type=int, default=1, help="the first of their seeds")
    parser.add_argument("--steps", type=int, default=STEPS, help=f"steps of a history (default {STEPS})")
    parser.add_argument("--db", choices=(*KINDS, "both"), default="both")
    parser.add_argument("--verbose", action="store_true", help="tell the history of --seed step by step")
    asked = parser.parse_args(words)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    logging.disable(logging.CRITICAL)
    first, n = (asked.seed, 1) if asked.seed is not None else (asked.first, asked.seeds)
    kinds = KINDS if asked.db == "both" else (asked.db,)
    for kind in kinds:
        if asked.verbose and asked.seed is not None:
            with a_stage(kind) as stage:
                outcome = play(stage, first, steps=asked.steps, watch=1)
            print(outcome)
            failed = outcome if outcome.wrong else None
        elif failed := soak(kind, first, n, asked.steps):
            print(failed)
        if failed:
            print(f"seed {failed.seed} on {kind}: {len(failed.wrong)} violations")
            steps = "" if asked.steps == STEPS else f" --steps {asked.steps}"
            print(f"replay: python -m tests.simulator --seed {failed.seed} --db {kind}{steps} --verbose")
            return 1
    print(f"{n * len(kinds)} seeds, 0 violations")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""A simulator of the mall's life: members, staff, the worker, Stripe, faults, crashes and the clock, all from one seed.

It drives the mall's own services and edges against a real database and the development Stripe. After a history all
faults end, the worker does what is due, and every invariant is checked against what Stripe itself says.

    python -m tests.simulator --seed 17 --db sqlite --verbose     # one history, step by step
    python -m tests.simulator --seeds 500                         # many, on both databases (make soak)
"""

from tests.simulator.history import Outcome, play
from tests.simulator.stage import Stage

__all__ = ["Outcome", "Stage", "play"]

"""Where `mall up` stands: it leaves its addresses in the var folder, so that commands beside it need no variables.

The file is believed while the `mall up` that wrote it holds its lock, which goes with the process however that ends.
"""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from mall.config.stripe import on_this_machine

_BASE, _STRIPE = "MALL_BASE_URL", "STRIPE_API_BASE"


def addresses(var: Path, env: Mapping[str, str]) -> dict[str, str]:
    """The addresses of the mall that `mall up` runs on this var folder, named as in the environment, which goes first;
    empty if none does. Its Stripe's only for an environment without a Stripe key.
    """
    try:
        with _file(var).open(encoding="utf-8") as left:
            found = json.load(left) if _held(left) else None
    except (OSError, ValueError):
        return {}
    return _sound(found, env) if isinstance(found, dict) else {}


@contextmanager
def told(var: Path, env: Mapping[str, str]) -> Iterator[None]:
    """Leave the addresses of this environment in the var folder while the mall is up."""
    var.mkdir(parents=True, exist_ok=True)
    draft = var / f"up.{os.getpid()}.json"
    with draft.open("w", encoding="utf-8") as mine:
        fcntl.flock(mine, fcntl.LOCK_EX)
        json.dump(_sound(env, env), mine)
        mine.flush()
        draft.replace(
            _file(var)
        )  # a file of its own: another `mall up` on this folder keeps its lock on the last
        try:
            yield
        finally:
            if _file(var).exists() and os.path.samestat(_file(var).stat(), os.fstat(mine.fileno())):
                _file(var).unlink()


def _sound(found: Mapping[str, Any], env: Mapping[str, str]) -> dict[str, str]:
    """What may be passed on: a Stripe on this machine alone, and none beside a key, which is for another."""
    base, stripe = found.get(_BASE), found.get(_STRIPE)
    kept = {_BASE: base} if isinstance(base, str) and base else {}
    if isinstance(stripe, str) and on_this_machine(stripe) and not env.get("STRIPE_API_KEY"):
        kept[_STRIPE] = stripe
    return kept


def _held(left: IO[str]) -> bool:
    try:
        fcntl.flock(left, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


def _file(var: Path) -> Path:
    return var / "up.json"

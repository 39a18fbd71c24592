"""Where `mall up` stands: it leaves its addresses in the var folder, so that commands beside it need no variables."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

#: What is left there, named as in the environment, which goes first.
NAMES = ("MALL_BASE_URL", "STRIPE_API_BASE")


def addresses(var: Path) -> dict[str, str]:
    """The addresses of the mall that `mall up` runs on this var folder; empty if none does."""
    try:
        found = json.loads(_file(var).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {name: found[name] for name in NAMES if isinstance(found.get(name), str)}


@contextmanager
def told(var: Path, env: Mapping[str, str]) -> Iterator[None]:
    """Leave the addresses of this environment in the var folder while the mall is up."""
    mine = json.dumps({name: env[name] for name in NAMES if env.get(name)})
    var.mkdir(parents=True, exist_ok=True)
    _file(var).write_text(mine, encoding="utf-8")
    try:
        yield
    finally:
        # Another `mall up` on the same folder may have left its own since.
        if _file(var).exists() and _file(var).read_text(encoding="utf-8") == mine:
            _file(var).unlink()


def _file(var: Path) -> Path:
    return var / "up.json"

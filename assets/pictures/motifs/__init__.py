"""What can be drawn: every public function of these modules is a motif."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

MOTIFS: dict[str, Callable[..., None]] = {}
for _file in sorted(Path(__file__).parent.glob("[a-z]*.py")):
    _module = import_module(f"{__name__}.{_file.stem}")
    for _name, _made in vars(_module).items():
        if (
            callable(_made)
            and not _name.startswith("_")
            and getattr(_made, "__module__", "") == _module.__name__
        ):
            assert _name not in MOTIFS, f"two motifs are called {_name}"
            MOTIFS[_name] = _made

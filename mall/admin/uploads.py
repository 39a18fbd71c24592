"""Files that wait for a second look: kept for an hour under a random name, for whoever sent them."""

import re
import time
from pathlib import Path

from flask import current_app

from mall.core import ids
from mall.web.access import me

#: How long a file is kept, in seconds.
KEPT_FOR = 3600
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}", re.ASCII)


def keep(data: bytes) -> str:
    """Put a file aside; returns the token that only its sender can take it back with. Old ones are thrown away."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _sweep(folder)
    token = ids.token()
    path = _path(token)
    path.touch(mode=0o600)
    path.write_bytes(data)
    return token


def take(token: str) -> bytes | None:
    """The file of that token, if this person sent it within the hour."""
    if not _TOKEN.fullmatch(token):
        return None
    path = _path(token)
    try:
        if path.stat().st_mtime < time.time() - KEPT_FOR:
            return None
        return path.read_bytes()
    except FileNotFoundError:
        return None


def drop(token: str) -> None:
    """Throw a file away."""
    if _TOKEN.fullmatch(token):
        _path(token).unlink(missing_ok=True)


def _folder() -> Path:
    var: Path = current_app.config["SETTINGS"].var_dir
    return var / "uploads"


def _path(token: str) -> Path:
    return _folder() / f"{me().id}-{token}"


def _sweep(folder: Path) -> None:
    for path in folder.iterdir():
        try:
            if path.stat().st_mtime < time.time() - KEPT_FOR:
                path.unlink(missing_ok=True)
        except FileNotFoundError:
            continue

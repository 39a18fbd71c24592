"""The daily seal of the ledger: made, and published as a file that can be kept where nobody of the mall can write."""

import json
from datetime import datetime, timedelta
from pathlib import Path

from mall.core import clock
from mall.core.db import transaction
from mall.domain.ledger import seal as seals


def publish(sealed: seals.Sealed, folder: Path) -> str:
    """Write a seal as <day>.json into the folder; the line that it holds."""
    line = json.dumps(
        {
            "day": sealed.day.isoformat(),
            "sealed_at": sealed.sealed_at.isoformat(),
            "members": sealed.size,
            "root": sealed.root.hex(),
        }
    )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{sealed.day}.json").write_text(line + "\n", encoding="utf-8")
    return line


def seal_yesterday(at: datetime, *, zone: str, folder: Path) -> int:
    """Seal the last day that is over in the programme's time zone, unless it or a later one has its seal: 1 or 0."""
    day = clock.local_day(at, zone) - timedelta(days=1)
    last = seals.latest()
    if last is not None and last.day >= day:
        return 0
    with transaction():
        sealed = seals.seal(day, at=at)
    publish(sealed, folder)
    return 1

"""Files of codes: a text with one code a line, or a table with the columns code, pin, expires. Pure.

Nothing here ever says a code: a refused row is named by its line.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from mall.core.errors import N_
from mall.core.tables import MAX_ROWS, UnreadableFile, decode, read_table
from mall.domain.items.rules import NEVER

MAX_CODE: Final = 200
MAX_PIN: Final = 60
#: Why a row is refused, in words; `%(first)s` is the line of the same code.
WHYS: Final = {
    "empty": N_("there is no code in it"),
    "long": N_("the code or the PIN is too long"),
    "unprintable": N_("the code or the PIN has signs that cannot be shown"),
    "date": N_("the expiry is no date such as 2027-12-31"),
    "expired": N_("it has expired"),
    "twice": N_("the same code is in line %(first)s"),
    "known": N_("the code is in the pool already"),
}


@dataclass(frozen=True, slots=True)
class NewCode:
    """A code as it came: the line it stands in, and the instant from which it is worth nothing."""

    line: int
    code: str
    pin: str = ""
    expires_at: datetime = NEVER

    def __repr__(self) -> str:
        return f"NewCode(line={self.line})"


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that is not kept: its line and the key of the reason in WHYS."""

    line: int
    why: str
    first: int = 0


@dataclass(frozen=True, slots=True)
class CodeFile:
    """What a file holds: codes that could be kept, and rows that cannot."""

    codes: tuple[NewCode, ...]
    refused: tuple[Refused, ...]


def read_codes(data: bytes, name: str, *, at: datetime, zone: str) -> CodeFile:
    """Codes of a file; `expires` is the last day on which a code is good, in the programme's `zone`.

    A table is known by its first row, which names the column "code". Raises UnreadableFile.
    """
    rows = _table(data, name)
    if rows is None:
        rows = [
            (n, line.strip(), "", "")
            for n, line in enumerate(decode(data, name).splitlines(), 1)
            if line.strip()
        ]
    if len(rows) > MAX_ROWS:
        raise UnreadableFile(name=name, why="it is too large.")
    codes, refused, seen = [], [], dict[str, int]()
    for line, code, pin, expires in rows:
        found = _read(line, code, pin, expires, at, zone)
        if isinstance(found, NewCode) and (first := seen.setdefault(code, line)) != line:
            found = Refused(line, "twice", first)
        if isinstance(found, NewCode):
            codes.append(found)
        else:
            refused.append(found)
    return CodeFile(tuple(codes), tuple(refused))


def _table(data: bytes, name: str) -> list[tuple[int, str, str, str]] | None:
    """Line, code, PIN and expiry of each row; None if this is no table."""
    if data[:4] != b"PK\x03\x04":
        lines = decode(data, name).splitlines()
        first = lines[0] if lines else ""
        cells = [
            cell.strip().strip('"').lower() for cell in first.replace(";", ",").replace("\t", ",").split(",")
        ]
        if "code" not in cells:
            return None
    header, rows = read_table(data, name)
    if "code" not in header:
        raise UnreadableFile(name=name, why="it has no column “code”.")
    return [(row.line, row.get("code"), row.get("pin"), row.get("expires")) for row in rows]


def _read(line: int, code: str, pin: str, expires: str, at: datetime, zone: str) -> NewCode | Refused:
    if not code:
        return Refused(line, "empty")
    if len(code) > MAX_CODE or len(pin) > MAX_PIN:
        return Refused(line, "long")
    if not (code.isprintable() and pin.isprintable()):
        return Refused(line, "unprintable")
    if not expires:
        return NewCode(line, code, pin)
    try:
        day = date.fromisoformat(expires[:10])
    except ValueError:
        return Refused(line, "date")
    if day >= NEVER.date() - timedelta(days=2):
        return NewCode(line, code, pin)
    ends = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone)).astimezone(UTC)
    return NewCode(line, code, pin, ends) if ends > at else Refused(line, "expired")

"""Purchases out of files: the merchant's CSV or XLSX, and the CDNOW text format. Pure: rows or reasons, nothing kept."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from mall.core.errors import BadValue
from mall.core.numbers import parse_money
from mall.core.tables import decode, read_table


@dataclass(frozen=True, slots=True)
class PurchaseRow:
    """A purchase as a file tells it; `member` is the merchant's own member id, `amount` in minor units."""

    line: int
    external_id: str
    member: str
    at: datetime
    amount: int


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that could not be read, and why, for the person who sent the file."""

    line: int
    why: str


def read_csv(data: bytes, name: str, *, currency: str, zone: str) -> Iterator[PurchaseRow | RefusedRow]:
    """Columns `external_id`, `member`, `at` (ISO 8601; without offset: the programme's zone), `amount`; `currency` may be left out.

    Raises UnreadableFile if the file is no table; a missing column refuses every row by name.
    """
    header, rows = read_table(data, name)
    missing = [column for column in ("external_id", "member", "at", "amount") if column not in header]
    if missing:
        yield RefusedRow(1, f"the column {', '.join(missing)} is missing")
        return
    for row in rows:
        try:
            yield _csv_row(row.line, row.cells, currency, zone)
        except ValueError as error:
            yield RefusedRow(row.line, str(error))


def _csv_row(line: int, cells: dict[str, str], currency: str, zone: str) -> PurchaseRow:
    external_id, member = cells.get("external_id", ""), cells.get("member", "")
    if not 0 < len(external_id) <= 120:
        raise ValueError("external_id must have 1 to 120 characters")
    if not 0 < len(member) <= 80:
        raise ValueError("member must have 1 to 80 characters")
    theirs = cells.get("currency") or currency
    if theirs != currency:
        raise ValueError(f"currency is {theirs}; this mall counts in {currency}")
    return PurchaseRow(
        line,
        external_id,
        member,
        _instant(cells.get("at", ""), zone),
        _amount(cells.get("amount", ""), currency),
    )


def _instant(text: str, zone: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"at is {text!r}; it must look like 2026-11-22T18:30:00+08:00") from None
    return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


def _amount(text: str, currency: str) -> int:
    try:
        return parse_money(text, currency)
    except BadValue:
        raise ValueError(f"amount is {text!r}; it must be a number such as 12.50, not negative") from None


def read_cdnow(data: bytes, name: str, *, currency: str, zone: str) -> Iterator[PurchaseRow | RefusedRow]:
    """The CDNOW text format: customer, [sample id,] day as YYYYMMDD, number of CDs, dollars; white space between.

    It has no purchase ids: a purchase is known by its member (first column), its day, and its ordinal among that
    member's rows of that day. Amounts count as the mall's own currency. A heading line is passed over.
    """
    seen: Counter[tuple[str, str]] = Counter()
    for line, text in enumerate(decode(data, name).splitlines(), start=1):
        cells = text.split()
        if not cells or (line == 1 and cells[0] == "customer_id"):
            continue
        if len(cells) not in (4, 5):
            yield RefusedRow(line, f"{len(cells)} columns; CDNOW has 4 (the sample file 5)")
            continue
        member, day, amount = cells[0], cells[-3], cells[-1]
        seen[member, day] += 1
        try:
            if not (member.isascii() and member.isdigit() and len(member) <= 20):
                raise ValueError(f"the customer is {member!r}; it must be a number")
            at = _cdnow_day(day, zone)
            yield PurchaseRow(
                line, f"{member}/{day}/{seen[member, day]}", member, at, _amount(amount, currency)
            )
        except ValueError as error:
            yield RefusedRow(line, str(error))


def _cdnow_day(text: str, zone: str) -> datetime:
    try:
        day = datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 - a calendar day, given its zone in the next line
    except ValueError:
        raise ValueError(f"the day is {text!r}; it must look like 19970131") from None
    return datetime.combine(day, time(12), ZoneInfo(zone)).astimezone(UTC)

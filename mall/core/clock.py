"""The only place that reads the clock. Edges call it; services are given `at`."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present instant, aware, UTC."""
    return datetime.now(UTC)


def local_day(at: datetime, zone: str) -> date:
    """The calendar day of an instant in a time zone, for limits and reports by day."""
    return at.astimezone(ZoneInfo(zone)).date()

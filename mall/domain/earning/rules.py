"""What a purchase is worth in points. Pure."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Rate:
    """`points` for every `per` minor units spent. Default: 1 point for 1.00 (programme.md)."""

    points: int = 1
    per: int = 100
    rule: int | None = None


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Why a purchase gave so many points; stored with it, so that a later rule never changes the answer."""

    amount: int
    points: int
    rate_points: int
    rate_per: int
    rule: int | None
    rounded_down: int

    def as_json(self) -> dict[str, int | None]:
        """For storing; `rounded_down` is the minor units that were left over."""
        # By hand, since dataclasses.asdict copies deeply and an import asks for every row.
        return {
            "amount": self.amount,
            "points": self.points,
            "rate_points": self.rate_points,
            "rate_per": self.rate_per,
            "rule": self.rule,
            "rounded_down": self.rounded_down,
        }


def points_for(amount: int, rate: Rate) -> Breakdown:
    """Whole points for `amount` (minor units, ≥ 0), rounded down once per purchase."""
    if amount < 0:
        raise ValueError("a purchase is not negative")
    given, left = divmod(amount * rate.points, rate.per)
    return Breakdown(
        amount, given, rate.points, rate.per, rate.rule, left // rate.points if rate.points else amount
    )


def expires_at(earned_at: datetime, months: int, zone: str) -> datetime | None:
    """The end of the month that lies `months` after the day of earning, in the programme's zone; None for 0 (never).

    Points earned on any day of a month expire together: at its last microsecond, so that the day people read is the
    last one on which the points can be used.
    """
    if months == 0:
        return None
    local = earned_at.astimezone(ZoneInfo(zone))
    year, month0 = divmod(local.year * 12 + local.month - 1 + months, 12)
    last = local.date().replace(year=year, month=month0 + 1, day=monthrange(year, month0 + 1)[1])
    after = datetime.combine(last + timedelta(days=1), time(), ZoneInfo(zone))
    return after.astimezone(UTC) - timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CashTerms:
    """How cash paid in the mall earns: whether at all, days until the points can be used, months that they live."""

    earns: bool
    wait_days: int
    life_months: int
    currency: str
    zone: str

    def dates(self, at: datetime) -> tuple[datetime | None, datetime | None]:
        """When points earned at `at` become usable (None: at once), and when they expire (None: never)."""
        usable = at + timedelta(days=self.wait_days) if self.wait_days else None
        return usable, expires_at(at, self.life_months, self.zone)

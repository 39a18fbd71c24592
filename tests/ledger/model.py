"""The ledger's rules once more, naively: every point is an object of its own. No code of the mall is used here."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass
class ModelLot:
    number: int
    origin: str
    earned_at: datetime
    activates_at: datetime | None
    expires_at: datetime | None
    grace_until: datetime | None = None

    def dead(self, at: datetime) -> bool:
        end = self.grace_until or self.expires_at
        return end is not None and end <= at

    def turn(self) -> tuple[datetime, datetime, int]:
        end = self.expires_at or NEVER
        return end, self.earned_at, self.number


@dataclass
class Point:
    lot: ModelLot
    state: str
    order: str = ""
    hold: int = 0
    used: int = 0


@dataclass
class ModelMember:
    points: list[Point] = field(default_factory=list)
    lots: list[ModelLot] = field(default_factory=list)
    debt: int = 0
    clock: int = 0
    taken_back: dict[str, int] = field(default_factory=dict)
    last_use: dict[tuple[str, int], int] = field(default_factory=dict)

    def at(self, then: datetime) -> "ModelMember":
        """How it would stand if it were settled at that instant; this one stays as it is."""
        copy = ModelMember([Point(p.lot, p.state) for p in self.points], self.lots, self.debt)
        copy.settle(then)
        return copy

    def count(self, state: str, lot: ModelLot | None = None) -> int:
        return sum(p.state == state and lot in (None, p.lot) for p in self.points)

    def settle(self, at: datetime) -> None:
        ripe = [p for p in self.points if p.state == "pending" and p.lot.activates_at <= at]
        self._make_available(sorted(ripe, key=lambda p: p.lot.turn()))
        self._bury(at)

    def _bury(self, at: datetime) -> None:
        for p in self.points:
            if p.state == "remaining" and p.lot.dead(at):
                p.state = "expired"

    def _make_available(self, points: list[Point]) -> list[Point]:
        """In this order; the first repay what is owed. Those that stay available."""
        stay = []
        for p in points:
            if self.debt:
                self.debt, p.state = self.debt - 1, "repaid"
            else:
                p.state = "remaining"
                stay.append(p)
        return stay

    def grant(
        self,
        n: int,
        origin: str,
        at: datetime,
        activates_at: datetime | None = None,
        expires_at: datetime | None = None,
        earned_at: datetime | None = None,
    ) -> None:
        lot = ModelLot(len(self.lots) + 1, origin, earned_at or at, activates_at, expires_at)
        self.lots.append(lot)
        new = [Point(lot, "pending") for _ in range(n)]
        self.points += new
        if activates_at is None or activates_at <= at:
            self._make_available(new)
        self._bury(at)

    def use(self, n: int, state: str, *, order: str = "", hold: int = 0) -> None:
        usable = sorted((p for p in self.points if p.state == "remaining"), key=lambda p: p.lot.turn())
        assert len(usable) >= n
        for p in usable[:n]:
            self.clock += 1
            p.state, p.order, p.hold, p.used = state, order, hold, self.clock
            if state == "spent":
                self.last_use[order, p.lot.number] = self.clock

    def held_by(self, hold: int) -> list[Point]:
        return sorted((p for p in self.points if p.state == "held" and p.hold == hold), key=lambda p: p.used)

    def capture(self, hold: int, n: int, order: str) -> None:
        for p in self.held_by(hold)[:n]:
            self.clock += 1
            p.state, p.order = "spent", order
            self.last_use[order, p.lot.number] = self.clock

    def release(self, hold: int, n: int, at: datetime, grace: timedelta) -> None:
        self._come_back(self.held_by(hold)[::-1][:n], at, grace)

    def spent_on(self, order: str) -> list[Point]:
        return [p for p in self.points if p.state == "spent" and p.order == order]

    def refund(self, order: str, n: int, at: datetime, grace: timedelta) -> None:
        back = sorted(self.spent_on(order), key=lambda p: -self.last_use[order, p.lot.number])
        self._come_back(back[:n], at, grace)

    def _come_back(self, points: list[Point], at: datetime, grace: timedelta) -> None:
        for p in self._make_available(points):
            if p.lot.expires_at is not None and p.lot.expires_at <= at and p.lot.grace_until is None:
                p.lot.grace_until = at + grace
        self._bury(at)

    def granted_by(self, origin: str) -> int:
        return sum(p.lot.origin == origin for p in self.points) - self.taken_back.get(origin, 0)

    def take_back(self, origin: str, n: int) -> None:
        self.taken_back[origin] = self.taken_back.get(origin, 0) + n
        by_turn = sorted(self.points, key=lambda p: p.lot.turn())
        own = [p for p in by_turn if p.lot.origin == origin]
        order = [p for state in ("pending", "remaining", "expired") for p in own if p.state == state]
        order += [p for p in by_turn if p.lot.origin != origin and p.state == "remaining"]
        for p in order[:n]:
            p.state = "reversed"
        self.debt += max(0, n - len(order))

    def take_away(self, n: int) -> None:
        self.use(n, "reversed")

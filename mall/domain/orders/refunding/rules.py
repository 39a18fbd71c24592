"""What a refund gives back: shares of lines that add up to the whole, whatever the parts and their order. Pure."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from mall.domain.ledger.rules import GRACE, LotBack, Ref

#: What can stand on a shelf again after it was sent: a code that was given, a course that was held, cannot.
RESTOCKABLE = ("goods",)


def share(total: int, units: int, before: int, now: int) -> int:
    """What `now` units more are worth of a line's `total` for `units`, when `before` of them went back already.

    Differences of floor(total × cumulative share): any sequence of parts adds up to exactly the total.
    """
    if not (before >= 0 and now >= 0 and units > 0 and before + now <= units):
        raise ValueError(f"no share of {units} units for {before} and {now} more")
    return total * (before + now) // units - total * before // units


@dataclass(frozen=True, slots=True)
class LineFacts:
    """An order line as a refund sees it; `points` and `cash` (minor units) are of the whole line.

    `codes`: how many it has been given and still has; None if its units are no codes.
    """

    id: int
    variant_id: int
    offer_id: int
    kind: str
    quantity: int
    sent: int
    cancelled: int
    returned: int
    points: int
    cash: int
    codes: int | None = None

    @property
    def unsent(self) -> int:
        """Units that can still be cancelled."""
        return self.quantity - self.sent - self.cancelled

    @property
    def out(self) -> int:
        """Units that were sent and have not come back."""
        return self.sent - self.returned

    @property
    def gone(self) -> int:
        """Units refunded so far."""
        return self.cancelled + self.returned


@dataclass(frozen=True, slots=True)
class Units:
    """Units asked for of a line: `unsent` ones are cancelled, `returned` ones came back after they were sent."""

    line: int
    unsent: int = 0
    returned: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """Units of a line in a refund and what they give back; `restocked` of them go to the shelf."""

    line: LineFacts
    unsent: int
    returned: int
    restocked: int
    points: int
    cash: int

    @property
    def quantity(self) -> int:
        """Units, whether they had been sent or not."""
        return self.unsent + self.returned


def parts(lines: Sequence[LineFacts], asked: Sequence[Units], *, restock: bool) -> tuple[Part, ...] | None:
    """The parts of a refund in the order of its lines; None if that much is not there to be refunded.

    Units that never left go back to the shelf; of those that were sent, only goods, and only if `restock`.
    """
    known = {line.id: line for line in lines}
    wanted = {units.line: units for units in asked}
    if not wanted or len(wanted) != len(asked) or wanted.keys() - known.keys():
        return None
    found = []
    for line in lines:
        units = wanted.get(line.id)
        if units is None:
            continue
        if not (0 <= units.unsent <= line.unsent and 0 <= units.returned <= line.out):
            return None
        n = units.unsent + units.returned
        if n == 0:
            return None
        found.append(
            Part(
                line,
                units.unsent,
                units.returned,
                units.unsent + (units.returned if restock and line.kind in RESTOCKABLE else 0),
                share(line.points, line.quantity, line.gone, n),
                share(line.cash, line.quantity, line.gone, n),
            )
        )
    return tuple(found)


def delivery_back(lines: Sequence[LineFacts], found: Sequence[Part], *, fee: int, given: int) -> int:
    """The delivery fee, if with these parts the whole order is given back before any goods were shipped; else 0."""
    back = {part.line.id: part.quantity for part in found}
    whole = all(line.gone + back.get(line.id, 0) == line.quantity for line in lines)
    shipped = any(line.sent for line in lines if line.kind == "goods")
    return fee - given if whole and not shipped else 0


def clawback(earned: int, base: int, *, before: int, now: int) -> int:
    """Earned points to take back when `now` minor units more of the `base` that earned them are given back.

    What the bank takes back may include the delivery fee, or what was refunded before: it counts up to the base.
    """
    before = min(base, before)
    now = min(base, before + now) - before
    return share(earned, base, before, now) if now else 0


def within(found: Sequence[Part], delivery: int, at_most: int) -> tuple[tuple[Part, ...], int]:
    """The same parts and delivery fee with no more cash than `at_most`: lines first, in their order, then the fee."""
    left, kept = at_most, []
    for part in found:
        kept.append(replace(part, cash=min(part.cash, left)))
        left -= kept[-1].cash
    return tuple(kept), min(delivery, left)


@dataclass(frozen=True, slots=True)
class Lot:
    """Points that come back to a lot, and until when they are valid; `grace` if its time was over.

    When and by what they had been earned, since two lots may end on the same day.
    """

    points: int
    expires_at: datetime | None
    grace: bool
    earned_at: datetime
    origin: Ref


def lots(found: Sequence[LotBack], at: datetime, grace: timedelta = GRACE) -> tuple[Lot, ...]:
    """The ledger's lots, knowing which live on grace that starts now."""
    return tuple(
        Lot(one.points, one.dies_at, one.dies_at == at + grace, one.earned_at, one.origin) for one in found
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """All that a refund will do, before it is confirmed. Cash in minor units of `currency`; `delivery` is in `cash`.

    `repaid` of the points go into debt and `expired` are too late. `earned_back` points that the cash had earned are
    taken: from those still pending, from available ones, from expired ones; `debt` is what the member will owe.
    `taken_by_bank` would have gone back too, had the bank not taken it already in a dispute that was lost.
    """

    parts: tuple[Part, ...]
    points: int
    lots: tuple[Lot, ...]
    repaid: int
    expired: int
    cash: int
    delivery: int
    currency: str
    payment_id: int | None
    earned_back: int
    from_pending: int
    from_available: int
    from_expired: int
    debt: int
    whole: bool
    taken_by_bank: int = 0

    @property
    def restocked(self) -> int:
        """Units that go back to the shelf."""
        return sum(part.restocked for part in self.parts)

    @property
    def goods(self) -> int:
        """Cash of the lines, without the delivery fee."""
        return self.cash - self.delivery

    @property
    def hash(self) -> str:
        """What a confirm form carries, so that what is done is what was shown.

        Grace that would start now counts as such, not with its instant, which moves on while a person reads.
        """
        said: dict[str, Any] = asdict(self)
        said["lots"] = [
            [lot.points, "grace" if lot.grace else lot.expires_at and lot.expires_at.isoformat()]
            for lot in self.lots
        ]
        text = json.dumps(said, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

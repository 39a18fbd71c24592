"""The ledger's rules: plain values in, plain values out. No database, no clock."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from mall.core.actor import Actor
from mall.core.errors import BadValue
from mall.core.ids import MemberId
from mall.core.numbers import MAX_AMOUNT

Kind = Literal[
    "earn", "activate", "hold", "capture", "release", "redeem", "refund", "expire", "reverse", "adjust"
]
Bucket = Literal["pending", "remaining", "held", "spent", "repaid", "expired", "reversed"]
KINDS: tuple[Kind, ...] = (
    "earn",
    "activate",
    "hold",
    "capture",
    "release",
    "redeem",
    "refund",
    "expire",
    "reverse",
    "adjust",
)
BUCKETS: tuple[Bucket, ...] = ("pending", "remaining", "held", "spent", "repaid", "expired", "reversed")

#: What the first entry of a chain names as the hash before it.
GENESIS = bytes(32)
#: Later than every expiry.
NEVER = datetime.max.replace(tzinfo=UTC)
#: Life of points that come back to a lot whose time is over; once for each lot.
GRACE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Ref:
    """What an entry is about: kind ("order", "purchase", "adjustment", "import", …) and its id there."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class Key:
    """An idempotency key, unique in its scope (a member, an API key, a source)."""

    scope: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Why an entry is written: what it is about, what it takes back, by whom, when, and under which key."""

    ref: Ref
    actor: Actor
    at: datetime
    of: Ref | None = None
    hold: int | None = None
    key: Key | None = None
    request: bytes | None = None
    note: str | None = None
    details: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Earning:
    """One row of `earn_many`; the fields mean what the arguments of `earn` mean."""

    member: MemberId
    points: int
    ref: Ref
    key: Key
    earned_at: datetime | None = None
    activates_at: datetime | None = None
    expires_at: datetime | None = None
    note: str | None = None
    details: Mapping[str, Any] | None = None


@dataclass(slots=True, kw_only=True)
class LotState:
    """A lot as it stands: number, dates, and the points in each bucket."""

    number: int
    earned_at: datetime
    activates_at: datetime | None = None
    expires_at: datetime | None = None
    grace_until: datetime | None = None
    seq: int = 0
    grace_seq: int | None = None
    granted: int = 0
    pending: int = 0
    remaining: int = 0
    held: int = 0
    spent: int = 0
    repaid: int = 0
    expired: int = 0
    reversed: int = 0

    @property
    def dies_at(self) -> datetime | None:
        """When what remains expires: the end of grace if there was one, else the expiry; None is never."""
        return self.grace_until or self.expires_at

    @property
    def due_at(self) -> datetime | None:
        """When time alone changes this lot next; None if it does not."""
        if self.pending:
            return self.activates_at
        return self.dies_at if self.remaining else None


@dataclass(frozen=True, slots=True)
class Move:
    """`n` points of a lot from one bucket to another; `src` None grants them."""

    lot: int
    src: Bucket | None
    dst: Bucket
    n: int


@dataclass(frozen=True, slots=True)
class Changes:
    """Signed changes of the four balances."""

    available: int = 0
    held: int = 0
    pending: int = 0
    debt: int = 0


@dataclass(slots=True)
class Plan:
    """What an entry will do: moves in order, and the debt that nothing could cover."""

    moves: list[Move] = field(default_factory=list)
    debt: int = 0


@dataclass(frozen=True, slots=True)
class Posted:
    """An entry that was written: its place in the member's journal, and what it did.

    `points` is what was asked for; `balance` what is available after it; `lots` the (points, expiry) of each lot
    that it moved, in order of use, expiry None for never; `repaid` the part of a credit that went into debt; `hold` the hold
    that it placed or resolved; `again` that it stood already, under the same key.
    """

    member: MemberId
    seq: int
    points: int
    balance: int
    lots: tuple[tuple[int, datetime | None], ...]
    repaid: int = 0
    hold: int | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class LotBack:
    """Points that come back to a lot and live on until `dies_at` (None: always); when and by what it was earned."""

    points: int
    dies_at: datetime | None
    earned_at: datetime
    origin: Ref


def check_points(points: object) -> int:
    """The points of a request: an int (no bool, float or text) within [1, 10**12]. Raises BadValue."""
    if type(points) is not int or not 1 <= points <= MAX_AMOUNT:
        raise BadValue(
            value=points if type(points) is int and abs(points) < 2**64 else str(type(points).__name__)
        )
    return points


def order_of_use(lot: LotState) -> tuple[datetime, datetime, int]:
    """Sort key: earliest expiry first, never-expiring last; then the earlier earned; then the lot's number."""
    return lot.expires_at or NEVER, lot.earned_at, lot.number


def take(lots: Iterable[LotState], src: Bucket, dst: Bucket, points: int) -> list[Move]:
    """Move up to `points` from `src` to `dst`, lots in the order given; fewer if the lots have fewer."""
    moves = []
    for lot in lots:
        if points == 0:
            break
        if n := min(points, getattr(lot, src)):
            moves.append(Move(lot.number, src, dst, n))
            points -= n
    return moves


def credit(moves: Iterable[Move], debt: int) -> list[Move]:
    """The same moves with what would arrive in `remaining` repaying `debt` first (bucket `repaid`)."""
    done = []
    for move in moves:
        repays = min(debt, move.n) if move.dst == "remaining" else 0
        debt -= repays
        if repays:
            done.append(Move(move.lot, move.src, "repaid", repays))
        if move.n > repays:
            done.append(Move(move.lot, move.src, move.dst, move.n - repays))
    return done


def give_back(uses: Sequence[tuple[int, int]], points: int) -> list[tuple[int, int]]:
    """Split `points` over (lot, points still to be had back), given in order of use: the last used comes first."""
    parts = []
    for lot, left in reversed(uses):
        if points == 0:
            break
        if n := min(points, left):
            parts.append((lot, n))
            points -= n
    return parts


def reversal(origin: Sequence[LotState], others: Sequence[LotState], points: int) -> Plan:
    """Take back earned points: the origin's pending, remaining and expired; others' remaining; then debt.

    Held points stay held. `others` come in order of use.
    """
    plan = Plan(debt=points)
    buckets: tuple[Bucket, ...] = ("pending", "remaining", "expired")
    for lots, src in [*((origin, bucket) for bucket in buckets), (others, "remaining")]:
        taken = take(lots, src, "reversed", plan.debt)
        plan.moves += taken
        plan.debt -= sum(move.n for move in taken)
    return plan


def changes(moves: Iterable[Move], debt: int = 0) -> Changes:
    """What moves, and `debt` more of debt, do to the balances: net moves per bucket; repaying lowers debt."""
    net = {"remaining": 0, "held": 0, "pending": 0}
    for move in moves:
        if move.src in net:
            net[move.src] -= move.n
        if move.dst in net:
            net[move.dst] += move.n
        if move.dst == "repaid":
            debt -= move.n
    return Changes(net["remaining"], net["held"], net["pending"], debt)


def earliest(*instants: datetime | None) -> datetime | None:
    """The first of the instants that are given."""
    return min((instant for instant in instants if instant is not None), default=None)

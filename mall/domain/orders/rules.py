"""Pure rules of orders: the four state tables, a basket's problems. Plain values in, plain values out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

#: How long the prices of a quote hold.
QUOTE_LIFE: Final = timedelta(minutes=10)
#: Most of one variant in a basket line, and most lines in a basket.
MAX_QUANTITY: Final = 99
MAX_LINES: Final = 50

#: How long points and stock wait for the cash, as the member is told.
RESERVATION: Final = timedelta(minutes=15)
#: With less time left than this, nobody is sent to pay any more.
LAST_CALL: Final = timedelta(seconds=20)
#: States in which cash may still be asked for, and those in which it may still come.
PAYABLE: Final = ("reserved", "unknown", "awaiting_payment")
WAITING: Final = (*PAYABLE, "expiring")
#: States of a refund whose cash is still on its way, as people should see it; and those that wait for Stripe or for staff.
ON_ITS_WAY: Final = ("requested", "sent")
UNSETTLED: Final = (*ON_ITS_WAY, "failed")
#: Who ended an order that was not paid.
CLOSING: Final = ("time", "member", "staff")

Table = Mapping[str, frozenset[str]]


def _table(**moves: str) -> Table:
    return MappingProxyType({state: frozenset(after.split()) for state, after in moves.items()})


#: What may follow what; a state with nothing after it is final. Words such as "refunding" or "disputed" on an order
#: are derived from these four and are no states.
TRANSITIONS: Final[Mapping[str, Table]] = MappingProxyType(
    {
        "order": _table(
            reserved="paid awaiting_payment unknown expiring",
            unknown="awaiting_payment paid expiring",
            awaiting_payment="paid expiring",
            expiring="paid expired cancelled",
            paid="completed cancelled",
            completed="",
            expired="",
            cancelled="",
        ),
        "line": _table(
            open="shipped fulfilled cancelled",
            shipped="received returned",
            fulfilled="received returned",
            received="returned",
            cancelled="",
            returned="",
        ),
        "refund": _table(
            requested="sent",
            sent="succeeded failed",
            failed="sent settled_by_hand",
            succeeded="failed",
            settled_by_hand="",
        ),
        "dispute": _table(open="won lost", won="", lost=""),
    }
)


class IllegalMove(ValueError):
    """A programming error: code asked for a change of state that the table does not have."""


def states(machine: str) -> tuple[str, ...]:
    """All states of a machine, in the table's order (for CHECK constraints)."""
    return tuple(TRANSITIONS[machine])


def move(machine: str, before: str, after: str) -> str:
    """`after`, if the table allows it to follow `before`; raises IllegalMove otherwise."""
    if after not in TRANSITIONS[machine].get(before, frozenset()):
        raise IllegalMove(f"{machine}: {before} → {after}")
    return after


def before(machine: str, after: str) -> tuple[str, ...]:
    """The states from which `after` may be reached: the guard of the UPDATE that goes there."""
    found = tuple(state for state, following in TRANSITIONS[machine].items() if after in following)
    if not found:
        raise IllegalMove(f"{machine}: nothing leads to {after}")
    return found


def mermaid(machine: str) -> str:
    """The machine as a Mermaid state diagram; docs/orders.md holds it and a test compares."""
    table = TRANSITIONS[machine]
    first = next(iter(table))
    rows = ["stateDiagram-v2", f"    [*] --> {first}"]
    for state, following in table.items():
        rows += [f"    {state} --> {after}" for after in table if after in following]
        if not following:
            rows.append(f"    {state} --> [*]")
    return "\n".join(rows)


def is_payable(state: str, expires_at: datetime | None, at: datetime) -> bool:
    """Whether a member may be sent to pay an order in that state, whose reservation ends at `expires_at`."""
    return state in PAYABLE and expires_at is not None and expires_at - at >= LAST_CALL


def capped(quantity: int, *, limit_per_order: int | None) -> int:
    """The most of one variant that a basket line may hold, given what is asked for."""
    return min(quantity, MAX_QUANTITY, limit_per_order or MAX_QUANTITY)


#: Points and minor units of one unit.
Each = tuple[int, int]
NOTHING: Final[Each] = (0, 0)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a basket line needs a look. `kind`: gone, sold_out, left, limit (these block), or ended (the way to pay that
    was chosen), fell, rose (these inform).

    `n` is how many are left or allowed; `was` the price of one before.
    """

    kind: str
    n: int = 0
    was: Each = NOTHING

    @property
    def blocks(self) -> bool:
        """Whether the basket cannot be ordered as it is."""
        return self.kind not in ("ended", "fell", "rose")


def problem(
    *,
    price: Each | None,
    seen: Each,
    available: int | None,
    limit_per_order: int | None,
    quantity: int,
    ended: bool = False,
) -> Problem | None:
    """The one thing to say about a basket line, the gravest first; None if all is well.

    `price` is what one unit costs now, None if it cannot be had at all, `seen` what it cost when last looked at;
    `available` None = unlimited; `ended`: the way to pay that was chosen is not there any more.
    """
    if price is None:
        return Problem("gone")
    if available is not None and available <= 0:
        return Problem("sold_out")
    if available is not None and available < quantity:
        return Problem("left", available)
    if limit_per_order is not None and quantity > limit_per_order:
        return Problem("limit", limit_per_order)
    if ended:
        return Problem("ended", was=seen)
    if price != seen:
        fell = price[0] <= seen[0] and price[1] <= seen[1]
        return Problem("fell" if fell else "rose", was=seen)
    return None


def diagrams() -> str:
    """All machines as Markdown with Mermaid diagrams: the generated part of docs/orders.md."""
    return "\n".join(
        f"### {machine.capitalize()}\n\n```mermaid\n{mermaid(machine)}\n```\n" for machine in TRANSITIONS
    )

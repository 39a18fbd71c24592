"""An order as its pages show it: plain values, and what follows from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mall.core.ids import MemberId, OrderId
from mall.domain.orders import rules, words
from mall.domain.orders.handed import Handed


@dataclass(frozen=True, slots=True)
class LineView:
    """A line of an order, in the words of the day it was placed; `points`, `cash` (minor units) of the whole line."""

    id: int
    slug: str
    sku: str
    name: str
    options: str
    picture: str | None
    kind: str
    state: str
    quantity: int
    sent: int
    cancelled: int
    points_each: int
    cash_each: int
    points: int
    cash: int
    returned: int
    handed: Handed

    @property
    def left(self) -> int:
        """Units that were neither sent nor cancelled."""
        return self.quantity - self.sent - self.cancelled


@dataclass(frozen=True, slots=True)
class EventView:
    """An entry of the timeline; `data` is what was said then."""

    kind: str
    at: datetime
    actor_kind: str
    actor_id: int | None
    data: Mapping[str, Any]
    note: str | None


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order as its page shows it; `delivery` is the method's name in the reader's language,
    `delivery_hint` what it says of when and where.

    Cash in minor units. While cash is due: `expires_at` is the end of the reservation, `attempt` the state of the last
    attempt to be paid, `closing` who ended it. `cash_failed` is the part of `cash_back` that could not be sent and waits
    for staff, `notes_failed` the credit notes that had said it was given back.
    """

    id: OrderId
    number: str
    member_id: MemberId
    state: str
    points: int
    points_back: int
    cash: int
    placed_at: datetime
    address: Mapping[str, str] | None
    terms_version: str
    delivery_kind: str
    delivery: str
    lines: Sequence[LineView]
    events: Sequence[EventView]
    cash_back: int
    currency: str
    delivery_fee: int
    expires_at: datetime | None
    closing: str | None
    paid_at: datetime | None
    attempt: str | None
    money: words.Money
    delivery_hint: str
    cash_failed: int
    notes_failed: tuple[str, ...]

    @property
    def cash_given(self) -> int:
        """Cash that has arrived, is on its way, or was given back in another way."""
        return self.cash_back - self.cash_failed

    @property
    def tags(self) -> tuple[str, ...]:
        """The keys of the words for how it stands (words.WORDS)."""
        return words.tags(
            self.state,
            units=sum(line.quantity for line in self.lines),
            sent=self.sent,
            shipped=sum(line.sent for line in self.lines if line.kind == "goods"),
            cancelled=sum(line.cancelled for line in self.lines),
            money=self.money,
        )

    @property
    def waits(self) -> bool:
        """Whether cash may still come."""
        return self.state in rules.WAITING

    def payable(self, at: datetime) -> bool:
        """Whether the member can still be sent to pay."""
        return rules.is_payable(self.state, self.expires_at, at)

    @property
    def let_go(self) -> EventView | None:
        """How an order ended that was never paid: the event that says which points came back."""
        ends = [event for event in self.events if event.data.get("unpaid")]
        return ends[-1] if ends else None

    @property
    def sent(self) -> int:
        """Units sent or fulfilled."""
        return sum(line.sent for line in self.lines)

    @property
    def documents(self) -> list[tuple[str, str]]:
        """Receipts and credit notes: kind and number, the first first."""
        issued = (event for event in self.events if event.kind in ("receipt", "credit_note"))
        return [(event.kind, event.data["number"]) for event in issued]

    @property
    def receipt_follows(self) -> bool:
        """Whether cash was paid and its receipt is still to be made, which the worker does."""
        paid = self.cash > 0 and self.paid_at is not None
        return paid and all(kind != "receipt" for kind, _ in self.documents)

    @property
    def cancellable(self) -> bool:
        """Whether the member can still cancel it: paid, and nothing sent."""
        return self.state == "paid" and not self.sent

    @property
    def rest(self) -> list[tuple[int, int]]:
        """What can still be cancelled of an order that was sent in part: order line and units."""
        waits = self.state == "paid" and self.sent
        return [(line.id, line.left) for line in self.lines if line.left] if waits else []

"""Rows of cash as plain values."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mall.domain.payments import rules


@dataclass(frozen=True, slots=True)
class PaymentView:
    """One attempt as it is kept. Amounts in minor units; see `models.Payment` for what each means."""

    id: int
    order_id: int
    attempt: int
    reference: str
    state: str
    amount: int
    currency: str
    livemode: bool
    key: str
    request: str
    expires_at: datetime
    created_at: datetime
    calls: int
    called_at: datetime | None
    session_id: str | None
    url: str | None
    payment_intent: str | None
    charge: str | None
    mirrored_at: datetime | None
    paid_at: datetime | None
    captured: int
    refunding: int
    refunded: int
    error: str
    problem: str

    @property
    def number(self) -> str:
        """The order's number, as Stripe has it."""
        return self.reference.rpartition("-")[0]

    @property
    def expected(self) -> rules.Expected:
        """What a session must say to be this attempt's."""
        return rules.Expected(
            reference=self.reference,
            number=self.number,
            amount=self.amount,
            currency=self.currency,
            livemode=self.livemode,
            session_id=self.session_id,
        )


@dataclass(frozen=True, slots=True)
class EventView:
    """A stored webhook; `payload` is its body as received."""

    id: str
    kind: str
    object_id: str
    created: datetime
    livemode: bool
    payload: str
    received_at: datetime
    state: str
    handled_at: datetime | None
    error: str

    @property
    def body(self) -> dict[str, Any]:
        """The payload, read."""
        found: dict[str, Any] = json.loads(self.payload)
        return found


@dataclass(frozen=True, slots=True)
class DisputeView:
    """A dispute as it is kept; `status` is Stripe's word, `state` open, won or lost."""

    id: int
    stripe_id: str
    payment_id: int
    order_id: int
    state: str
    status: str
    amount: int
    currency: str
    reason: str
    opened_at: datetime
    due_by: datetime | None
    closed_at: datetime | None

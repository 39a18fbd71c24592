"""Stripe's objects as plain values, read from the JSON that Stripe sends. Pure; only the fields that the mall uses.

Money is in the mall's minor units, currencies in upper case. Reading raises KeyError, TypeError or ValueError for
what is not such an object. Source: https://docs.stripe.com/api.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from mall.domain.payments import rules
from mall.domain.payments.amounts import from_stripe

Json = Mapping[str, Any]
#: Of an id or a word of Stripe's; our columns have room for so much.
LONGEST = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """A card charged. Amounts in minor units."""

    id: str
    captured: int
    refunded: int
    disputed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """A PaymentIntent: `received` is what has come in of `amount`."""

    id: str
    status: str
    amount: int
    received: int
    charge: Charge | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A Checkout Session. `intent` is None until somebody tries to pay, or where only its id was sent."""

    id: str
    status: str
    payment_status: str
    amount: int
    currency: str
    livemode: bool
    mode: str
    reference: str
    metadata: Mapping[str, str] = field(default_factory=dict)
    url: str | None = None
    created: datetime
    expires_at: datetime
    intent_id: str | None = None
    intent: Intent | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CashRefund:
    """A refund: `status` is pending, requires_action, succeeded, failed or canceled."""

    id: str
    status: str
    amount: int
    currency: str
    reference: str
    payment_intent: str
    charge: str | None = None
    failure: str = ""
    created: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StripeDispute:
    """A dispute. `state` is ours: open, won or lost; `status` is Stripe's word."""

    id: str
    state: str
    status: str
    amount: int
    currency: str
    reason: str
    livemode: bool
    payment_intent: str | None
    charge: str | None
    created: datetime
    due_by: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A webhook. `payload` is its body as received; `data` the object it carries, as it was when it happened.

    `reference` is the payment's (of a session) or the refund's own; `payment_intent` joins refunds and disputes.
    """

    id: str
    kind: str
    created: datetime
    livemode: bool
    object_id: str
    object_kind: str
    payload: str
    data: Json = field(repr=False)
    reference: str = ""
    payment_intent: str | None = None


def session(data: Json) -> Session:
    """Read a Checkout Session; `payment_intent` may be expanded."""
    currency = str(data["currency"]).upper()
    raw = data.get("payment_intent")
    inner = intent(raw, currency) if isinstance(raw, Mapping) else None
    return Session(
        id=_text(data["id"]),
        status=_text(data["status"]),
        payment_status=_text(data["payment_status"]),
        amount=from_stripe(_whole(data["amount_total"]), currency),
        currency=currency,
        livemode=_flag(data["livemode"]),
        mode=_text(data["mode"]),
        reference=_maybe(data.get("client_reference_id")),
        metadata=dict(data.get("metadata") or {}),
        url=data.get("url"),
        created=_instant(data["created"]),
        expires_at=_instant(data["expires_at"]),
        intent_id=inner.id if inner else raw,
        intent=inner,
    )


def intent(data: Json, currency: str) -> Intent:
    """Read a PaymentIntent; `latest_charge` may be expanded."""
    raw = data.get("latest_charge")
    return Intent(
        id=_text(data["id"]),
        status=_text(data["status"]),
        amount=from_stripe(_whole(data["amount"]), currency),
        received=from_stripe(_whole(data["amount_received"]), currency),
        charge=_charge(raw, currency) if isinstance(raw, Mapping) else None,
    )


def _charge(data: Json, currency: str) -> Charge:
    return Charge(
        id=_text(data["id"]),
        captured=from_stripe(_whole(data["amount_captured"]), currency),
        refunded=from_stripe(_whole(data["amount_refunded"]), currency),
        disputed=bool(data.get("disputed")),
    )


def refund(data: Json) -> CashRefund:
    """Read a Refund."""
    currency = str(data["currency"]).upper()
    return CashRefund(
        id=_text(data["id"]),
        status=_text(data["status"]),
        amount=from_stripe(_whole(data["amount"]), currency),
        currency=currency,
        reference=_maybe((data.get("metadata") or {}).get(rules.REFUND)),
        payment_intent=_id(data["payment_intent"]) or "",
        charge=_id(data.get("charge")),
        failure=data.get("failure_reason") or "",
        created=_instant(data["created"]),
    )


def dispute(data: Json) -> StripeDispute:
    """Read a Dispute."""
    currency = str(data["currency"]).upper()
    due = (data.get("evidence_details") or {}).get("due_by")
    return StripeDispute(
        id=_text(data["id"]),
        state=rules.dispute_state(_text(data["status"])),
        status=data["status"],
        amount=from_stripe(_whole(data["amount"]), currency),
        currency=currency,
        reason=data.get("reason") or "",
        livemode=_flag(data["livemode"]),
        payment_intent=_id(data.get("payment_intent")),
        charge=_id(data.get("charge")),
        created=_instant(data["created"]),
        due_by=_instant(due) if due else None,
    )


def event(data: Json, payload: str) -> Event:
    """Read an event. Its object may be of any kind, also one without an id (then `object_id` is "")."""
    inner: Json = data["data"]["object"]
    if data["object"] != "event":
        raise ValueError("not an event")
    metadata = inner.get("metadata") or {}
    # Another use of the account may have anything under these names, and its events are events all the same.
    names = (inner.get("client_reference_id"), metadata.get(rules.REFUND), metadata.get(rules.ATTEMPT))
    return Event(
        id=_text(data["id"]),
        kind=_text(data["type"]),
        created=_instant(data["created"]),
        livemode=_flag(data["livemode"]),
        object_id=_maybe(inner.get("id")),
        object_kind=_maybe(inner.get("object")),
        payload=payload,
        data=inner,
        reference=next((str(name) for name in names if _is_text(name)), ""),
        payment_intent=_id(inner.get("payment_intent")),
    )


def _id(value: Any) -> str | None:
    """The id of what may be an id or the object itself."""
    if isinstance(value, Mapping):
        return _text(value["id"])
    return None if value is None else _text(value)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST and value.isprintable()


def _text(value: Any) -> str:
    if not _is_text(value):
        raise TypeError("a text is missing")
    return str(value)


def _maybe(value: Any) -> str:
    return "" if value is None else _text(value)


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError("a whole number is missing")
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError("true or false is missing")
    return value


def _instant(value: Any) -> datetime:
    try:
        return datetime.fromtimestamp(_whole(value), UTC)
    except (OverflowError, OSError) as error:
        raise ValueError("an instant beyond all calendars") from error

"""Pure rules of cash: what is asked of Stripe, which answers count, and in which direction the mirror moves."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from mall.domain.payments.amounts import to_stripe

if TYPE_CHECKING:
    from mall.domain.payments.objects import Session

#: From the least to the most that is known of an attempt. It only ever moves to the right.
#: `ASKING`: its session is not known yet; `WAITING`: cash may still come; `OVER`: it has ended.
ASKING: Final = ("new", "unknown")
WAITING: Final = (*ASKING, "open")
OVER: Final = ("closed", "paid")
STATES: Final = (*WAITING, *OVER)
EVENT_STATES: Final = ("stored", "applied", "quarantined", "ignored")
DISPUTE_STATES: Final = ("open", "won", "lost")

#: How long a session may be paid at Stripe: a backstop, a minute above Stripe's own minimum. The worker ends it earlier.
SESSION_LIFE: Final = timedelta(minutes=31)
#: An attempt that nobody has brought to an end for so long is taken up again.
STALE: Final = timedelta(seconds=30)
#: Stripe forgets an idempotency key after this: from then on look up, never repeat.
KEY_LIFE: Final = timedelta(hours=24)

#: Names in the metadata at Stripe.
ORDER, ATTEMPT, REFUND = "order", "attempt", "refund"
MAX_NAME: Final = 250

#: The events that the mall acts upon, for the webhook endpoint's settings; all others are kept and ignored.
EVENTS: Final = frozenset(
    {
        "checkout.session.completed",
        "checkout.session.expired",
        "checkout.session.async_payment_succeeded",
        "checkout.session.async_payment_failed",
        "refund.created",
        "refund.updated",
        "refund.failed",
        "charge.dispute.created",
        "charge.dispute.updated",
        "charge.dispute.closed",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.funds_reinstated",
    }
)

#: What the nightly comparison finds and nobody has told; kept among the events, whose kinds never begin so.
DIFFERENCE: Final = "compare."

_LOCALES = {"en": "en", "zh": "zh", "zh-Hans": "zh", "zh-Hant": "zh-TW", "zh-Hant-HK": "zh-HK"}
_LOST = frozenset({"lost"})
_WON = frozenset({"won", "warning_closed", "prevented"})


def stripe_locale(tag: str) -> str:
    """Stripe's name for one of the mall's languages ("zh-Hant" → "zh-TW", "zh-Hant-HK" → "zh-HK"); else "auto"."""
    return _LOCALES.get(tag) or _LOCALES.get(tag.split("-")[0], "auto")


@dataclass(frozen=True, slots=True)
class PayLine:
    """What the member reads on the pay page: a name in their language, the line's whole cash, how many units."""

    name: str
    cash: int
    quantity: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRequest:
    """What is to be paid: the order's number, lines (delivery is one of them), where to come back to.

    Lines without cash are not shown. `locale` is the mall's tag; `email` is left out if it is not one for sure.
    """

    number: str
    currency: str
    lines: tuple[PayLine, ...]
    locale: str
    email: str | None
    success_url: str
    cancel_url: str

    @property
    def amount(self) -> int:
        """Cash due, in minor units."""
        return sum(line.cash for line in self.lines)


def reference(number: str, attempt: int) -> str:
    """The name of an attempt, at Stripe (client_reference_id) and here."""
    return f"{number}-{attempt}"


def session_body(request: SessionRequest, *, attempt: int, expires_at: datetime) -> dict[str, Any]:
    """The body that makes the Checkout Session. Raises ValueError if there is nothing to pay, or a line is below 0.

    Source: https://docs.stripe.com/api/checkout/sessions/create.
    """
    if request.amount <= 0 or any(line.cash < 0 or line.quantity < 1 for line in request.lines):
        raise ValueError("there is nothing to pay")
    metadata = {ORDER: request.number, ATTEMPT: reference(request.number, attempt)}
    body: dict[str, Any] = {
        "mode": "payment",
        "allowed_payment_method_types": ["card"],
        "adaptive_pricing": {"enabled": False},
        "line_items": [_line(line, request.currency) for line in request.lines if line.cash],
        "client_reference_id": reference(request.number, attempt),
        "metadata": metadata,
        "payment_intent_data": {"metadata": metadata, "description": request.number},
        "locale": stripe_locale(request.locale),
        "expires_at": int(expires_at.timestamp()),
        "automatic_tax": {"enabled": False},
        "success_url": request.success_url,
        "cancel_url": request.cancel_url,
    }
    if request.email and _is_plain(request.email):
        body["customer_email"] = request.email
    return body


def as_text(body: Mapping[str, Any]) -> str:
    """A body as it is kept and sent again: the same text, the same request."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def _line(line: PayLine, currency: str) -> dict[str, Any]:
    """A line of the pay page. Units are shown only if each costs the same; else the name says how many there are."""
    each, rest = divmod(line.cash, line.quantity)
    name, quantity = line.name, line.quantity
    try:
        amount = to_stripe(line.cash if rest else each, currency)
    except ValueError:
        amount, rest = to_stripe(line.cash, currency), 1
    if rest:
        name, quantity = f"{_shortened(name, MAX_NAME - 5)} × {quantity}", 1
    return {
        "quantity": quantity,
        "price_data": {
            "currency": currency.lower(),
            "unit_amount": amount,
            "product_data": {"name": _shortened(name, MAX_NAME)},
        },
    }


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _is_plain(email: str) -> bool:
    """Whether Stripe surely takes it: an address that it refuses would keep the member from paying at all."""
    name, _, host = email.partition("@")
    return email.isascii() and bool(name) and "." in host.strip(".") and not set(email) & set(' <>(),;:\\"[]')


def refund_body(
    *, payment_intent: str, amount: int, currency: str, reference: str, number: str
) -> dict[str, Any]:
    """The body that gives cash back. `reference` is the refund's own name, to find it by.

    Source: https://docs.stripe.com/api/refunds/create.
    """
    return {
        "payment_intent": payment_intent,
        "amount": to_stripe(amount, currency),
        "reason": "requested_by_customer",
        "metadata": {ORDER: number, REFUND: reference},
    }


def dispute_state(status: str) -> str:
    """Ours for Stripe's status: an inquiry that closed without a dispute took no money, so it counts as won."""
    return "lost" if status in _LOST else "won" if status in _WON else "open"


def later(before: str, after: str) -> str:
    """The one of two states of an attempt in which more is known: the mirror never moves back."""
    return max(before, after, key=STATES.index)


def state_of(session: "Session") -> str:
    """What a session says of its attempt: paid, closed (nobody can pay it any more), or open."""
    if session.status == "complete" and session.payment_status == "paid":
        return "paid"
    return "closed" if session.status == "expired" else "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a session must say to be this attempt's."""

    reference: str
    number: str
    amount: int
    currency: str
    livemode: bool
    session_id: str | None = None


def problems(expected: Expected, session: "Session") -> tuple[str, ...]:
    """In what a session differs from the attempt that it claims to be; empty if it may be believed.

    Of a paid one also what came in must be the amount, if it is known.
    """
    found = [
        f"{name} is {told!r}, not {wanted!r}"
        for name, told, wanted in (
            ("session", session.id, expected.session_id or session.id),
            ("reference", session.reference, expected.reference),
            ("order", session.metadata.get(ORDER), expected.number),
            ("attempt", session.metadata.get(ATTEMPT), expected.reference),
            ("mode", session.mode, "payment"),
            ("livemode", session.livemode, expected.livemode),
            ("amount", session.amount, expected.amount),
            ("currency", session.currency, expected.currency),
        )
        if told != wanted
    ]
    if state_of(session) == "paid" and session.intent is not None:
        if session.intent.received != expected.amount:
            found.append(f"received is {session.intent.received}, not {expected.amount}")
        if session.intent.status != "succeeded":
            found.append(f"payment intent is {session.intent.status!r}, not 'succeeded'")
    return tuple(found)

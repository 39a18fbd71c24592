"""Attempts to be paid, for tests. `an_order` and `begin` run in transactions of their own."""

from datetime import UTC, datetime, timedelta

from mall.core.db import transaction
from mall.core.ids import MemberId
from mall.domain.payments import rules, service
from mall.domain.payments.objects import Charge, Intent, Session
from mall.domain.payments.views import PaymentView
from tests.support.items_factory import make_item
from tests.support.orders_factory import give_points, place_order

SITE = "https://mall.example.org"


def pay_request(number: str, *lines: rules.PayLine, **changes: object) -> rules.SessionRequest:
    """What is asked of Stripe for an order: 30.00 if nothing else is said."""
    fields: dict[str, object] = {
        "number": number,
        "currency": "CNY",
        "lines": lines or (rules.PayLine("Cup", 3000),),
        "locale": "en",
        "email": "mei@example.com",
        "success_url": f"{SITE}/orders/{number}/return",
        "cancel_url": f"{SITE}/orders/{number}",
    }
    return rules.SessionRequest(**{**fields, **changes})  # type: ignore[arg-type]


def an_order(member: MemberId, at: datetime) -> tuple[int, str]:
    """An order's id and number."""
    with transaction():
        give_points(member, 300, at=at)
        variant = make_item(f"Cup {member}", points=300, stock=9).variant_id
    placed = place_order(member, (variant, 1), at=at)
    return placed.id, placed.number


def begin(order: tuple[int, str], at: datetime, *lines: rules.PayLine, **changes: object) -> PaymentView:
    """An attempt for an order, written down and not sent yet."""
    with transaction():
        return service.begin(order[0], pay_request(order[1], *lines, **changes), livemode=False, at=at)


def session_of(payment: PaymentView, status: str = "open", **changes: object) -> Session:
    """A session that is this attempt's: "open", "paid" or "expired", but for the `changes`."""
    paid = status == "paid"
    charge = Charge(id=f"ch_{payment.reference}", captured=payment.amount, refunded=0)
    intent = Intent(
        id=f"pi_{payment.reference}",
        status="succeeded",
        amount=payment.amount,
        received=payment.amount,
        charge=charge,
    )
    made = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
    fields: dict[str, object] = {
        "id": f"cs_test_{payment.reference}",
        "status": "complete" if paid else status,
        "payment_status": "paid" if paid else "unpaid",
        "amount": payment.amount,
        "currency": payment.currency,
        "livemode": payment.livemode,
        "mode": "payment",
        "reference": payment.reference,
        "metadata": {rules.ORDER: payment.number, rules.ATTEMPT: payment.reference},
        "url": None if paid else "https://pay.example.org/1",
        "created": made,
        "expires_at": made + timedelta(minutes=31),
        "intent_id": intent.id if paid else None,
        "intent": intent if paid else None,
    }
    return Session(**{**fields, **changes})  # type: ignore[arg-type]

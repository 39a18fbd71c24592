"""PaymentIntents and charges: what a customer's attempt to pay does.

Sources: https://docs.stripe.com/api/payment_intents, https://docs.stripe.com/api/charges and
https://docs.stripe.com/payments/paymentintents/lifecycle.
"""

from dataclasses import dataclass
from typing import Any

from devstripe import cards, disputes, lists, shapes
from devstripe import parameters as p
from devstripe.cards import Card
from devstripe.errors import missing
from devstripe.events import emit
from devstripe.store import Thing
from devstripe.world import World

RETRIEVE = p.Record(lists.EXPAND)
LIST_INTENTS = p.Record({**lists.PAGE, **lists.CREATED})
LIST_CHARGES = p.Record({**lists.PAGE, **lists.CREATED, "payment_intent": p.Text()})


@dataclass(frozen=True)
class Outcome:
    """How an attempt ended: "succeeded", "declined", "requires_action", or "closed" (the session takes no money)."""

    word: str
    message: str = ""


def pay(world: World, session: Thing, card: Card, *, email: str | None = None, late: bool = False) -> Outcome:
    """Pay an open session with a card. `late` pays an expired one, which Stripe says cannot happen."""
    if session["status"] == "complete" or (session["status"] != "open" and not late):
        return Outcome("closed")
    intent = _intent(world, session)
    method = world.new_id("pm_1")
    if card.code is not None:
        return _fail(world, intent, card, method, email)
    intent |= {"payment_method": method, "_card": card.number, "_email": email}
    if card.asks:
        intent["status"] = "requires_action"
        intent["next_action"] = {
            "redirect_to_url": {"return_url": None, "url": f"{world.public_url}/pay/{session['id']}/3ds"},
            "type": "redirect_to_url",
        }
        world.store.put(intent)
        emit(world, "payment_intent.requires_action", intent)
        return Outcome("requires_action")
    _succeed(world, session, intent, card)
    return Outcome("succeeded")


def authenticate(world: World, session: Thing, *, passed: bool) -> Outcome:
    """The customer's answer to 3-D Secure."""
    intent = world.store.get("payment_intent", session["payment_intent"] or "")
    if intent is None or intent["status"] != "requires_action":  # paid, or expired: then it is canceled
        return Outcome("closed")
    intent["next_action"] = None
    if passed:
        _succeed(world, session, intent, cards.read(intent["_card"]))
        return Outcome("succeeded")
    message = "We are unable to authenticate your payment method. Please choose a different payment method and try again."
    error = {
        "code": "payment_intent_authentication_failure",
        "doc_url": "https://stripe.com/docs/error-codes/payment-intent-authentication-failure",
        "message": message,
        "type": "card_error",
    }
    intent |= {"status": "requires_payment_method", "payment_method": None, "last_payment_error": error}
    world.store.put(intent)
    emit(world, "payment_intent.payment_failed", intent)
    return Outcome("declined", message)


def _intent(world: World, session: Thing) -> Thing:
    if session["payment_intent"]:
        kept = world.store.get("payment_intent", session["payment_intent"])
        assert kept is not None
        return kept
    intent = shapes.intent(session) | {"id": world.new_id("pi_3"), "created": world.now()}
    intent["client_secret"] = world.new_id(intent["id"] + "_secret_")
    session["payment_intent"] = intent["id"]
    world.store.put(intent)
    world.store.put(session)
    emit(world, "payment_intent.created", intent)
    return intent


def _charge(world: World, intent: Thing, card: Card, method: str, email: str | None) -> Thing:
    return shapes.charge(intent, email) | {
        "id": world.new_id("ch_3"),
        "created": world.now(),
        "payment_method": method,
        "payment_method_details": {"card": _card(card, intent["amount"]), "type": "card"},
    }


def _card(card: Card, amount: int) -> Thing:
    three_d_secure = {"authentication_flow": "challenge", "result": "authenticated", "version": "2.2.0"}
    return {
        "amount_authorized": amount,
        "brand": "visa",
        "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
        "country": "US",
        "exp_month": 12,
        "exp_year": 2034,
        "fingerprint": card.number[::-1],
        "funding": "credit",
        "installments": None,
        "last4": card.last4,
        "mandate": None,
        "network": "visa",
        "three_d_secure": three_d_secure if card.asks else None,
        "wallet": None,
    }


def _fail(world: World, intent: Thing, card: Card, method: str, email: str | None) -> Outcome:
    charge = _charge(world, intent, card, method, email)
    charge |= {
        "failure_code": card.code,
        "failure_message": card.message,
        "outcome": {
            "network_status": "declined_by_network",
            "reason": card.decline_code or card.code,
            "risk_level": "normal",
            "seller_message": "The bank did not return any further details with this decline.",
            "type": "issuer_declined",
        },
    }
    error = {
        "charge": charge["id"],
        "code": card.code,
        "doc_url": "https://stripe.com/docs/error-codes/" + (card.code or "").replace("_", "-"),
        "message": card.message,
        "type": "card_error",
    }
    if card.decline_code:
        error["decline_code"] = card.decline_code
    intent |= {
        "status": "requires_payment_method",
        "latest_charge": charge["id"],
        "last_payment_error": error,
        "payment_method": None,
    }
    world.store.put(charge)
    world.store.put(intent)
    emit(world, "charge.failed", charge)
    emit(world, "payment_intent.payment_failed", intent)
    return Outcome("declined", card.message)


def _succeed(world: World, session: Thing, intent: Thing, card: Card) -> None:
    email = intent.get("_email") or session["customer_email"]
    charge = _charge(world, intent, card, intent["payment_method"], email)
    charge |= {
        "amount_captured": intent["amount"],
        "balance_transaction": world.new_id("txn_3"),
        "captured": True,
        "outcome": {
            "network_status": "approved_by_network",
            "reason": None,
            "risk_level": "normal",
            "seller_message": "Payment complete.",
            "type": "authorized",
        },
        "paid": True,
        "status": "succeeded",
        "_refunds": card.refunds,
    }
    intent |= {
        "status": "succeeded",
        "amount_received": intent["amount"],
        "latest_charge": charge["id"],
        "last_payment_error": None,
    }
    session |= {
        "status": "complete",
        "payment_status": "paid",
        "url": None,
        "customer_details": shapes.customer(email, "US"),
        "_due": None,
    }
    for thing in (charge, intent, session):
        world.store.put(thing)
    emit(world, "charge.succeeded", charge)
    emit(world, "payment_intent.succeeded", intent)
    emit(world, "checkout.session.completed", session)
    if card.disputed:
        disputes.open(world, charge, card.disputed)


def find_intent(world: World, id: str) -> Thing:
    """A PaymentIntent by its id; raises Refusal (404)."""
    intent = world.store.get("payment_intent", id)
    if intent is None:
        raise missing("payment_intent", id, "intent")
    return intent


def find_charge(world: World, id: str) -> Thing:
    """A charge by its id; raises Refusal (404)."""
    charge = world.store.get("charge", id)
    if charge is None:
        raise missing("charge", id, "id")
    return charge


def search_intents(world: World, params: dict[str, Any]) -> Thing:
    """PaymentIntents, newest first."""
    return lists.page(world, "/v1/payment_intents", world.store.newest("payment_intent"), params)


def search_charges(world: World, params: dict[str, Any]) -> Thing:
    """Charges (of one payment), newest first; a declined attempt is one too."""
    return lists.page(
        world, "/v1/charges", world.store.newest("charge", params.get("payment_intent")), params
    )

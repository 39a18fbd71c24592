"""Checkout Sessions in payment mode on Stripe's own page.

Source: https://docs.stripe.com/api/checkout/sessions and its create, list, expire and line_items pages.
"""

from typing import Any

from devstripe import lists, shapes
from devstripe import parameters as p
from devstripe.errors import Refusal, missing
from devstripe.events import emit
from devstripe.money import SMALLEST, Currency, written
from devstripe.store import Thing
from devstripe.world import World

_HALF_HOUR, _DAY = 30 * 60, 24 * 60 * 60
_LOCALES = (
    "auto", "bg", "cs", "da", "de", "el", "en", "en-GB", "es", "es-419", "et", "fi", "fil", "fr", "fr-CA", "hr", "hu",
    "id", "it", "ja", "ko", "lt", "lv", "ms", "mt", "nb", "nl", "pl", "pt", "pt-BR", "ro", "ru", "sk", "sl", "sv", "th",
    "tr", "vi", "zh", "zh-HK", "zh-TW",
)  # fmt: skip

_PRODUCT = p.Record(
    {
        "name": p.Text(required=True, longest=250),
        "description": p.Text(longest=500),
        "images": p.Rows(p.Address(), most=8),
        "metadata": p.Metadata(),
    },
    required=True,
)
_PRICE = p.Record(
    {"currency": Currency(required=True), "unit_amount": p.Whole(required=True), "product_data": _PRODUCT},
    required=True,
)
_LINE = p.Record({"price_data": _PRICE, "quantity": p.Whole(required=True, least=1, most=999_999)})
CREATE = p.Record(
    {
        **lists.EXPAND,
        "mode": p.Choice(("payment",), required=True),
        "line_items": p.Rows(_LINE, required=True),
        "success_url": p.Address(required=True),
        "cancel_url": p.Address(),
        "client_reference_id": p.Text(longest=200),
        "customer_email": p.Email(),
        "metadata": p.Metadata(),
        "payment_intent_data": p.Record({"metadata": p.Metadata(), "description": p.Text(longest=1000)}),
        "allowed_payment_method_types": p.Rows(p.Choice(("card",))),
        "adaptive_pricing": p.Record({"enabled": p.Flag(required=True)}),
        "locale": p.Choice(_LOCALES),
        "expires_at": p.Whole(most=99_999_999_999),
        "automatic_tax": p.Record({"enabled": p.Flag(required=True)}),
        "submit_type": p.Choice(("auto", "book", "donate", "pay")),
        "ui_mode": p.Choice(("hosted_page",)),
        "billing_address_collection": p.Choice(("auto", "required")),
    }
)
LIST = p.Record(
    {
        **lists.PAGE,
        **lists.CREATED,
        "payment_intent": p.Text(),
        "status": p.Choice(("complete", "expired", "open")),
    }
)
RETRIEVE = p.Record(lists.EXPAND)
LINES = p.Record(lists.PAGE)


def check(world: World, params: dict[str, Any]) -> None:
    """What no single parameter shows: the expiry against the clock, one currency, tax."""
    expires_at, now = params.get("expires_at"), world.now()
    if expires_at is not None and expires_at < now + _HALF_HOUR:
        message = "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation."
        raise Refusal(message, param="expires_at")
    if expires_at is not None and expires_at > now + _DAY:
        message = "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation."
        raise Refusal(message, param="expires_at")
    if not params["line_items"]:
        raise p.absent("line_items")
    if len({line["price_data"]["currency"] for line in params["line_items"]}) > 1:
        message = "All prices on a Checkout Session must have the same currency."
        raise Refusal(message, param="line_items")
    if params.get("automatic_tax", {}).get("enabled"):
        raise Refusal("Automatic tax is not part of this stand-in.", param="automatic_tax[enabled]")


def create(world: World, params: dict[str, Any]) -> Thing:
    """Open a session; nothing is paid yet, and there is no PaymentIntent until somebody tries to pay."""
    currency = params["line_items"][0]["price_data"]["currency"]
    lines = [_line(world, line) for line in params["line_items"]]
    total = sum(line["amount_total"] for line in lines)
    if total < SMALLEST[currency]:
        smallest = written(SMALLEST[currency], currency)
        message = f"The Checkout Session's total amount due must add up to at least {smallest} {currency}"
        raise Refusal(message, code="amount_too_small")
    if total > 99_999_999:
        message = (
            f"The Checkout Session's total amount due must be no more than {written(99_999_999, currency)}."
        )
        raise Refusal(message, code="amount_too_large")
    id, now = world.new_id("cs_test_a1"), world.now()
    expires_at = params.get("expires_at", now + _DAY)
    session = shapes.session(params) | {
        "id": id,
        "amount_subtotal": total,
        "amount_total": total,
        "created": now,
        "currency": currency,
        "expires_at": expires_at,
        "success_url": params["success_url"],
        "url": f"{world.public_url}/pay/{id}",
        "_line_items": lines,
        "_payment_intent_data": params.get("payment_intent_data", {}),
        "_due": expires_at,
    }
    world.store.put(session)
    return session


def _line(world: World, line: dict[str, Any]) -> Thing:
    price, quantity = line["price_data"], line["quantity"]
    product = price["product_data"]
    amount = price["unit_amount"] * quantity
    return {
        "id": world.new_id("li_1"),
        "object": "item",
        "adjustable_quantity": None,
        "amount_discount": 0,
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "currency": price["currency"],
        "description": product["name"],
        "metadata": {},
        "price": _price(world, price),
        "quantity": quantity,
        "_images": product.get("images", []),
    }


def _price(world: World, price: dict[str, Any]) -> Thing:
    return {
        "id": world.new_id("price_1"),
        "object": "price",
        "active": False,
        "billing_scheme": "per_unit",
        "created": world.now(),
        "currency": price["currency"],
        "custom_unit_amount": None,
        "livemode": False,
        "lookup_key": None,
        "metadata": {},
        "nickname": None,
        "product": world.new_id("prod_"),
        "recurring": None,
        "tax_behavior": "unspecified",
        "tiers_mode": None,
        "transform_quantity": None,
        "type": "one_time",
        "unit_amount": price["unit_amount"],
        "unit_amount_decimal": str(price["unit_amount"]),
    }


def find(world: World, id: str) -> Thing:
    """A session by its id; raises Refusal (404)."""
    session = world.store.get("checkout.session", id)
    if session is None:
        raise missing("checkout.session", id, "session")
    return session


def search(world: World, params: dict[str, Any]) -> Thing:
    """Sessions, newest first."""
    found = world.store.newest("checkout.session", params.get("payment_intent"))
    if "status" in params:
        found = [session for session in found if session["status"] == params["status"]]
    return lists.page(world, "/v1/checkout/sessions", found, params)


def lines(world: World, params: dict[str, Any], id: str) -> Thing:
    """The lines of a session, in the order in which they were given."""
    url = f"/v1/checkout/sessions/{id}/line_items"
    return lists.page(world, url, find(world, id)["_line_items"], params)


def expire(world: World, id: str) -> Thing:
    """Close an open session for good; raises Refusal for any other."""
    session = find(world, id)
    if session["status"] != "open":
        message = (
            'Only Checkout Sessions with a status in ["open"] can be expired. '
            f"This Checkout Session has a status of `{session['status']}`."
        )
        raise Refusal(message)
    return end(world, session)


def end(world: World, session: Thing) -> Thing:
    """An open session becomes expired, and its PaymentIntent (if somebody tried to pay) can no longer succeed."""
    session |= {"status": "expired", "url": None, "_due": None}
    world.store.put(session)
    if session["payment_intent"]:
        intent = world.store.get("payment_intent", session["payment_intent"])
        if intent and intent["status"] != "succeeded":
            intent |= {"status": "canceled", "canceled_at": world.now(), "cancellation_reason": "expired"}
            intent["next_action"] = None
            world.store.put(intent)
            emit(world, "payment_intent.canceled", intent)
    emit(world, "checkout.session.expired", session)
    return session

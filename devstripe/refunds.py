"""Refunds: money back to the card, whole or in part.

Sources: https://docs.stripe.com/api/refunds and https://docs.stripe.com/refunds. A card refund usually says
"succeeded" at once; it may begin as "pending", and one that succeeded may fail up to 30 days later.
"""

from typing import Any

from devstripe import disputes, lists, payments, shapes
from devstripe import parameters as p
from devstripe.errors import Refusal, missing
from devstripe.events import emit
from devstripe.money import written
from devstripe.store import Thing
from devstripe.world import World

CREATE = p.Record(
    {
        **lists.EXPAND,
        "payment_intent": p.Text(),
        "charge": p.Text(),
        "amount": p.Whole(least=1),
        "metadata": p.Metadata(),
        "reason": p.Choice(("duplicate", "fraudulent", "requested_by_customer")),
    }
)
RETRIEVE = p.Record(lists.EXPAND)
LIST = p.Record({**lists.PAGE, **lists.CREATED, "payment_intent": p.Text(), "charge": p.Text()})
#: After so many seconds of its clock, what a test card's refund does later happens by itself.
_LATER = 60


def check(world: World, params: dict[str, Any]) -> None:
    """Exactly one of payment_intent and charge says what to refund."""
    if "payment_intent" not in params and "charge" not in params:
        message = "One of the following params should be provided for this request: payment_intent or charge."
        raise Refusal(message)


def create(world: World, params: dict[str, Any]) -> Thing:
    """Give (part of) a payment back; raises Refusal beyond what is left of it."""
    charge = _charge(world, params)
    left = charge["amount"] - charge["amount_refunded"]
    if disputes.stands(world, charge):
        message = f"Charge {charge['id']} has been charged back; cannot issue a refund."
        raise Refusal(message, code="charge_disputed")
    if left == 0:
        raise Refusal(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    amount = params.get("amount", left)
    if amount > left:
        asked, rest = written(amount, charge["currency"]), written(left, charge["currency"])
        message = f"Refund amount ({asked}) is greater than unrefunded amount on charge ({rest})"
        raise Refusal(message, param="amount")
    refund = shapes.refund(charge, params) | {
        "id": world.new_id("re_3"),
        "amount": amount,
        "balance_transaction": world.new_id("txn_3"),
        "created": world.now(),
    }
    starts = world.store.setting("refunds") or charge["_refunds"]
    if starts == "pending":
        refund |= {"status": "pending", "pending_reason": "processing"}
    if starts != "succeeded" and starts == charge["_refunds"]:
        refund["_due"] = world.now() + _LATER
    refund["_will_fail"] = starts == "failing"
    _give(world, charge, amount)
    world.store.put(refund)
    emit(world, "refund.created", refund)
    emit(world, "charge.refunded", charge)
    return refund


def _charge(world: World, params: dict[str, Any]) -> Thing:
    if "charge" in params:
        charge = payments.find_charge(world, params["charge"])
        if params.get("payment_intent", charge["payment_intent"]) != charge["payment_intent"]:
            raise Refusal("The charge does not belong to the PaymentIntent.", param="payment_intent")
    else:
        intent = payments.find_intent(world, params["payment_intent"])
        if intent["status"] != "succeeded":
            message = f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund."
            raise Refusal(message, param="payment_intent")
        charge = payments.find_charge(world, intent["latest_charge"])
    if not charge["paid"]:
        raise Refusal(f"Charge {charge['id']} has not been paid; it cannot be refunded.", param="charge")
    return charge


def _give(world: World, charge: Thing, amount: int) -> None:
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    world.store.put(charge)


def settle(world: World, refund: Thing, *, failure: str | None = None) -> Thing:
    """A pending refund succeeds, or (`failure` is Stripe's failure_reason) a pending or succeeded one fails."""
    if refund["status"] not in (("pending", "succeeded") if failure else ("pending",)):
        raise Refusal(f"Refund {refund['id']} is {refund['status']} already.")
    before = {"status": refund["status"]}
    refund |= {"status": "failed" if failure else "succeeded", "_due": None}
    refund.pop("pending_reason", None)
    if failure:
        before |= {"failure_reason": None}
        refund |= {"failure_reason": failure, "failure_balance_transaction": world.new_id("txn_3")}
        _give(world, payments.find_charge(world, refund["charge"]), -refund["amount"])
    world.store.put(refund)
    emit(world, "refund.updated", refund, before)
    if failure:
        emit(world, "refund.failed", refund, before)
    return refund


def find(world: World, id: str) -> Thing:
    """A refund by its id; raises Refusal (404)."""
    refund = world.store.get("refund", id)
    if refund is None:
        raise missing("refund", id, "refund")
    return refund


def search(world: World, params: dict[str, Any]) -> Thing:
    """Refunds, newest first."""
    found = world.store.newest("refund", params.get("payment_intent"))
    if "charge" in params:
        found = [refund for refund in found if refund["charge"] == params["charge"]]
    return lists.page(world, "/v1/refunds", found, params)

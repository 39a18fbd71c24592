"""Disputes: a card holder's bank takes the money back until it is decided. Source: https://docs.stripe.com/api/disputes."""

from typing import Any

from devstripe import lists
from devstripe import parameters as p
from devstripe.errors import Refusal, missing
from devstripe.events import emit
from devstripe.store import Thing
from devstripe.world import World

RETRIEVE = CLOSE = p.Record(lists.EXPAND)
LIST = p.Record({**lists.PAGE, **lists.CREATED, "payment_intent": p.Text(), "charge": p.Text()})
_ENDED = ("won", "lost")
_WEEK = 7 * 24 * 60 * 60


def open(world: World, charge: Thing, reason: str = "fraudulent") -> Thing:
    """A dispute over a charge's whole amount; raises Refusal if there is one, or nothing was paid."""
    if charge["disputed"] or not charge["paid"]:
        raise Refusal(f"Charge {charge['id']} cannot be disputed.", code="charge_disputed")
    now = world.now()
    dispute: Thing = {
        "id": world.new_id("du_1"),
        "object": "dispute",
        "amount": charge["amount"],
        "balance_transactions": [],
        "charge": charge["id"],
        "created": now,
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {"enhanced_evidence": {}},
        "evidence_details": {
            "due_by": now + _WEEK,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": "not_submitted",
        },
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "network_reason_code": "10.4" if reason == "fraudulent" else "13.1",
        "payment_intent": charge["payment_intent"],
        "payment_method_details": {
            "card": {
                "brand": "visa",
                "case_type": "chargeback",
                "network": "visa",
                "network_reason_code": "10.4",
            },
            "type": "card",
        },
        "reason": reason,
        "status": "needs_response",
    }
    charge["disputed"] = True
    world.store.put(charge)
    world.store.put(dispute)
    emit(world, "charge.dispute.created", dispute)
    return dispute


def close(world: World, id: str, *, won: bool = False) -> Thing:
    """Decide a dispute. Over the API this is giving in: the money is lost."""
    dispute = find(world, id)
    if dispute["status"] in _ENDED:
        raise Refusal(f"This dispute is already closed: its status is {dispute['status']}.")
    before = {"status": dispute["status"]}
    dispute |= {"status": "won" if won else "lost", "is_charge_refundable": won}
    world.store.put(dispute)
    emit(world, "charge.dispute.closed", dispute, before)
    return dispute


def stands(world: World, charge: Thing) -> bool:
    """Whether the bank has, or keeps, the money of this charge."""
    found = world.store.newest("dispute", charge["payment_intent"])
    return any(dispute["charge"] == charge["id"] and dispute["status"] != "won" for dispute in found)


def find(world: World, id: str) -> Thing:
    """A dispute by its id; raises Refusal (404)."""
    dispute = world.store.get("dispute", id)
    if dispute is None:
        raise missing("dispute", id, "dispute")
    return dispute


def search(world: World, params: dict[str, Any]) -> Thing:
    """Disputes, newest first."""
    found = world.store.newest("dispute", params.get("payment_intent"))
    if "charge" in params:
        found = [dispute for dispute in found if dispute["charge"] == params["charge"]]
    return lists.page(world, "/v1/disputes", found, params)

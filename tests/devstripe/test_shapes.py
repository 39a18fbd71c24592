"""Objects and parameters against the types of the installed SDK: nothing invented, nothing required left out."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import stripe

from devstripe import disputes, payments, refunds, sessions
from devstripe import parameters as p
from devstripe.endpoints import LIST_EVENTS
from devstripe.testing import Running
from tests.devstripe.shop import order

SDK = Path(stripe.__file__).parent


def class_of(path: str, name: str) -> ast.ClassDef:
    """A class of the SDK's source by its name."""
    for node in ast.walk(ast.parse((SDK / path).read_text())):
        if isinstance(node, ast.ClassDef) and node.name == name:
            return node
    raise LookupError(name)


def fields(node: ast.ClassDef) -> dict[str, str]:
    """Its annotated fields and their types as written."""
    return {
        item.target.id: ast.unparse(item.annotation)
        for item in node.body
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name) and item.target.id.islower()
    }


def wrong(thing: Any, node: ast.ClassDef, where: str) -> Iterator[str]:
    """What an object has that the SDK does not know, and what it lacks that the SDK takes for granted."""
    inner = {item.name: item for item in node.body if isinstance(item, ast.ClassDef)}
    known = fields(node)
    for name in thing:
        if name not in known:
            yield f"{where}.{name} is unknown"
    for name, type in known.items():
        if name not in thing and not type.startswith("Optional["):
            yield f"{where}.{name} is missing"
        value = thing.get(name)
        kind = re.sub(r"^Optional\[(.*)\]$", r"\1", type)
        if kind in inner and isinstance(value, dict):
            yield from wrong(value, inner[kind], f"{where}.{name}")
        if kind == "int" and name in thing and value is not None and type == "int":
            assert isinstance(value, int), f"{where}.{name}"


OBJECTS = {
    "checkout.session": ("checkout/_session.py", "Session"),
    "payment_intent": ("_payment_intent.py", "PaymentIntent"),
    "charge": ("_charge.py", "Charge"),
    "refund": ("_refund.py", "Refund"),
    "dispute": ("_dispute.py", "Dispute"),
    "event": ("_event.py", "Event"),
    "item": ("_line_item.py", "LineItem"),
    "price": ("_price.py", "Price"),
}


def everything(mock: Running) -> list[Any]:
    """One of each kind of object, in each of its states that differ in shape."""
    client = mock.client()
    opened = client.v1.checkout.sessions.create(order(customer_email="mei@example.com"))
    asked = client.v1.checkout.sessions.create(order())
    mock.control.pay(asked.id, "4000002500003155")
    declined = client.v1.checkout.sessions.create(order())
    mock.control.decline(declined.id)
    paid = client.v1.checkout.sessions.create(order())
    mock.control.pay(paid.id, "4000000000007726")
    intent = str(client.v1.checkout.sessions.retrieve(paid.id).payment_intent)
    pending = client.v1.refunds.create(
        {"payment_intent": intent, "amount": 100, "reason": "requested_by_customer"}
    )
    failed = client.v1.refunds.create({"payment_intent": intent, "amount": 100})
    mock.control.fail_refund(failed.id)
    mock.control.dispute(intent)
    expired = client.v1.checkout.sessions.expire(opened.id)
    lines = client.v1.checkout.sessions.line_items.list(paid.id).data
    return [
        opened,
        expired,
        *client.v1.checkout.sessions.list(),
        *client.v1.payment_intents.list(),
        *client.v1.charges.list(),
        pending,
        *client.v1.refunds.list(),
        *client.v1.disputes.list(),
        *client.v1.events.list({"limit": 100}),
        *lines,
        *(line.price for line in lines),
    ]


def test_every_object_has_the_fields_of_the_sdks_type_and_no_others(mock: Running) -> None:
    seen = set()
    for thing in everything(mock):
        told = thing.to_dict()
        seen.add(told["object"])
        path, name = OBJECTS[told["object"]]
        assert list(wrong(told, class_of(path, name), told["object"])) == []
    assert seen == set(OBJECTS)


def test_every_event_is_of_a_type_that_stripe_has(mock: Running) -> None:
    everything(mock)
    known = fields(class_of("_event.py", "Event"))["type"]
    types = {event["type"] for event in mock.control.events()}
    assert len(types) > 10
    assert [type for type in types if f"'{type}'" not in known] == []


TAKEN = {
    "sessions.create": (sessions.CREATE, "checkout/_session_create_params.py", "SessionCreateParams"),
    "sessions.list": (sessions.LIST, "checkout/_session_list_params.py", "SessionListParams"),
    "sessions.retrieve": (sessions.RETRIEVE, "checkout/_session_retrieve_params.py", "SessionRetrieveParams"),
    "line_items": (sessions.LINES, "checkout/_session_line_item_list_params.py", "SessionLineItemListParams"),
    "intents.list": (payments.LIST_INTENTS, "_payment_intent_list_params.py", "PaymentIntentListParams"),
    "charges.list": (payments.LIST_CHARGES, "_charge_list_params.py", "ChargeListParams"),
    "refunds.create": (refunds.CREATE, "_refund_create_params.py", "RefundCreateParams"),
    "refunds.list": (refunds.LIST, "_refund_list_params.py", "RefundListParams"),
    "disputes.list": (disputes.LIST, "_dispute_list_params.py", "DisputeListParams"),
    "events.list": (LIST_EVENTS, "_event_list_params.py", "EventListParams"),
}


def invented(taken: p.Record, path: str, name: str, where: str) -> Iterator[str]:
    """Parameters (also inner ones) that are taken here but that the SDK's type does not have."""
    known = fields(class_of(path, name))
    for key, each in taken.fields.items():
        if key not in known:
            yield f"{where}.{key}"
            continue
        inner = each.each if isinstance(each, p.Rows) else each
        names = re.findall(r"'?\"?(\w+Params\w+)", known[key])
        if isinstance(inner, p.Record) and names:
            yield from invented(inner, path, names[0], f"{where}.{key}")


@pytest.mark.parametrize("endpoint", TAKEN)
def test_no_parameter_is_taken_that_the_sdk_does_not_know(endpoint: str) -> None:
    taken, path, name = TAKEN[endpoint]
    assert list(invented(taken, "params/" + path, name, endpoint)) == []


def test_the_check_for_invented_parameters_finds_one() -> None:
    taken = p.Record({"line_items": p.Rows(p.Record({"weight": p.Whole()})), "colour": p.Text()})
    path, name = TAKEN["sessions.create"][1:]
    assert list(invented(taken, "params/" + path, name, "x")) == ["x.line_items.weight", "x.colour"]

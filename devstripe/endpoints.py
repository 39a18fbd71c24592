"""The modelled addresses of Stripe's API: what each takes, and what it does."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from devstripe import disputes, lists, payments, refunds, sessions
from devstripe import parameters as p
from devstripe.errors import missing
from devstripe.store import Thing
from devstripe.world import World

Run = Callable[..., Thing]


def _nothing(world: World, params: dict[str, Any]) -> None:
    """No check beyond the parameters' own."""


@dataclass(frozen=True)
class Endpoint:
    """What an address takes, and what it does: `check` is still validation, `run` is execution."""

    method: str
    path: str
    takes: p.Record
    run: Run
    check: Callable[[World, dict[str, Any]], None] = _nothing


def _event(world: World, params: dict[str, Any], id: str) -> Thing:
    event = world.store.get("event", id)
    if event is None:
        raise missing("event", id, "id")
    return lists.one(world, event, params)


def _events(world: World, params: dict[str, Any]) -> Thing:
    wanted = params.get("types") or ([params["type"]] if "type" in params else None)
    found = world.store.newest("event")
    kept = [event for event in found if wanted is None or any(_like(event["type"], word) for word in wanted)]
    return lists.page(world, "/v1/events", kept, params)


def _like(type: str, pattern: str) -> bool:
    return type == pattern or (pattern.endswith("*") and type.startswith(pattern[:-1]))


def _gets(find: Callable[[World, str], Thing]) -> Run:
    return lambda world, params, id: lists.one(world, find(world, id), params)


LIST_EVENTS = p.Record({**lists.PAGE, **lists.CREATED, "type": p.Text(), "types": p.Rows(p.Text(), most=20)})
_S, _ID = "/v1/checkout/sessions", "/([^/]+)"
ENDPOINTS = (
    Endpoint(
        "POST",
        _S,
        sessions.CREATE,
        lambda world, params: lists.one(world, sessions.create(world, params), params),
        sessions.check,
    ),
    Endpoint("GET", _S, sessions.LIST, sessions.search),
    Endpoint("GET", _S + _ID, sessions.RETRIEVE, _gets(sessions.find)),
    Endpoint("POST", _S + _ID + "/expire", sessions.RETRIEVE, _gets(sessions.expire)),
    Endpoint("GET", _S + _ID + "/line_items", sessions.LINES, sessions.lines),
    Endpoint("GET", "/v1/payment_intents", payments.LIST_INTENTS, payments.search_intents),
    Endpoint("GET", "/v1/payment_intents" + _ID, payments.RETRIEVE, _gets(payments.find_intent)),
    Endpoint("GET", "/v1/charges", payments.LIST_CHARGES, payments.search_charges),
    Endpoint("GET", "/v1/charges" + _ID, payments.RETRIEVE, _gets(payments.find_charge)),
    Endpoint(
        "POST",
        "/v1/refunds",
        refunds.CREATE,
        lambda world, params: lists.one(world, refunds.create(world, params), params),
        refunds.check,
    ),
    Endpoint("GET", "/v1/refunds", refunds.LIST, refunds.search),
    Endpoint("GET", "/v1/refunds" + _ID, refunds.RETRIEVE, _gets(refunds.find)),
    Endpoint("GET", "/v1/disputes", disputes.LIST, disputes.search),
    Endpoint("GET", "/v1/disputes" + _ID, disputes.RETRIEVE, _gets(disputes.find)),
    Endpoint("POST", "/v1/disputes" + _ID + "/close", disputes.CLOSE, _gets(disputes.close)),
    Endpoint("GET", "/v1/events", LIST_EVENTS, _events),
    Endpoint("GET", "/v1/events" + _ID, p.Record(lists.EXPAND), _event),
)

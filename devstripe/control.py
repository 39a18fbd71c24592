"""The control interface: what a test, a simulator or the page `/` does that Stripe's API has no word for. JSON."""

import json
import re
from collections.abc import Callable
from dataclasses import asdict
from typing import Any
from urllib.parse import parse_qsl

from devstripe import cards, disputes, faults, lists, passing, payments, refunds, sessions, webhooks
from devstripe.errors import Refusal
from devstripe.store import Thing, shown
from devstripe.world import World

Body = dict[str, Any]


def pay(world: World, body: Body, id: str) -> Body:
    """Pay a session as its customer would, with a card; `late` pays an expired one."""
    chosen = cards.read(body.get("card") or "4242424242424242")
    return _ended(
        world,
        id,
        lambda s: payments.pay(world, s, chosen, email=body.get("email"), late=bool(body.get("late"))),
    )


def authenticate(world: World, body: Body, id: str) -> Body:
    """Answer 3-D Secure as the customer would."""
    return _ended(world, id, lambda s: payments.authenticate(world, s, passed=bool(body.get("passed", True))))


def _ended(world: World, id: str, attempt: Callable[[Thing], payments.Outcome]) -> Body:
    with world.store.transaction():
        outcome = attempt(sessions.find(world, id))
        after = shown(sessions.find(world, id))
    return {"outcome": outcome.word, "message": outcome.message, "session": after}


def add_fault(world: World, body: Body) -> Body:
    """Put a fault in line."""
    return asdict(faults.add(world, body))


def see_faults(world: World, body: Body) -> Body:
    """The faults in line."""
    return {"faults": [asdict(fault) for fault in faults.waiting(world)]}


def clear_faults(world: World, body: Body) -> Body:
    """Take all faults out of the line."""
    faults.clear(world)
    return {}


def identity(world: World, body: Body) -> Body:
    """Who this is: for whoever must not mistake something else for it."""
    return {"service": "devstripe", "livemode": False, "api_key": world.settings.api_key}


def see_clock(world: World, body: Body) -> Body:
    """The stand-in's time."""
    return {"now": world.now()}


def move_clock(world: World, body: Body) -> Body:
    """Stop the clock at an instant (`freeze`), move it by seconds (`advance`), or let it go with the machine's again
    (`thaw`); what falls due then happens."""
    if body.get("thaw"):
        world.thaw()
    if "freeze" in body:
        world.freeze(int(body["freeze"]))
    world.advance(int(body.get("advance", 0)))
    passing.catch_up(world)
    return {"now": world.now()}


def see_requests(world: World, body: Body) -> Body:
    """Every API request since the start, oldest first, answered or not."""
    rows = world.store.rows("SELECT * FROM request ORDER BY seq")
    told = [
        {**dict(row), "headers": json.loads(row["headers"]), "form": dict(parse_qsl(row["params"]))}
        for row in rows
    ]
    return {"requests": told}


def see_events(world: World, body: Body) -> Body:
    """Every event, oldest first, with its deliveries."""
    told = []
    for event in reversed(world.store.newest("event")):
        rows = world.store.rows(
            "SELECT state, tries, answer FROM delivery WHERE event = ? ORDER BY seq", event["id"]
        )
        told.append({"event": event, "deliveries": [dict(row) for row in rows]})
    return {"events": told}


def deliver(world: World, body: Body) -> Body:
    """Send events now: `events` (ids, in this order; without it all that are held), `copies`, `parallel`, `twist`."""
    try:
        done = webhooks.deliver(
            world,
            body.get("events"),
            copies=int(body.get("copies", 1)),
            parallel=bool(body.get("parallel")),
            twist=body.get("twist"),
        )
    except KeyError as error:
        raise Refusal(str(error), status=404) from error
    return {"deliveries": [asdict(each) for each in done]}


def signed(world: World, body: Body, id: str) -> Body:
    """An event as it would be sent, for who posts it himself."""
    event = world.store.get("event", id)
    if event is None:
        raise Refusal(f"there is no event {id}", status=404)
    made = webhooks.sign(world, event, body.get("twist"))
    return {"body": made.body.decode(), "headers": made.headers}


def settle_refund(world: World, body: Body, id: str) -> Body:
    """A pending refund succeeds; or with `failure` (a reason) a pending or succeeded one fails."""
    return shown(refunds.settle(world, refunds.find(world, id), failure=body.get("failure")))


def begin_refunds(world: World, body: Body) -> Body:
    """How refunds begin from now on: "succeeded" or "pending"."""
    if body.get("status") not in {"succeeded", "pending"}:
        raise Refusal("A refund begins as succeeded or pending.", param="status")
    world.store.remember("refunds", "pending" if body["status"] == "pending" else "")
    return {}


def open_dispute(world: World, body: Body) -> Body:
    """The card holder disputes a payment (`payment_intent`)."""
    intent = payments.find_intent(world, body.get("payment_intent", ""))
    charge = payments.find_charge(world, intent["latest_charge"] or "")
    return shown(disputes.open(world, charge, body.get("reason", "fraudulent")))


def close_dispute(world: World, body: Body, id: str) -> Body:
    """The bank decides a dispute: `won` or not."""
    return shown(disputes.close(world, id, won=bool(body.get("won"))))


def tamper(world: World, body: Body, id: str) -> Body:
    """Change fields of an object behind Stripe's back, to see who notices."""
    for kind in ("checkout.session", "payment_intent", "charge", "refund", "dispute"):
        thing = world.store.get(kind, id)
        if thing is not None:
            thing |= body
            world.store.put(thing)
            return lists.one(world, thing, {})
    raise Refusal(f"there is no object {id}", status=404)


def reset(world: World, body: Body) -> Body:
    """Forget everything; begin anew with the same seed."""
    world.reset()
    return {}


_ROUTES: tuple[tuple[str, str, Callable[..., Body]], ...] = (
    ("POST", r"sessions/([^/]+)/pay", pay),
    ("POST", r"sessions/([^/]+)/authenticate", authenticate),
    ("POST", "faults", add_fault),
    ("GET", "faults", see_faults),
    ("DELETE", "faults", clear_faults),
    ("GET", "identity", identity),
    ("GET", "clock", see_clock),
    ("POST", "clock", move_clock),
    ("GET", "requests", see_requests),
    ("GET", "events", see_events),
    ("POST", "events/deliver", deliver),
    ("POST", r"events/([^/]+)/signed", signed),
    ("POST", "refunds", begin_refunds),
    ("POST", r"refunds/([^/]+)", settle_refund),
    ("POST", "disputes", open_dispute),
    ("POST", r"disputes/([^/]+)/close", close_dispute),
    ("POST", r"objects/([^/]+)", tamper),
    ("POST", "reset", reset),
)


def answer(world: World, method: str, path: str, raw: bytes) -> tuple[int, Body]:
    """Answer a control request: status and JSON."""
    try:
        body = json.loads(raw) if raw else {}
        if not isinstance(body, dict):
            raise Refusal("A control request is a JSON object.")
        passing.catch_up(world)
        for verb, pattern, run in _ROUTES:
            match = re.fullmatch("/_control/" + pattern, path)
            if match and verb == method:
                return 200, _run(world, run, body, match.groups())
        raise Refusal(f"There is no control {method} {path}.", status=404)
    except json.JSONDecodeError as error:
        return 400, {"error": {"message": f"Not JSON: {error}"}}
    except Refusal as refusal:
        return refusal.status, {"error": refusal.error}


def _run(world: World, run: Callable[..., Body], body: Body, ids: tuple[str, ...]) -> Body:
    if run in {deliver, reset}:  # these speak to others, or begin anew: not inside a transaction
        return run(world, body, *ids)
    with world.store.transaction():
        world.cause = (None, None)
        done = run(world, body, *ids)
    world.notify()
    return done

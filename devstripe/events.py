"""What happened, told in Stripe's event objects. Source: https://docs.stripe.com/api/events."""

import json
import time
from typing import Any

from devstripe import faults
from devstripe.store import Thing, shown
from devstripe.world import API_VERSION, World


def emit(world: World, type: str, thing: Thing, before: dict[str, Any] | None = None) -> Thing:
    """Keep an event with the object as it is now, and put it in line for the webhook.

    `before` holds the earlier values of what changed (Stripe's previous_attributes).
    """
    data: Thing = {"object": shown(thing)}
    if before is not None:
        data["previous_attributes"] = before
    id, key = world.cause
    event: Thing = {
        "id": world.new_id("evt_1"),
        "object": "event",
        "api_version": API_VERSION,
        "created": world.now(),
        "data": data,
        "livemode": False,
        "pending_webhooks": 1 if world.settings.webhook else 0,
        "request": {"id": id, "idempotency_key": key},
        "type": type,
    }
    world.store.put(event)
    _queue(world, event)
    return event


def _queue(world: World, event: Thing) -> None:
    """A row per delivery; a fault may hold it, delay it, double it, twist it or lose it."""
    if world.settings.webhook is None:
        return
    fate = faults.webhook_fate(world, event["type"])
    held = fate.hold or world.settings.deliver == "manual"
    for _ in range(fate.copies):
        world.store.run(
            "INSERT INTO delivery (event, state, due, twist) VALUES (?, ?, ?, ?)",
            event["id"],
            "held" if held else "waiting",
            time.time() + fate.delay,
            json.dumps(fate.twist),
        )

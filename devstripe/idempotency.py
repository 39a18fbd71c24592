"""Idempotency keys as Stripe keeps them.

Source: https://docs.stripe.com/api/idempotent_requests. The first answer to a key is kept from the moment its
execution began, be it a success, a refusal or a 500; the same request gets it again for 24 hours; another request
under the same key is an error; so is one while the first is still being done. What fails validation is not kept.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from devstripe.errors import Refusal
from devstripe.world import World

_DAY = 24 * 60 * 60


@dataclass(frozen=True)
class Kept:
    """An answer given before: the id of the request that got it, its status and body."""

    request: str
    status: int
    body: str


@contextmanager
def claim(world: World, key: str | None) -> Iterator[None]:
    """Work on a key alone; raises Refusal (409) while another request does."""
    if key is None:
        yield
        return
    if len(key) > 255:
        message = f"Idempotency keys can be at most 255 characters long; yours has {len(key)}."
        raise Refusal(message, type="idempotency_error")
    with world.store.transaction():
        if key in world.under_way:
            message = (
                "There is currently another in-progress request using this Idempotency Key (that probably means you "
                f"submitted twice, and the other request is still going through): {key}. Please try again later."
            )
            raise Refusal(message, status=409, type="idempotency_error", code="idempotency_key_in_use")
        world.under_way.add(key)
    try:
        yield
    finally:
        world.under_way.discard(key)


def recall(world: World, key: str | None, path: str, params: dict[str, Any]) -> Kept | None:
    """The answer kept for this request; raises Refusal if the key was used for another."""
    if key is None:
        return None
    world.store.run("DELETE FROM answered WHERE at <= ?", world.now() - _DAY)
    found = world.store.rows("SELECT * FROM answered WHERE key = ?", key)
    if not found:
        return None
    row = found[0]
    if row["path"] != path:
        message = (
            "Keys for idempotent requests can only be used for the same endpoint they were first used for "
            f"('{path}' vs '{row['path']}'). Try using a key other than '{key}' if you meant to execute a different "
            "request."
        )
        raise Refusal(message, type="idempotency_error")
    if row["params"] != _canonical(params):
        message = (
            "Keys for idempotent requests can only be used with the same parameters they were first used with. "
            f"Try using a key other than '{key}' if you meant to execute a different request."
        )
        raise Refusal(message, type="idempotency_error")
    return Kept(row["request"], row["status"], row["body"])


def keep(world: World, key: str | None, path: str, params: dict[str, Any], kept: Kept) -> None:
    """Remember the answer to a key."""
    if key is not None:
        sql = (
            "INSERT INTO answered (key, path, params, request, at, status, body) VALUES (?, ?, ?, ?, ?, ?, ?)"
        )
        world.store.run(sql, key, path, _canonical(params), kept.request, world.now(), kept.status, kept.body)


def _canonical(params: dict[str, Any]) -> str:
    return json.dumps(params, sort_keys=True, ensure_ascii=False)

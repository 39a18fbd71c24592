"""Signs events and sends them to the webhook endpoint, again and again until it answers 2xx.

Sources: https://docs.stripe.com/webhooks and https://docs.stripe.com/webhooks/signature. Stripe tries for three days
in live mode; here the waits are short, so that a shop that was down for a moment is told soon.
"""

import hmac
import http.client
import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from devstripe import passing
from devstripe.store import Thing
from devstripe.world import World

#: Seconds before the next try; after the last one the stand-in gives up.
WAITS = (0.5, 1, 2, 4, 8, 15, 30, 60, 60, 60, 120, 300)
_PATIENCE = 10.0
_STALE = 3600


@dataclass(frozen=True)
class Delivery:
    """One try: the event, the HTTP status that came back (None: no answer), and what went wrong."""

    event: str
    status: int | None
    error: str = ""

    @property
    def taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True)
class Signed:
    """A webhook as it goes over the wire."""

    body: bytes
    headers: dict[str, str]


def sign(world: World, event: Thing, twist: Mapping[str, Any] | None = None) -> Signed:
    """The body of a webhook with its signature, made anew at each try.

    `twist` spoils it: `set` changes fields of the object, `event` changes fields of the event (livemode), and
    `signature` is "bad" (of another secret), "stale" (an hour old) or "missing". All but those three are signed well.
    """
    twist = twist or {}
    told = {**event, **twist.get("event", {})}
    told["data"] = {**event["data"], "object": {**event["data"]["object"], **twist.get("set", {})}}
    body = json.dumps(told, indent=2, ensure_ascii=False).encode()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
    }
    flaw = twist.get("signature")
    at = world.now() - (_STALE if flaw == "stale" else 0)
    secret = world.settings.secret + ("?" if flaw == "bad" else "")
    if flaw != "missing":
        mac = hmac.new(secret.encode(), f"{at}.".encode() + body, "sha256").hexdigest()
        headers["Stripe-Signature"] = f"t={at},v1={mac}"
    return Signed(body, headers)


def send(world: World, event: Thing, twist: Mapping[str, Any] | None = None) -> Delivery:
    """One try to deliver an event."""
    signed = sign(world, event, twist)
    receiver = world.settings.webhook
    if receiver is None:
        return Delivery(event["id"], None, "there is no webhook endpoint")
    if callable(receiver):
        return Delivery(event["id"], receiver(signed.body, signed.headers))
    request = urllib.request.Request(receiver, signed.body, signed.headers)  # noqa: S310 (given at the start)
    # Straight to this machine: a proxy of the environment knows nothing of its 127.0.0.1.
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(request, timeout=_PATIENCE) as answer:
            return Delivery(event["id"], answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return Delivery(event["id"], error.code)
    except (OSError, http.client.HTTPException) as error:
        return Delivery(event["id"], None, str(error) or type(error).__name__)


def deliver(
    world: World,
    ids: Sequence[str] | None = None,
    *,
    copies: int = 1,
    parallel: bool = False,
    twist: Mapping[str, Any] | None = None,
) -> list[Delivery]:
    """Send these events now in this order (None: all that are held, oldest first), each `copies` times.

    `parallel` sends all of it at once from as many threads. A held webhook counts as delivered if it was taken.
    """
    chosen = _held(world) if ids is None else [(id, {}) for id in ids]
    work = [(_event(world, id), {**own, **(twist or {})}) for id, own in chosen for _ in range(copies)]
    if parallel:
        with ThreadPoolExecutor(max(1, len(work))) as pool:
            done = list(pool.map(lambda pair: send(world, *pair), work))
    else:
        done = [send(world, *pair) for pair in work]
    for each in done:
        _note(world, each)
    return done


def _held(world: World) -> list[tuple[str, dict[str, Any]]]:
    rows = world.store.rows("SELECT event, twist FROM delivery WHERE state = 'held' ORDER BY seq")
    return [(row["event"], json.loads(row["twist"])) for row in rows]


def _event(world: World, id: str) -> Thing:
    event = world.store.get("event", id)
    if event is None:
        raise KeyError(f"there is no event {id}")
    return event


def _note(world: World, done: Delivery) -> None:
    with world.store.transaction():
        if done.taken:
            sql = "UPDATE delivery SET state = 'done', answer = ? WHERE event = ? AND state <> 'done'"
            world.store.run(sql, _said(done), done.event)
            _delivered(world, done.event)
        else:
            sql = "UPDATE delivery SET tries = tries + 1, answer = ? WHERE event = ? AND state <> 'done'"
            world.store.run(sql, _said(done), done.event)


def _said(done: Delivery) -> str:
    return done.error or str(done.status)


def _delivered(world: World, id: str) -> None:
    event = _event(world, id)
    event["pending_webhooks"] = 0
    world.store.put(event)


class Deliverer(threading.Thread):
    """Sends what waits, in the background, one after the other; and lets time do its work meanwhile."""

    def __init__(self, world: World) -> None:
        super().__init__(name="devstripe-webhooks", daemon=True)
        self._world = world
        self._over = False

    def stop(self) -> None:
        """End after the try that is under way."""
        self._over = True
        self._world.notify()
        self.join()

    def run(self) -> None:
        while not self._over:
            passing.catch_up(self._world)
            if not self._step():
                with self._world.news:
                    if not self._over:
                        self._world.news.wait(0.25)

    def _step(self) -> bool:
        """Send the next webhook that is due, if there is one."""
        store = self._world.store
        sql = "SELECT * FROM delivery WHERE state = 'waiting' AND due <= ? ORDER BY due, seq LIMIT 1"
        found = store.rows(sql, time.time())
        if not found:
            return False
        row = found[0]
        try:
            done = send(self._world, _event(self._world, row["event"]), json.loads(row["twist"]))
        except (
            Exception
        ) as error:  # a receiving function in this process broke: the next try comes all the same
            done = Delivery(row["event"], None, repr(error))
        tries = row["tries"]
        with store.transaction():
            state = "done" if done.taken else "waiting" if tries < len(WAITS) else "given up"
            due = time.time() + (0 if done.taken or tries >= len(WAITS) else WAITS[tries])
            sql = "UPDATE delivery SET state = ?, due = ?, tries = ?, answer = ? WHERE seq = ?"
            store.run(sql, state, due, tries + 1, _said(done), row["seq"])
            if done.taken:
                _delivered(self._world, row["event"])
        return True

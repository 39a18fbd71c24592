"""Faults on demand: what is to go wrong, where, and how often."""

import fnmatch
import json
from dataclasses import asdict, dataclass, field
from typing import Any

from devstripe.errors import Refusal
from devstripe.world import World

#: Of an API request, by the moment at which it strikes.
ARRIVAL = ("timeout_before", "reset_before", "rate_limit")
EXECUTION = ("error_before", "error_after", "slow")
ANSWER = ("timeout_after", "reset_after")
#: Of a webhook, when its event comes up.
WEBHOOK = ("hold", "delay", "duplicate", "drop", "twist")


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One fault: its kind, how many more times (None: until cleared), and for what.

    `method` and `path` (shell pattern) select API requests, `event` (shell pattern) selects webhooks by event type.
    `seconds` is how long a timeout keeps silent, a slow request takes, or a webhook is late; `copies` how often a
    webhook is sent; `twist` what is changed in it (see webhooks.sign).
    """

    kind: str
    times: int | None = 1
    method: str = "*"
    path: str = "/v1/*"
    event: str = "*"
    seconds: float = 30.0
    copies: int = 2
    twist: dict[str, Any] = field(default_factory=dict)


@dataclass(kw_only=True)
class Fate:
    """What becomes of an event's webhook."""

    hold: bool = False
    delay: float = 0.0
    copies: int = 1
    twist: dict[str, Any] = field(default_factory=dict)


def add(world: World, raw: dict[str, Any]) -> Fault:
    """Keep a fault for later; raises Refusal if it is not of this form."""
    try:
        fault = Fault(**raw)
    except TypeError as error:
        raise Refusal(f"Not a fault: {error}") from error
    if fault.kind not in (*ARRIVAL, *EXECUTION, *ANSWER, *WEBHOOK):
        raise Refusal(f"There is no fault {fault.kind!r}", param="kind")
    world.store.run("INSERT INTO fault (body) VALUES (?)", json.dumps(asdict(fault)))
    return fault


def waiting(world: World) -> list[Fault]:
    """The faults that have not struck as often as they should."""
    return [
        Fault(**json.loads(row["body"])) for row in world.store.rows("SELECT body FROM fault ORDER BY seq")
    ]


def clear(world: World) -> None:
    """No more faults."""
    world.store.run("DELETE FROM fault")


def strike(world: World, moment: tuple[str, ...], method: str, path: str) -> Fault | None:
    """The fault that strikes an API request at this moment, used up once."""
    for seq, fault in _kept(world):
        if (
            fault.kind in moment
            and fnmatch.fnmatch(method, fault.method)
            and fnmatch.fnmatch(path, fault.path)
        ):
            _use(world, seq, fault)
            return fault
    return None


def webhook_fate(world: World, type: str) -> Fate:
    """All faults that wait for an event of this type, together; each used up once."""
    fate = Fate()
    for seq, fault in _kept(world):
        if fault.kind not in WEBHOOK or not fnmatch.fnmatch(type, fault.event):
            continue
        _use(world, seq, fault)
        match fault.kind:
            case "hold":
                fate.hold = True
            case "delay":
                fate.delay += fault.seconds
            case "duplicate":
                fate.copies *= fault.copies
            case "drop":
                fate.copies = 0
            case _:
                fate.twist |= fault.twist
    return fate


def _kept(world: World) -> list[tuple[int, Fault]]:
    rows = world.store.rows("SELECT seq, body FROM fault ORDER BY seq")
    return [(row["seq"], Fault(**json.loads(row["body"]))) for row in rows]


def _use(world: World, seq: int, fault: Fault) -> None:
    if fault.times is None:
        return
    if fault.times <= 1:
        world.store.run("DELETE FROM fault WHERE seq = ?", seq)
    else:
        left = json.dumps(asdict(fault) | {"times": fault.times - 1})
        world.store.run("UPDATE fault SET body = ? WHERE seq = ?", left, seq)

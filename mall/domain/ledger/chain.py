"""The bytes of the hash chain: hash = SHA-256(previous ‖ canonical JSON of the entry). Pure.

Canonical JSON: UTF-8, no white space, keys sorted, integers only; for such values the same bytes as RFC 8785.
The free text of an entry enters as SHA-256(salt ‖ text), so that it can be erased and the chain still recomputes.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from mall.domain.ledger.rules import Cause, Changes, LotState, Move, Ref

VERSION = 1
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def canonical(value: object) -> bytes:
    """The one way to write a value of strings, integers, booleans, null, lists and objects as JSON."""
    return _ENCODER.encode(value).encode()


def micros(at: datetime | None) -> int | None:
    """Microseconds since 1970 UTC; exact, no float in between."""
    return None if at is None else (at - _EPOCH) // _MICROSECOND


def entry_hash(previous: bytes, payload: Mapping[str, Any]) -> bytes:
    """The hash of an entry, given the hash before it."""
    return sha256(previous + canonical(payload)).digest()


def note_hash(salt: bytes, text: str) -> bytes:
    """What the chain keeps of an entry's free text."""
    return sha256(salt + text.encode()).digest()


def request_hash(verb: str, member: int, points: int | None, *parts: Ref | int | None) -> bytes:
    """What an idempotency key stands for: the verb, the member, the points and the references. Not the time."""
    named = [[part.kind, part.id] if isinstance(part, Ref) else part for part in parts]
    return sha256(canonical([verb, member, points, *named])).digest()


def check_plain(details: Mapping[str, Any] | None) -> None:
    """Refuse what would not come back from the database as the same bytes: fractions, and what JSON has no word for.

    Raises TypeError, as it is a programming error.
    """
    if details is not None:
        _check(details)


def _check(value: object) -> None:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if not isinstance(name, str):
                raise TypeError(f"details of an entry are named {name!r}: name them with text")
            _check(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _check(inner)
    elif value is not None and not isinstance(value, int | str):
        raise TypeError(f"details of an entry hold {value!r}: write whole numbers or text")


def new_lot(lot: LotState) -> list[int | None]:
    """A granted lot as the chain names it: number, points, and its three dates."""
    return [lot.number, lot.granted, micros(lot.earned_at), micros(lot.activates_at), micros(lot.expires_at)]


def payload(
    member: int,
    seq: int,
    kind: str,
    *,
    changed: Changes,
    moves: Iterable[Move],
    lots: Iterable[LotState],
    grace: Iterable[tuple[int, datetime]],
    cause: Cause,
    noted: bytes | None,
) -> dict[str, Any]:
    """What is hashed of an entry. Fields that an entry does not have are left out."""
    fields: dict[str, Any] = {
        "v": VERSION,
        "member": member,
        "seq": seq,
        "kind": kind,
        "changes": [changed.available, changed.held, changed.pending, changed.debt],
        "allocations": [[move.lot, move.src, move.dst, move.n] for move in moves],
        "lots": [new_lot(lot) for lot in lots],
        "grace": [[lot, micros(until)] for lot, until in grace],
        "ref": [cause.ref.kind, cause.ref.id],
        "of": None if cause.of is None else [cause.of.kind, cause.of.id],
        "hold": cause.hold,
        "actor": [cause.actor.kind, cause.actor.id],
        "at": micros(cause.at),
        "key": None if cause.key is None else [cause.key.scope, cause.key.value],
        "request": None if cause.request is None else cause.request.hex(),
        "note": None if noted is None else noted.hex(),
        "details": None if cause.details is None else dict(cause.details),
    }
    return {name: value for name, value in fields.items() if value is not None and value != []}

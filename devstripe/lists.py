"""Lists and expansion, alike for every kind of object.

Sources: https://docs.stripe.com/api/pagination and https://docs.stripe.com/api/expanding_objects.
"""

from collections.abc import Callable, Iterable
from typing import Any

from devstripe import parameters as p
from devstripe.errors import Refusal, missing
from devstripe.store import Thing, shown
from devstripe.world import World

#: Parameters of every endpoint, and of every list.
EXPAND = {"expand": p.Rows(p.Text(longest=200))}
_WHEN = p.Whole(most=99_999_999_999)
PAGE: dict[str, p.Field] = {
    **EXPAND,
    "limit": p.Whole(least=1, most=100),
    "starting_after": p.Text(),
    "ending_before": p.Text(),
}


class _Created:
    """`created` as an instant or as bounds."""

    required = False
    _bounds = p.Record({"gt": _WHEN, "gte": _WHEN, "lt": _WHEN, "lte": _WHEN})

    def read(self, raw: Any, where: str) -> dict[str, int]:
        if isinstance(raw, dict):
            return self._bounds.read(raw, where)
        at = _WHEN.read(raw, where)
        return {"gte": at, "lte": at}


CREATED: dict[str, p.Field] = {"created": _Created()}
_TESTS: dict[str, Callable[[int, int], bool]] = {
    "gt": lambda a, b: a > b,
    "gte": lambda a, b: a >= b,
    "lt": lambda a, b: a < b,
    "lte": lambda a, b: a <= b,
}


def page(world: World, url: str, found: Iterable[Thing], params: dict[str, Any]) -> Thing:
    """One page of objects that come newest first."""
    bounds = params.get("created", {})
    kept = [t for t in found if all(_TESTS[word](t["created"], at) for word, at in bounds.items())]
    for word in ("starting_after", "ending_before"):
        if word in params and params[word] not in {t["id"] for t in kept}:
            raise missing("object", params[word], word)
    if "starting_after" in params:
        at = next(i for i, t in enumerate(kept) if t["id"] == params["starting_after"])
        kept = kept[at + 1 :]
    limit = params.get("limit", 10)
    if "ending_before" in params:
        at = next(i for i, t in enumerate(kept) if t["id"] == params["ending_before"])
        kept, more = kept[max(0, at - limit) : at], at > limit
    else:
        kept, more = kept[:limit], len(kept) > limit
    answer = listed([shown(t) for t in kept], url, more=more)
    for path in params.get("expand", []):
        first, _, rest = path.partition(".")
        if first != "data" or not rest:
            raise Refusal(f"This property cannot be expanded ({path}).", param="expand")
        for thing in answer["data"]:
            _expand(world, thing, rest.split("."), path)
    return answer


def listed(things: list[Thing], url: str, *, more: bool = False) -> Thing:
    """Stripe's list object."""
    return {"object": "list", "data": things, "has_more": more, "url": url}


def one(world: World, thing: Thing, params: dict[str, Any]) -> Thing:
    """An object as asked for: without what is ours, with what is to be expanded."""
    answer = shown(thing)
    for path in params.get("expand", []):
        _expand(world, answer, path.split("."), path)
    return answer


#: What can be expanded: (kind of object, name) → kind of the object that its id names.
_NAMES = {
    ("checkout.session", "payment_intent"): "payment_intent",
    ("payment_intent", "latest_charge"): "charge",
    ("charge", "payment_intent"): "payment_intent",
    ("refund", "charge"): "charge",
    ("refund", "payment_intent"): "payment_intent",
    ("dispute", "charge"): "charge",
    ("dispute", "payment_intent"): "payment_intent",
}


def _expand(world: World, thing: Thing, path: list[str], whole: str) -> None:
    """Replace an id by its object, or put in a list that is left out unless asked for."""
    name, rest = path[0], path[1:]
    kind = _NAMES.get((thing["object"], name))
    if kind is not None:
        if isinstance(thing[name], str):
            thing[name] = shown(world.store.get(kind, thing[name]) or {})
        if rest and thing[name] is not None:
            _expand(world, thing[name], rest, whole)
        return
    if rest or (thing["object"], name) not in {("checkout.session", "line_items"), ("charge", "refunds")}:
        raise Refusal(f"This property cannot be expanded ({whole}).", param="expand")
    if name == "line_items":
        kept = world.store.get("checkout.session", thing["id"]) or {}
        thing[name] = listed(
            [shown(row) for row in kept["_line_items"]], f"/v1/checkout/sessions/{thing['id']}/line_items"
        )
    else:
        refunds = [
            r for r in world.store.newest("refund", thing["payment_intent"]) if r["charge"] == thing["id"]
        ]
        thing[name] = listed([shown(r) for r in refunds], f"/v1/charges/{thing['id']}/refunds")

"""The look inside at `/`: recent sessions, refunds, disputes, events and requests, and buttons for what tests do by code."""

from typing import Any

from werkzeug.datastructures import MultiDict
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from devstripe import control, faults, sessions
from devstripe.errors import Refusal
from devstripe.money import written
from devstripe.render import render
from devstripe.world import World

_RECENT = 25


def answer(world: World, request: Request) -> Response:
    """The page, or (POST) what one of its buttons does."""
    if request.method == "POST":
        error = _do(world, request.path, request.form)
        return redirect("/", 303) if error is None else _page(world, error, 400)
    if request.path != "/":
        return render("closed.html", 404, w=_GONE, title="gone_title", text="gone_text", link="/")
    return _page(world, "", 200)


_GONE = {
    "lang": "en",
    "band": "Development Stripe: no money moves",
    "gone_title": "There is no such page",
    "gone_text": "What you look for may be on the first page.",
    "to_shop": "To the first page",
}


def _do(world: World, path: str, form: "MultiDict[str, str]") -> str | None:
    """Do it; what is wrong with it, or None."""
    body: dict[str, Any] = dict(form.items())
    what, _, id = path.removeprefix("/do/").partition("/")
    try:
        with world.store.transaction():
            world.cause = (None, None)
            _press(world, what, id, body)
    except (Refusal, ValueError) as error:
        return str(error)
    if what == "deliver":
        control.deliver(world, {"events": [id]} if id else {})
    world.notify()
    return None


def _press(world: World, what: str, id: str, body: dict[str, Any]) -> None:
    match what:
        case "fault":
            body["times"] = int(body.get("times") or 1)
            body["seconds"] = float(body.get("seconds") or 30)
            body["event" if body.get("kind") in faults.WEBHOOK else "path"] = body.pop("what", "") or "*"
            faults.add(world, {**body, "twist": {"set": {"amount_total": 1}}})
        case "clear":
            faults.clear(world)
        case "clock":
            control.move_clock(world, {"advance": int(body["advance"])})
        case "expire":
            sessions.expire(world, id)
        case "dispute":
            control.open_dispute(world, {"payment_intent": id})
        case "close":
            control.close_dispute(world, {"won": body.get("won") == "yes"}, id)
        case "refund":
            control.settle_refund(world, {"failure": body.get("failure") or None}, id)
        case "deliver":
            pass  # after this transaction: it speaks to the shop
        case _:
            raise Refusal(f"There is no button {what}.")


def _page(world: World, error: str, status: int) -> Response:
    store = world.store
    return render(
        "inside.html",
        status,
        w=None,
        error=error,
        now=world.now(),
        world=world,
        written=written,
        kinds=(*faults.ARRIVAL, *faults.EXECUTION, *faults.ANSWER, *faults.WEBHOOK),
        faults=faults.waiting(world),
        sessions=store.newest("checkout.session")[:_RECENT],
        refunds=store.newest("refund")[:_RECENT],
        disputes=store.newest("dispute")[:_RECENT],
        events=list(reversed(control.see_events(world, {})["events"]))[:_RECENT],
        requests=list(reversed(control.see_requests(world, {})["requests"]))[:_RECENT],
    )

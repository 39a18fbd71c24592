"""Stripe's hosted pay page, as far as this project needs it: works without JavaScript, in the customer's language."""

import re
from datetime import UTC, datetime
from typing import Any

from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from devstripe import cards, payments
from devstripe.errors import Refusal
from devstripe.money import written
from devstripe.render import render
from devstripe.store import Thing
from devstripe.words import Words, say, words
from devstripe.world import World

#: The cards that the page offers by name; the others work too.
OFFERED = cards.CARDS[:8]
_EXPIRY = re.compile(r"\s*(\d{1,2})\s*/?\s*(\d{2}|\d{4})\s*\Z", re.ASCII)


def answer(world: World, request: Request) -> Response:
    """The page of one session, or of its 3-D Secure check; POST pays, or answers the check."""
    match = re.fullmatch(r"/pay/([^/]+)(/3ds)?", request.path)
    session = world.store.get("checkout.session", match[1]) if match else None
    spoken = words(session["locale"] if session else None, list(request.accept_languages.values()))
    if match is None or session is None:
        return render("closed.html", 404, w=spoken, title="gone_title", text="gone_text", link=None)
    if session["status"] != "open":
        return _closed(session, spoken)
    if match[2]:
        return _secure(world, request, session, spoken)
    if request.method == "POST":
        return _attempt(world, request, session, spoken)
    number = request.args.get("card", cards.CARDS[0].number)
    error = _last_error(world, session) if request.args.get("failed") else None
    return _form(session, spoken, {"number": number}, error or "")


def _closed(session: Thing, spoken: Words) -> Response:
    if session["status"] == "complete":
        link = _success(session)
        return render("closed.html", w=spoken, title="paid_title", text="paid_text", link=link)
    return render(
        "closed.html", w=spoken, title="expired_title", text="expired_text", link=session["cancel_url"]
    )


def _success(session: Thing) -> str:
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])


def _form(session: Thing, spoken: Words, given: dict[str, str], error: str) -> Response:
    number = "".join(given.get("number", "").split())
    return render(
        "pay.html",
        w=spoken,
        say=lambda text: say(spoken, text),
        session=session,
        total=written(session["amount_total"], session["currency"]),
        lines=[_line(line) for line in session["_line_items"]],
        cards=OFFERED,
        number=" ".join(number[i : i + 4] for i in range(0, len(number), 4)),
        chosen=number,
        expiry=given.get("expiry", "12 / 34"),
        cvc=given.get("cvc", "123"),
        email=given.get("email", session["customer_email"] or "customer@example.com"),
        error=say(spoken, error),
    )


def _line(line: Thing) -> dict[str, Any]:
    return {
        "name": line["description"],
        "quantity": line["quantity"],
        "each": written(line["price"]["unit_amount"], line["currency"]),
        "total": written(line["amount_total"], line["currency"]),
        "image": next(iter(line["_images"]), None),
    }


def _attempt(world: World, request: Request, session: Thing, spoken: Words) -> Response:
    given = {name: request.form.get(name, "") for name in ("number", "expiry", "cvc", "email")}
    try:
        card = cards.read(given["number"])
        check_card(given["expiry"], given["cvc"], world.now())
    except Refusal as refusal:
        return _form(session, spoken, given, str(refusal))
    with world.store.transaction():
        world.cause = (None, None)
        kept = world.store.get("checkout.session", session["id"])
        assert kept is not None
        outcome = payments.pay(world, kept, card, email=given["email"] or None)
    world.notify()
    return _after(world, kept, spoken, outcome, given)


def _after(
    world: World, session: Thing, spoken: Words, outcome: payments.Outcome, given: dict[str, str]
) -> Response:
    match outcome.word:
        case "succeeded":
            return redirect(_success(session), 303)
        case "requires_action":
            return redirect(f"{world.public_url}/pay/{session['id']}/3ds", 303)
        case "closed":  # paid or expired in another tab meanwhile
            return redirect(f"{world.public_url}/pay/{session['id']}", 303)
        case _:
            return _form(session, spoken, given, outcome.message)


def check_card(expiry: str, cvc: str, now: int) -> None:
    """Expiry and security code as the card shows them; raises Refusal with Stripe's words for what is wrong."""
    match = _EXPIRY.match(expiry)
    if match is None or not 1 <= int(match[1]) <= 12:
        message = "Your card's expiration date is incomplete."
        raise Refusal(message, status=402, type="card_error", code="invalid_expiry_month")
    year = int(match[2]) + (2000 if len(match[2]) == 2 else 0)
    today = datetime.fromtimestamp(now, UTC)
    if (year, int(match[1])) < (today.year, today.month):
        message = "Your card's expiration date is in the past."
        raise Refusal(message, status=402, type="card_error", code="invalid_expiry_year")
    if not re.fullmatch(r"\d{3,4}", cvc.strip(), re.ASCII):
        message = "Your card's security code is incomplete."
        raise Refusal(message, status=402, type="card_error", code="incomplete_cvc")


def _secure(world: World, request: Request, session: Thing, spoken: Words) -> Response:
    here = f"{world.public_url}/pay/{session['id']}"
    intent = world.store.get("payment_intent", session["payment_intent"] or "")
    if intent is None or intent["status"] != "requires_action":
        return redirect(here, 303)
    if request.method != "POST":
        total = written(session["amount_total"], session["currency"])
        last4 = cards.read(intent["_card"]).last4
        return render("secure.html", w=spoken, total=total, last4=last4, session=session)
    with world.store.transaction():
        world.cause = (None, None)
        kept = world.store.get("checkout.session", session["id"])
        assert kept is not None
        outcome = payments.authenticate(world, kept, passed=request.form.get("do") == "complete")
    world.notify()
    return redirect(_success(kept) if outcome.word == "succeeded" else here + "?failed=1", 303)


def _last_error(world: World, session: Thing) -> str | None:
    intent = world.store.get("payment_intent", session["payment_intent"] or "")
    error = intent and intent["last_payment_error"]
    return error["message"] if error else None

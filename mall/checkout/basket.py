"""The basket: see it, put something in, change how many, take out, undo."""

from typing import Any

from flask import flash, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from mall.checkout import ordering
from mall.checkout.blueprint import bp
from mall.checkout.visitor import owner, owner_with_basket
from mall.core import clock
from mall.core.db import transaction
from mall.core.ids import VariantId
from mall.core.numbers import parse_whole
from mall.domain.orders import basket as baskets
from mall.domain.orders import basket_queries, rules
from mall.web.languages import locale_tag
from mall.web.render import go, is_htmx, page

_UNDO = "basket_undo"


@bp.get("/basket")
def basket() -> ResponseReturnValue:
    """The basket with today's prices, and what changed since things were put in."""
    return page("checkout/basket.html", fragment="checkout/_basket.html", **_context())


@bp.post("/basket")
def basket_add() -> ResponseReturnValue:
    """Put units of a variant into the basket; `next` says where to: "checkout", "basket", or stay (htmx).

    "checkout" is for this alone: what a member has in the basket stays there and is not redeemed along with it.
    """
    variant = VariantId(parse_whole(request.form.get("variant_id", "")))
    quantity = parse_whole(request.form.get("quantity") or "1", most=rules.MAX_QUANTITY)
    if request.form.get("next") == "checkout" and current_user.is_authenticated:
        return ordering.begin([(variant, quantity)])
    with transaction():
        baskets.add(owner_with_basket(), variant, quantity, at=clock.now())
    if not is_htmx():
        return go(url_for(".basket"))
    flash(_("It is in your basket."), "good")
    return page("checkout/_added.html")


@bp.post("/basket/<int:line>")
def basket_line(line: int) -> ResponseReturnValue:
    """Set how many a line holds, or take it out; what was taken out can be put back once."""
    removing = "remove" in request.form
    quantity = 0 if removing else parse_whole(request.form.get("quantity", ""), least=0)
    with transaction():
        removed = baskets.set_quantity(owner(), line, quantity, at=clock.now())
    if removed is not None:
        session[_UNDO] = {"variant": removed.variant_id, "quantity": removed.quantity}
    if is_htmx():
        return page("checkout/_basket.html", swapped=True, **_context())
    return go(url_for(".basket"))


def _context() -> dict[str, Any]:
    view = basket_queries.basket_view(owner(), locale=locale_tag(), at=clock.now())
    return {"basket": view, "undo": session.pop(_UNDO, None)}

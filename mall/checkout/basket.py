"""The basket: see it, put something in, change how many, take out, undo."""

from typing import Any

from flask import flash, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from mall.checkout import mixing, ordering
from mall.checkout.blueprint import bp
from mall.checkout.visitor import owner, owner_with_basket
from mall.core import clock
from mall.core.db import transaction
from mall.core.ids import VariantId
from mall.core.numbers import parse_whole
from mall.domain.orders import basket as baskets
from mall.domain.orders import basket_queries, rules
from mall.domain.orders.quoting import Ask
from mall.domain.orders.suggesting import Suggestion
from mall.web import price_words
from mall.web.formatting import points as separated
from mall.web.formatting import price, sentences
from mall.web.header import header
from mall.web.languages import locale_tag
from mall.web.render import go, is_htmx, page

_UNDO = "basket_undo"
#: What was typed last as points, so that the next look at the basket can say why another number stands there.
_ASKED = "basket_asked"


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
    choice = _choice()
    if request.form.get("next") == "checkout" and current_user.is_authenticated:
        chosen = choice or baskets.USUAL
        return ordering.begin([Ask(variant, quantity, chosen.offer_id, chosen.points_each)])
    with transaction():
        remixed = baskets.add(owner_with_basket(), variant, quantity, choice=choice, at=clock.now())
    said = [_("It is in your basket.")] if is_htmx() else []
    if remixed is not None:
        said.append(_all_paid_so(remixed))
    if said:
        flash(sentences(said), "good")
    if not is_htmx():
        return go(url_for(".basket"))
    return page("checkout/_added.html")


@bp.post("/basket/<int:line>")
def basket_line(line: int) -> ResponseReturnValue:
    """Set how many a line holds and how it is paid, or take it out; what was taken out can be put back once."""
    removing = "remove" in request.form
    typed = request.form.get("quantity")
    quantity = 0 if removing else parse_whole(typed, least=0) if typed is not None else None
    _remember(line, _field())
    with transaction():
        removed = baskets.change(owner(), line, quantity=quantity, choice=_choice(), at=clock.now())
    if removed is not None:
        session[_UNDO] = {
            "variant": removed.variant_id,
            "quantity": removed.quantity,
            "offer": removed.choice.offer_id,
            "points_each": removed.choice.points_each,
        }
    return _shown()


@bp.post("/basket/points")
def basket_points() -> ResponseReturnValue:
    """Use points as money off what the basket holds for cash; as many as can be, no more than said."""
    points = parse_whole(request.form.get("points") or "0", least=0)
    _remember(mixing.OFF, "points")
    with transaction():
        baskets.use_points(owner_with_basket(), points, at=clock.now())
    return _shown()


@bp.post("/basket/best")
def basket_best() -> ResponseReturnValue:
    """Pay for the basket in the way that uses the points which expire next."""
    view = basket_queries.basket_view(owner(), locale=locale_tag(), at=clock.now())
    return _paid_so(view, mixing.best(view, expiring=header().expiring_points, balance=header().balance))


@bp.post("/basket/within")
def basket_within() -> ResponseReturnValue:
    """Pay for the basket with as many points as the member has, and with cash for the rest."""
    view = basket_queries.basket_view(owner(), locale=locale_tag(), at=clock.now())
    return _paid_so(view, mixing.within(view, header().balance))


def _paid_so(view: basket_queries.BasketView, found: Suggestion | None) -> ResponseReturnValue:
    """The basket, paid in the way that was suggested; as it was where nothing is (any more)."""
    if found is not None:
        who, at = owner(), clock.now()
        payable = [line for line in view.lines if line.way is not None]
        with transaction():
            for line, each in zip(payable, found.points_each, strict=True):
                if line.way is not None and each is not None:
                    baskets.change(who, line.id, choice=baskets.Choice(line.way.offer_id, each), at=at)
            baskets.use_points(who, found.points_off, at=at)
    return _shown()


def _all_paid_so(now: baskets.Remixed) -> str:
    """That what was in the basket before is paid another way now."""
    each = price(now.each.points, now.each.cash)
    return str(_("All %(n)s are now %(price)s each.", n=separated(now.quantity), price=each))


def _choice() -> baskets.Choice | None:
    """How a line is to be paid, where the form says; an empty field leaves it to the usual.

    A form with several ways has a field of its own for the points of each.
    """
    offer = request.form.get("offer")
    points = request.form.get(_field())
    if offer is None and points is None:
        return None
    return baskets.Choice(
        parse_whole(offer) if offer else None, parse_whole(points, least=0) if points else None
    )


def _field() -> str:
    """The field with the points of one unit by the way that is chosen."""
    own = f"points_each-{request.form.get('offer')}"
    return own if own in request.form else "points_each"


def _remember(where: int | str, field: str) -> None:
    """Keep what was typed into a field for points, until the basket is shown again."""
    if field in request.form:
        typed = request.form[field]
        session[_ASKED] = [where, parse_whole(typed, least=0) if typed else None]


def _shown() -> ResponseReturnValue:
    if is_htmx():
        return page("checkout/_basket.html", swapped=True, **_context())
    return go(url_for(".basket"))


def _context() -> dict[str, Any]:
    view = basket_queries.basket_view(owner(), locale=locale_tag(), at=clock.now())
    top = header()
    return {
        "basket": view,
        "mixing": mixing,
        "off": mixing.points_off(view.priced.off_runs, view.priced.points_off),
        "best": mixing.best(view, expiring=top.expiring_points, balance=top.balance),
        "within": mixing.within(view, top.balance),
        "names": [line.name for line in view.lines if line.way is not None],
        "steps": price_words.steps(view.priced.steps),
        "undo": session.pop(_UNDO, None),
        "snapped": mixing.snapped(view, *session.pop(_ASKED, (None, None))),
    }

"""What an order hands over on its own page: codes, shown when the member asks for them, and wishes for services."""

from collections.abc import Mapping, Sequence

import structlog
from flask import Response, current_app, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mall.checkout import orders
from mall.checkout.blueprint import bp
from mall.checkout.forms import WishForm
from mall.core import clock, ids
from mall.core.actor import as_member
from mall.core.db import transaction
from mall.core.errors import NotFound
from mall.domain.items.code_giving import Revealed
from mall.domain.orders import booking, fulfilling
from mall.domain.orders.errors import CannotNote, NoSuchOrder
from mall.domain.orders.queries import LineView, OrderView
from mall.web.access import me, members_only
from mall.web.errors import words
from mall.web.limits import NUMBERS, REVEAL
from mall.web.logs import request_id
from mall.web.render import go, page

log = structlog.get_logger(__name__)


@bp.post("/orders/<number>/lines/<int:line>/codes")
@members_only
@REVEAL
def reveal(number: str, line: int) -> ResponseReturnValue:
    """Show a line's codes to their owner, and write down that they were seen. Anybody else: there is no such order."""
    number = ids.clean_number(number)
    try:
        with transaction():
            shown = fulfilling.reveal(
                number,
                line,
                member=me().id,
                cipher=current_app.extensions["codes"],
                request=request_id(),
                actor=as_member(me().id),
                at=clock.now(),
            )
    except NoSuchOrder as refusal:
        log.warning("codes_not_shown", member_id=me().id, of_another=bool(refusal.params.get("owner")))
        raise NoSuchOrder from refusal
    found = orders.own(number)
    answer = _answer(found, line, {line: shown})
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _answer(found: OrderView, line: int, shown: Mapping[int, Sequence[Revealed]]) -> Response:
    return page(
        "checkout/order.html",
        fragment="checkout/_codes.html",
        **orders.context(found),
        line=_line(found, line),
        shown=shown,
    )


@bp.get("/orders/<number>/lines/<int:line>/codes")
@members_only
def codes(number: str, line: int) -> ResponseReturnValue:
    """Where somebody ends who signs in first, or loads the page again: codes are shown on a press of the button only."""
    return go(url_for(".order", number=ids.clean_number(number), _anchor=f"line-{line}"))


@bp.post("/orders/<number>/lines/<int:line>/wish")
@members_only
@NUMBERS
def wish(number: str, line: int) -> ResponseReturnValue:
    """Write down or change what the member wishes of a service."""
    found, form = orders.own(ids.clean_number(number)), WishForm()
    _line(found, line)
    if not form.validate_on_submit():
        return page("checkout/order.html", status=422, **orders.context(found), refused={line: form})
    try:
        with transaction():
            booking.wish(
                found.number,
                line,
                member=me().id,
                words=form.wish.data or "",
                day=form.day.data,
                at=clock.now(),
            )
    except CannotNote as refusal:
        flash(words(refusal), "bad")
        return go(url_for(".order", number=found.number))
    flash(_("Your wish is noted."), "good")
    return go(url_for(".order", number=found.number, _anchor=f"line-{line}"))


def _line(found: OrderView, line: int) -> LineView:
    """The line of that number. Raises NotFound."""
    for one in found.lines:
        if one.id == line:
            return one
    raise NotFound

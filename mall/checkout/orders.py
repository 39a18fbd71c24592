"""A member's orders: the list, the page of one with its timeline, cancelling."""

from typing import Any

import structlog
from flask import current_app, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from mall.checkout.blueprint import bp, orders_list
from mall.checkout.forms import CancelForm
from mall.core import clock, ids
from mall.core.actor import as_member
from mall.core.db import transaction
from mall.core.errors import BadValue
from mall.core.numbers import parse_whole
from mall.domain.ledger import service as ledger
from mall.domain.ledger.rules import Ref
from mall.domain.orders import cancelling, listing, queries, refunding
from mall.domain.orders.errors import CannotCancel, NoSuchOrder
from mall.domain.orders.refunding import Units
from mall.web import telling
from mall.web.access import me, members_only
from mall.web.counter import counter_code
from mall.web.errors import words
from mall.web.formatting import points as separated
from mall.web.header import header
from mall.web.languages import locale_tag
from mall.web.render import go, page

log = structlog.get_logger(__name__)


@orders_list.get("/account/orders")
@members_only
def index() -> ResponseReturnValue:
    """The member's orders, newest first, by keyset."""
    try:
        before = parse_whole(request.args["before"]) if "before" in request.args else None
    except BadValue:
        before = None
    rows, more = listing.orders(me().id, locale=locale_tag(), before=before)
    older = url_for(".index", before=rows[-1].id) if more else None
    return page(
        "checkout/orders.html",
        fragment="checkout/_orders.html",
        rows=rows,
        older_url=older,
        state_word=telling.state_word,
    )


@bp.get("/orders/<number>")
@members_only
def order(number: str) -> ResponseReturnValue:
    """One order: where it stands and how it came there."""
    return page("checkout/order.html", **context(own(number)))


def context(found: queries.OrderView) -> dict[str, Any]:
    """What the order's page says."""
    return {
        "order": found,
        "events": telling.timeline(found),
        "state": telling.state_word(found.word),
        "line_note": telling.line_note,
        "counter_code": counter_code(found),
        "payable": found.payable(clock.now()),
        "back_lots": telling.by_day(telling.lots_of(found.let_go)) if found.let_go else (),
    }


@bp.get("/orders/<number>/cancel")
@members_only
def cancel(number: str) -> ResponseReturnValue:
    """Ask before cancelling: which points come back, and until when they are valid."""
    return _confirm(own(number), CancelForm(formdata=None))


@bp.post("/orders/<number>/cancel")
@members_only
def cancel_order(number: str) -> ResponseReturnValue:
    """Cancel an order of which nothing was sent; of one that was sent in part the rest (`rest`), if that was shown."""
    found, form = own(number), CancelForm()
    rest = found.rest if request.form.get("rest") else None
    if not form.validate_on_submit():
        return _confirm(found, form, status=422)
    try:
        with transaction():
            done = cancelling.cancel(
                found.id,
                actor=as_member(me().id),
                at=clock.now(),
                reason=form.reason.data or "",
                lines=rest,
                grace=current_app.config["SETTINGS"].grace,
            )
    except CannotCancel as refusal:
        flash(words(refusal), "bad")
        return go(url_for(".order", number=found.number))
    if rest:
        said = ngettext(
            "The rest is cancelled. %(n)s point is back.",
            "The rest is cancelled. %(n)s points are back.",
            done.points,
            n=separated(done.points),
        )
        flash(said, "good")
    elif not done.again:
        back = ngettext(
            "Your order is cancelled. %(n)s point is back.",
            "Your order is cancelled. %(n)s points are back.",
            done.points,
            n=separated(done.points),
        )
        flash(back, "good")
    return go(url_for(".order", number=found.number))


def own(number: str) -> queries.OrderView:
    """The order, if it is the reader's; else the same answer as for none, and a line in the log."""
    try:
        return queries.order(ids.clean_number(number), member=me().id, locale=locale_tag())
    except NoSuchOrder as refusal:
        log.warning("order_not_shown", member_id=me().id, of_another=bool(refusal.params))
        raise NoSuchOrder from refusal


def _confirm(found: queries.OrderView, form: CancelForm, status: int = 200) -> ResponseReturnValue:
    if not found.cancellable and not found.rest:
        flash(words(CannotCancel()), "info")
        return go(url_for(".order", number=found.number))
    return page(
        "checkout/cancel.html",
        order=found,
        form=form,
        back=_back(found),
        by_day=telling.by_day,
        status=status,
    )


def _back(found: queries.OrderView) -> ledger.Refunded | None:
    """What cancelling gives back. The order knows its lots; the ledger is asked only where dates or debt say otherwise."""
    at, lots = clock.now(), found.lots_left
    if found.rest:
        shown = refunding.preview(
            found.id,
            [Units(line, unsent=n) for line, n in found.rest],
            at=at,
            grace=current_app.config["SETTINGS"].grace,
        )
        given = tuple((lot.points, lot.expires_at) for lot in shown.lots)
        return ledger.Refunded(shown.points, given, repaid=shown.repaid, expired=shown.expired)
    if not found.points:
        return None
    if header().balance and all(expires is None or expires > at for _, expires in lots):
        return ledger.Refunded(found.points, lots, repaid=0, expired=0)
    member = me().id
    ref = Ref("order", found.number)
    return ledger.preview_refund(
        member, found.points, of=ref, at=at, grace=current_app.config["SETTINGS"].grace
    )

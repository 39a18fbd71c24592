"""A member's orders: the list, the page of one with its timeline, cancelling."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import structlog
from flask import current_app, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from mall.checkout import promises
from mall.checkout.blueprint import bp, orders_list
from mall.checkout.forms import CancelForm
from mall.core import clock, ids
from mall.core.actor import as_member
from mall.core.db import transaction
from mall.core.errors import BadValue, MallError
from mall.core.ids import MemberId
from mall.core.numbers import parse_whole
from mall.domain.orders import cancelling, listing, queries
from mall.domain.orders.errors import CannotCancel, NoSuchOrder
from mall.domain.orders.refunding import Preview, Units, facts
from mall.domain.orders.refunding.errors import PreviewChanged
from mall.domain.orders.refunding.facts import Facts
from mall.domain.orders.refunding.previewing import everything_unsent, foresee
from mall.web import telling
from mall.web.access import me, members_only
from mall.web.counter import counter_code
from mall.web.errors import words
from mall.web.formatting import money, sentences
from mall.web.formatting import points as separated
from mall.web.languages import locale_tag
from mall.web.limits import NUMBERS
from mall.web.render import go, is_htmx, page

#: Seconds before the order's page looks for its receipt, the n-th after the n-th look; after the last it stops.
PAUSES: Final = (2, 3, 5, 8, 13, 21, 34)

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
    )


@bp.get("/orders/<number>")
@members_only
@NUMBERS
def order(number: str) -> ResponseReturnValue:
    """One order: where it stands and how it came there."""
    return page("checkout/order.html", **context(own(number)))


@bp.get("/orders/<number>/papers")
@members_only
@NUMBERS
def papers(number: str) -> ResponseReturnValue:
    """The order's receipts and credit notes, for its page to look whether the receipt is there by now."""
    found = own(number)
    if not is_htmx():
        return go(url_for(".order", number=found.number))
    looks = max(request.args.get("looks", 0, type=int), 0)
    return page("checkout/_papers.html", order=found, **_papers(found, looks))


def _papers(found: queries.OrderView, looks: int) -> dict[str, Any]:
    """When the page looks for the receipt again, after so many looks: never, once it is there or has kept us waiting."""
    waits = found.receipt_follows and looks < len(PAUSES)
    return {
        "papers_pause": PAUSES[looks] if waits else None,
        "papers_next": url_for(".papers", number=found.number, looks=looks + 1),
    }


def context(found: queries.OrderView) -> dict[str, Any]:
    """What the order's page says."""
    return {
        **_papers(found, 0),
        "order": found,
        "events": telling.timeline(found),
        "line_note": telling.line_note,
        "counter_code": counter_code(found),
        "next_step": telling.next_step(found),
        "payable": found.payable(clock.now()),
        "promise": promises.after(found) if found.cancellable else "",
        "back_lots": telling.by_day(telling.lots_of(found.let_go)) if found.let_go else (),
    }


@bp.get("/orders/<number>/cancel")
@members_only
@NUMBERS
def cancel(number: str) -> ResponseReturnValue:
    """Ask before cancelling: which points and what cash come back, and until when the points are valid."""
    found = _own_facts(number)
    return _unpaid(found) if found.waits else _confirm(found, CancelForm(formdata=None))


@bp.post("/orders/<number>/cancel")
@members_only
@NUMBERS
def cancel_order(number: str) -> ResponseReturnValue:
    """Cancel an order of which nothing was sent, or what was not sent of it (`rest`): if it does what was shown."""
    found, form = _own_facts(number), CancelForm()
    if found.waits:
        return _unpaid(found)
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
                expect=form.expect.data or "",
                form_key=form.key.data or None,
                grace=current_app.config["SETTINGS"].grace,
            )
    except PreviewChanged as changed:
        return _asked(_own_facts(found.number), form, changed.preview, changed=words(changed))
    except MallError as refusal:
        flash(words(refusal), "bad")
        return go(url_for(".order", number=found.number))
    if not done.again or done.same_form:
        flash(_said(done, rest=rest is not None, currency=found.currency), "good")
    return go(url_for(".order", number=found.number))


def own(number: str) -> queries.OrderView:
    """The order, if it is the reader's; else the same answer as for none, and a line in the log."""
    with _one_answer():
        return queries.order(ids.clean_number(number), member=me().id, locale=locale_tag())


def _own_facts(number: str) -> Facts:
    """The same, as a refund sees it: all that cancelling needs, in one statement."""
    with _one_answer():
        return facts.of_member(ids.clean_number(number), member=MemberId(me().id))


@contextmanager
def _one_answer() -> Iterator[None]:
    try:
        yield
    except NoSuchOrder as refusal:
        log.warning("order_not_shown", member_id=me().id, of_another=bool(refusal.params))
        raise NoSuchOrder from refusal


def _said(done: cancelling.Cancelled, *, rest: bool, currency: str) -> str:
    """What was cancelled, and what of it is back or on its way."""
    back = [_("The rest is cancelled.") if rest else _("Your order is cancelled.")]
    if done.points:
        n = separated(done.points)
        back.append(ngettext("%(n)s point is back.", "%(n)s points are back.", done.points, n=n))
    if done.cash:
        back.append(_("%(money)s is on its way to your card.", money=money(done.cash, currency)))
    return sentences(back)


def _unpaid(found: Facts) -> ResponseReturnValue:
    """An order whose cash has not come is given up, not refunded; the page of one that is being closed says so."""
    if not found.payable(clock.now()):
        return go(url_for(".order", number=found.number))
    return page("checkout/give_up.html", order=found)


def _confirm(found: Facts, form: CancelForm, status: int = 200) -> ResponseReturnValue:
    if not found.cancellable and not found.rest:
        flash(words(CannotCancel()), "info")
        return go(url_for(".order", number=found.number))
    asked = tuple(Units(line, unsent=n) for line, n in found.rest) or everything_unsent(found)
    try:
        shown = foresee(
            found, asked, restock=False, at=clock.now(), grace=current_app.config["SETTINGS"].grace
        )
    except MallError as refusal:
        flash(words(refusal), "bad")
        return go(url_for(".order", number=found.number))
    return _asked(found, form, shown, status=status)


def _asked(
    found: Facts, form: CancelForm, shown: Preview, *, changed: str = "", status: int = 200
) -> ResponseReturnValue:
    form.expect.data, form.key.data = shown.hash, form.key.data or ids.token()
    return page(
        "checkout/cancel.html",
        order=found,
        form=form,
        shown=shown,
        changed=changed,
        grace_days=current_app.config["SETTINGS"].grace_days,
        status=PreviewChanged.status if changed else status,
    )

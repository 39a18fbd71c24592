"""Paying an order's cash: the page that keeps it for the member, the way to Stripe's page, and the way back."""

from datetime import timedelta
from typing import Any, Final

import structlog
from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mall.checkout.blueprint import bp
from mall.checkout.ordering import begin
from mall.core import clock, ids
from mall.core.actor import as_member
from mall.core.db import AWAY, let_go, transaction
from mall.core.ids import MemberId
from mall.domain.orders import attempts, expiring, waiting
from mall.domain.orders.errors import CannotCancel, CannotPay, NoSuchOrder
from mall.domain.orders.queries import spoken
from mall.domain.orders.quoting import Ask
from mall.domain.orders.waiting import Waiting
from mall.domain.payments.errors import StripeTrouble
from mall.web import paying
from mall.web.access import me, members_only
from mall.web.errors import words
from mall.web.languages import locale_tag
from mall.web.limits import NUMBERS, PAY
from mall.web.programme import grace
from mall.web.render import go, page

#: Seconds between two looks of the return page, the n-th after the n-th look; after the last it stops asking.
PAUSES: Final = (2, 2, 3, 3, 5, 5, 8, 8, 13, 13, 21, 21, 30, 30, 30, 30, 30, 30)
#: However often pages ask, Stripe is asked about a session no more often than this.
SEEN: Final = timedelta(seconds=2)

log = structlog.get_logger("mall.checkout")


@bp.get("/orders/<number>/pay")
@members_only
@NUMBERS
def pay(number: str) -> ResponseReturnValue:
    """What is kept for the member, until when, and the button that leads to Stripe's page."""
    found = own(number)
    if not found.payable(clock.now()):
        return go(url_for(".order", number=found.number))
    return page("checkout/pay.html", **_context(found))


@bp.post("/orders/<number>/pay")
@members_only
@PAY
def go_to_pay(number: str) -> ResponseReturnValue:
    """To Stripe's page. An attempt that has certainly ended is followed by a new one; never one that may be alive."""
    found = own(number)
    paying_with = paying.paying(locale=locale_tag(), email=me().email)
    try:
        with transaction():
            attempts.again(found.id, paying_with, at=clock.now())
    except CannotPay as refusal:
        flash(words(refusal), "info")
        return go(url_for(".order", number=found.number))
    try:
        paying.open_session(found.id)
    except StripeTrouble:
        flash(_no_answer(), "warn")
        return go(url_for(".pay", number=found.number))
    found = own(number)
    if found.attempt == "open" and found.url:
        return redirect(found.url, 303)
    if found.waits:
        flash(_no_answer(), "warn")
        return go(url_for(".pay", number=found.number))
    return go(url_for(".order", number=found.number))


@bp.get("/orders/<number>/return")
@members_only
@NUMBERS
def returned(number: str) -> ResponseReturnValue:
    """Back from Stripe's page. Nothing in the address is believed: we read Stripe's own object, and say what is so."""
    found = own(number)
    asked, trouble = False, False
    if found.waits:
        try:
            asked = paying.glance(found.id, found.last, seen=SEEN) is not None
        except paying.Silent:
            trouble = True
        except StripeTrouble as error:
            asked = trouble = True
            log.warning("return.no_answer", order_id=found.id, error=str(error))
    if asked:  # it takes a while, and what Stripe said is settled
        found = own(number)
    if not found.waits:
        if found.paid_at is not None:
            flash(_("Thank you. Your payment has arrived and your order is placed."), "good")
        return go(url_for(".order", number=found.number))
    looks = max(request.args.get("looks", 0, type=int), 0)
    return page(
        "checkout/return.html",
        fragment="checkout/_return.html",
        **_sums(found),
        trouble=trouble,
        asking=found.attempt == "open" and not asked and not trouble,
        pause=PAUSES[looks] if looks < len(PAUSES) else None,
        next_look=url_for(".returned", number=found.number, looks=looks + 1),
    )


@bp.post("/orders/<number>/give-up")
@members_only
@PAY
def give_up(number: str) -> ResponseReturnValue:
    """Cancel an order that is not paid. What is held comes back once Stripe confirms that no payment can come."""
    found = own(number)
    try:
        with transaction():
            state = expiring.begin(
                found.id, why="member", actor=as_member(found.member_id), at=clock.now(), grace=grace()
            )
    except CannotCancel:
        flash(_("Your payment had arrived already: the order is placed."), "info")
        return go(url_for(".order", number=found.number))
    if state == "expiring":
        try:
            state = paying.end(found.id).state
        except (StripeTrouble, *AWAY) as error:
            let_go()  # it is being closed, whoever does not answer: the worker goes on
            log.warning("give_up.no_answer", order_id=found.id, error=str(error))
    flash(*_given_up(state))
    return go(url_for(".order", number=found.number))


@bp.post("/orders/<number>/again")
@members_only
@NUMBERS
def order_again(number: str) -> ResponseReturnValue:
    """The same things once more, at today's prices."""
    found = own(number)
    return begin([Ask(variant, n) for variant, n in waiting.units(found.id)])


def _given_up(state: str) -> tuple[str, str]:
    if state == "expiring":
        return _("We are closing your order. What was kept for it comes back within minutes."), "info"
    if state in ("cancelled", "expired"):
        return _("Your order is cancelled. Nothing was charged, and your points are back."), "good"
    return _("Your payment had arrived already: the order is placed."), "info"


def own(number: str) -> Waiting:
    """The order, if it is the reader's; else the same answer as for none, and a line in the log."""
    try:
        return waiting.of_member(ids.clean_number(number), member=MemberId(me().id))
    except NoSuchOrder as refusal:
        log.warning("order_not_shown", member_id=me().id, of_another=bool(refusal.params))
        raise NoSuchOrder from refusal


def _context(found: Waiting) -> dict[str, Any]:
    return {**_sums(found), "lines": waiting.lines(found.id, locale=locale_tag())}


def _sums(found: Waiting) -> dict[str, Any]:
    return {
        "order": found,
        "delivery": spoken(found.delivery_name, locale_tag()),
        "payable": found.payable(clock.now()),
    }


def _no_answer() -> str:
    text = _(
        "The card payment does not answer just now. Nothing was charged, and your order is kept: try again in a moment."
    )
    return str(text)

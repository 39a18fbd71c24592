"""An order that waits for its cash, at the desk: ask Stripe now, or stop waiting."""

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mall.admin.blueprint import bp
from mall.admin.deeds import said
from mall.admin.orders import one
from mall.admin.why import reason
from mall.core import clock
from mall.core.actor import as_staff
from mall.core.db import AWAY, let_go, transaction
from mall.domain.audit import service as audit
from mall.domain.orders import expiring
from mall.domain.orders.errors import CannotCancel
from mall.domain.orders.rules import PAYABLE
from mall.domain.payments.errors import StripeTrouble
from mall.web import paying
from mall.web.access import me, needs
from mall.web.programme import grace
from mall.web.render import go


@bp.post("/orders/<number>/ask")
@needs("orders.cancel")
def ask(number: str) -> ResponseReturnValue:
    """Read at Stripe what became of the order's payments, and settle."""
    found = one(number)
    try:
        paying.open_session(found.id)
        paying.look(found.id)
        flash(_("Stripe was asked: the order stands where its payments say."), "good")
    except (StripeTrouble, *AWAY) as silence:
        _tell_silence(silence)
    return go(url_for("admin.order", number=found.number, _anchor="main"))


@bp.post("/orders/<number>/close")
@needs("orders.cancel")
def close(number: str) -> ResponseReturnValue:
    """Stop waiting for an order's cash. What is held comes back once Stripe confirms that no payment can come."""
    found, actor, at = one(number), as_staff(me().id), clock.now()
    try:
        with transaction():
            state = expiring.begin(found.id, why="staff", actor=actor, at=at, grace=grace())
            if found.state in PAYABLE:
                audit.record(
                    actor, "order.close", subject=("order", found.number), before=None, after=None, at=at
                )
    except CannotCancel as refused:
        flash(said(refused), "bad")
        return go(url_for("admin.order", number=found.number, _anchor="main"))
    if state == "expiring":
        try:
            state = paying.end(found.id).state
        except (StripeTrouble, *AWAY):
            let_go()  # it is being closed, whoever does not answer: the worker goes on
    if state == "expiring":
        flash(_("The order is being closed: what is held comes back once Stripe confirms."), "info")
    elif state in ("cancelled", "expired"):
        flash(_("The order is closed. What was held is back."), "good")
    else:
        flash(_("A payment had arrived: the order is paid."), "info")
    return go(url_for("admin.order", number=found.number, _anchor="main"))


@bp.post("/orders/<number>/session-over")
@needs("orders.cancel")
def session_over(number: str) -> ResponseReturnValue:
    """Declare sessions over that Stripe does not know, so that what the order holds can be let go; asked right now.

    Why is asked and kept: the order is let go of on one person's word.
    """
    found, actor, at, why = one(number), as_staff(me().id), clock.now(), reason()
    here = go(url_for("admin.order", number=found.number, _anchor="main"))
    if not why:
        return here

    def write_down(session: str) -> None:
        audit.record(
            actor,
            "order.session_over",
            subject=("order", found.number),
            after={"session": session},
            reason=why,
            at=at,
        )

    try:
        missing = paying.declare_over(found.id, write_down=write_down)
    except (StripeTrouble, *AWAY) as silence:
        _tell_silence(silence)
    else:
        if missing:
            flash(_("Stripe does not know the payment: it is over."), "good")
        else:
            flash(_("Stripe was asked: the order stands where its payments say."), "info")
    return here


def _tell_silence(silence: Exception) -> None:
    """Stripe or our own database did not answer in the middle: what was done before stands, and the worker goes on."""
    let_go()
    if isinstance(silence, StripeTrouble):
        flash(_("Stripe does not answer just now. The worker keeps asking."), "warn")
    else:
        flash(
            _("Our database did not answer. See what the order says now; the worker goes on with it."), "warn"
        )

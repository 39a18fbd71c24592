"""Refunds that wait for somebody at the desk: send the cash again, or say that it was given back by hand; disputes."""

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mall.admin import orders
from mall.admin.blueprint import bp
from mall.admin.refund_forms import SettleForm
from mall.core import clock
from mall.core.actor import as_staff
from mall.core.db import transaction
from mall.core.errors import N_, MallError
from mall.domain.orders import refunding
from mall.domain.orders.refunding import queries as refunds_read
from mall.domain.orders.rules import ON_ITS_WAY
from mall.domain.payments import queries as payments
from mall.web.access import me, needs
from mall.web.errors import words
from mall.web.render import go, page
from mall.web.telling_refunds import dispute_reason

#: Why a refund failed, by Stripe's word for it (failure_reason of a Refund).
_FAILURES = {
    "unknown": N_("Stripe does not say why it failed."),
    "declined": N_("The bank declined it."),
    "insufficient_funds": N_("Our balance at Stripe was too small for it."),
    "lost_or_stolen_card": N_("The card was lost or stolen."),
    "expired_or_canceled_card": N_("The card has expired or was cancelled."),
}


@bp.get("/refunds")
@needs("orders.read")
def refunds() -> ResponseReturnValue:
    """What waits for somebody: refunds whose cash did not arrive, disputes; and what is on its way."""
    return _list(SettleForm(formdata=None))


@bp.post("/refunds/<key>/retry")
@needs("orders.refund")
def retry_refund(key: str) -> ResponseReturnValue:
    """Send the cash of a failed refund once more."""
    found = refunds_read.by_key(key)
    try:
        with transaction():
            refunding.retry(found.id, actor=as_staff(me().id), at=clock.now())
            orders.record("order.refund_retry", found.number, {"refund": found.key, "cash": found.cash})
    except MallError as refused:
        flash(words(refused), "bad")
        return go(url_for("admin.refunds"))
    flash(_("It is on its way once more."), "good")
    return go(url_for("admin.refunds"))


@bp.post("/refunds/<key>/settle")
@needs("refunds.settle")
def settle_refund(key: str) -> ResponseReturnValue:
    """The cash of a failed refund was given back in another way."""
    found, form = refunds_read.by_key(key), SettleForm()
    if not form.validate_on_submit():
        return _list(form, key, 422)
    try:
        with transaction():
            refunding.settle_by_hand(found.id, form.note.data, actor=as_staff(me().id), at=clock.now())
            settled = {"refund": found.key, "cash": found.cash}
            orders.record("order.refund_settle", found.number, settled, form.note.data)
    except MallError as refused:
        form.refuse(form.note, words(refused))
        return _list(form, key, refused.status)
    flash(_("Noted. The refund counts as settled."), "good")
    return go(url_for("admin.refunds"))


def _list(form: SettleForm, key: str = "", status: int = 200) -> ResponseReturnValue:
    return page(
        "admin/refunds.html",
        status=status,
        failed=refunds_read.tasks(),
        on_their_way=refunds_read.tasks(ON_ITS_WAY),
        disputes=refunds_read.disputed(payments.open_disputes()),
        why=dispute_reason,
        failed_because=_failure,
        form=form,
        key=key,
    )


def _failure(error: str) -> str:
    return str(_(_FAILURES[error]) if error in _FAILURES else _("Stripe says: %(words)s", words=error))

"""Cancelling at the desk: look at what it does, confirm; the whole order, or what was not sent of it (`rest`)."""

from flask import current_app, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mall.admin import orders, refund_preview, refunds
from mall.admin.blueprint import bp
from mall.admin.forms import CancelForm
from mall.admin.refund_forms import ConfirmCancelForm
from mall.core import clock, ids
from mall.core.actor import as_staff
from mall.core.db import transaction
from mall.core.errors import MallError
from mall.domain.orders import cancelling
from mall.domain.orders.queries import OrderView
from mall.domain.orders.refunding import Preview
from mall.domain.orders.refunding.errors import PreviewChanged
from mall.web.access import me, needs
from mall.web.errors import words
from mall.web.formatting import money
from mall.web.formatting import points as written
from mall.web.render import go


@bp.post("/orders/<number>/cancel")
@needs("orders.cancel")
def cancel(number: str) -> ResponseReturnValue:
    """Without `expect`: what cancelling would do; nothing is written. With it: do that."""
    found = orders.one(number)
    return _confirmed(found) if request.form.get("expect") else _looked_at(found)


def _looked_at(found: OrderView) -> ResponseReturnValue:
    form = CancelForm()
    if not form.validate_on_submit():
        return orders.shown(found, cancel_form=form, status=422)
    try:
        shown = cancelling.preview(
            found.id, lines=_lines(found), at=clock.now(), grace=current_app.config["SETTINGS"].grace
        )
    except MallError as refused:
        form.refuse(form.reason, words(refused))
        return orders.shown(found, cancel_form=form, status=refused.status)
    confirm = ConfirmCancelForm(formdata=None, reason=form.reason.data, expect=shown.hash, key=ids.token())
    return _preview(found, shown, confirm)


def _confirmed(found: OrderView) -> ResponseReturnValue:
    form = ConfirmCancelForm()
    if not form.validate_on_submit():
        return orders.shown(found, cancel_form=form, status=422)
    try:
        with transaction():
            done = cancelling.cancel(
                found.id,
                actor=as_staff(me().id),
                at=clock.now(),
                reason=form.reason.data,
                lines=_lines(found),
                limit=refunds.limit(),
                expect=form.expect.data,
                form_key=form.key.data,
                grace=current_app.config["SETTINGS"].grace,
            )
            if not done.again:
                given: dict[str, object] = {"points_back": done.points, "cash": done.cash}
                orders.record("order.cancel", found.number, given, form.reason.data)
    except PreviewChanged as changed:
        form.expect.data = changed.preview.hash
        return _preview(orders.one(found.number), changed.preview, form, changed=words(changed))
    except MallError as refused:
        form.refuse(form.reason, words(refused))
        return orders.shown(orders.one(found.number), cancel_form=form, status=refused.status)
    flash(_cancelled(done, found.currency), "good")
    return go(url_for("admin.order", number=found.number, _anchor="main"))


def _lines(found: OrderView) -> list[tuple[int, int]] | None:
    """What is to be cancelled: all that was not sent if the form says so, None = the whole order."""
    return found.rest if request.form.get("rest") else None


def _preview(
    found: OrderView, shown: Preview, form: ConfirmCancelForm, *, changed: str = ""
) -> ResponseReturnValue:
    rest = _lines(found) is not None
    deed = refund_preview.PreviewedDeed(
        title=_("Confirm the cancellation"),
        room=(_("Cancel"), url_for("admin.order", number=found.number, _anchor="cancel")),
        action=url_for("admin.cancel", number=found.number, _anchor="main"),
        submit=_("Cancel the rest") if rest else _("Cancel the order"),
        changed=_("Below is what cancelling would do now."),
        danger=True,
        fields={"rest": "1"} if rest else {},
    )
    return refund_preview.shown(found, shown, form, deed, changed=changed)


def _cancelled(done: cancelling.Cancelled, currency: str) -> str:
    if done.cash:
        return str(
            _(
                "Cancelled: %(points)s points are back, %(money)s is on its way to the card.",
                points=written(done.points),
                money=money(done.cash, currency),
            )
        )
    return str(_("Cancelled. %(points)s points went back to the member.", points=written(done.points)))

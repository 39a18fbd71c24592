"""A refund at the desk: choose the units, look at what it will do, confirm."""

from collections.abc import Mapping

from flask import current_app, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mall.admin import orders, refund_preview, refund_units
from mall.admin.blueprint import bp
from mall.admin.refund_forms import ConfirmRefundForm, RefundForm
from mall.core import clock, ids
from mall.core.actor import as_staff
from mall.core.db import transaction
from mall.core.errors import MallError
from mall.core.numbers import exponent
from mall.domain.members import rules
from mall.domain.orders import refunding
from mall.domain.orders.queries import OrderView
from mall.domain.orders.refunding import Limit, Preview, facts
from mall.domain.orders.refunding.errors import PreviewChanged
from mall.domain.orders.refunding.facts import Facts
from mall.domain.orders.refunding.previewing import foresee
from mall.domain.orders.refunding.rules import RESTOCKABLE, LineFacts
from mall.web.access import me, needs
from mall.web.errors import words
from mall.web.formatting import money
from mall.web.formatting import points as written
from mall.web.render import go, page


@bp.get("/orders/<number>/refund")
@needs("orders.refund")
def refund(number: str) -> ResponseReturnValue:
    """Choose what comes back."""
    found = orders.one(number)
    every = bool(request.args.get("all"))
    return _form(found, facts.of_order(found.id), RefundForm(formdata=None), every=every)


@bp.post("/orders/<number>/refund")
@needs("orders.refund")
def preview_refund(number: str) -> ResponseReturnValue:
    """What it would do: lots, dates, cash, earnings, debt, stock. Nothing is written."""
    found, form = orders.one(number), RefundForm()
    known = facts.of_order(found.id)
    asked, unread = refund_units.asked_for(known)
    wrong = unread | refund_units.over(known, asked)
    if not form.validate_on_submit() or wrong:
        return _form(found, known, form, 422, wrong=wrong)
    try:
        shown = foresee(
            known,
            asked,
            restock=form.restock.data,
            at=clock.now(),
            grace=current_app.config["SETTINGS"].grace,
        )
    except MallError as refused:
        form.refuse(form.reason, words(refused))
        return _form(found, known, form, refused.status)
    confirm = ConfirmRefundForm(
        formdata=None,
        reason=form.reason.data,
        restock=form.restock.data,
        expect=shown.hash,
        key=ids.token(),
    )
    return _preview(found, shown, confirm)


@bp.post("/orders/<number>/refund/confirm")
@needs("orders.refund")
def confirm_refund(number: str) -> ResponseReturnValue:
    """Do what was shown; if it would do something else by now, show that instead."""
    found, form = orders.one(number), ConfirmRefundForm()
    known = facts.of_order(found.id)
    asked, wrong = refund_units.asked_for(known)
    if not form.validate_on_submit() or wrong:
        return _form(found, known, RefundForm(), 422, wrong=wrong)
    try:
        with transaction():
            done = refunding.request(
                found.id,
                asked,
                restock=form.restock.data,
                reason=form.reason.data,
                actor=as_staff(me().id),
                at=clock.now(),
                expect=form.expect.data,
                form_key=form.key.data,
                limit=limit(),
                grace=current_app.config["SETTINGS"].grace,
            )
            if not done.again:
                given = {"refund": done.key, "points_back": done.points, "cash": done.cash}
                orders.record("order.refund", found.number, given, form.reason.data)
    except PreviewChanged as changed:
        form.expect.data = changed.preview.hash
        return _preview(found, changed.preview, form, changed=words(changed))
    except MallError as refused:
        again, known = RefundForm(), facts.of_order(found.id)
        if not (wrong := refund_units.over(known, asked)):
            again.refuse(again.reason, words(refused))
        return _form(found, known, again, refused.status, wrong=wrong)
    flash(_told(done.points, done.cash, known.currency), "good")
    return go(url_for("admin.order", number=found.number, _anchor="main"))


def limit() -> Limit:
    """What the signed-in person may give back within a day."""
    points, cash = rules.refund_at_most(me())
    return Limit(points, cash * 10 ** exponent(current_app.config["SETTINGS"].currency))


def _told(points: int, cash: int, currency: str) -> str:
    if cash:
        return str(
            _(
                "Refunded: %(points)s points are back, %(money)s is on its way to the card.",
                points=written(points),
                money=money(cash, currency),
            )
        )
    return str(_("Refunded: %(points)s points are back.", points=written(points)))


def _restockable(lines: tuple[LineFacts, ...]) -> bool:
    return any(line.out and line.kind in RESTOCKABLE for line in lines)


def _form(
    found: OrderView,
    known: Facts,
    form: RefundForm,
    status: int = 200,
    *,
    wrong: Mapping[str, str] | None = None,
    every: bool = False,
) -> ResponseReturnValue:
    """The form as it was sent, with what is `wrong` at each quantity; `every`: all that was not sent is chosen."""
    named = refund_preview.names(found)
    for name, said in (wrong or {}).items():
        line = named[int(name.partition("-")[2])]
        form.form_errors.append(_("%(label)s: %(text)s", label=line, text=said))
    return page(
        "admin/refund.html",
        status=status,
        order=found,
        lines=[line for line in known.lines if line.unsent or line.out],
        names=named,
        wrong=wrong or {},
        all=every,
        restockable=_restockable(known.lines),
        form=form,
    )


def _preview(
    found: OrderView, shown: Preview, form: ConfirmRefundForm, *, changed: str = ""
) -> ResponseReturnValue:
    fields: dict[str, str | int] = {"restock": "y"} if form.restock.data else {}
    for part in shown.parts:
        fields |= {f"unsent-{part.line.id}": part.unsent, f"returned-{part.line.id}": part.returned}
    deed = refund_preview.PreviewedDeed(
        title=_("Confirm the refund"),
        room=(_("Refund"), url_for("admin.refund", number=found.number)),
        action=url_for("admin.confirm_refund", number=found.number),
        submit=_("Refund this"),
        changed=_("Below is what the refund would do now."),
        danger=False,
        fields=fields,
    )
    return refund_preview.shown(found, shown, form, deed, changed=changed)

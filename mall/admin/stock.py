"""An item's stock: how many there are, counts put right with a reason, and the journal that explains them."""

from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from mall.admin.blueprint import bp
from mall.admin.deeds import said
from mall.admin.item import load, shown
from mall.admin.item_forms import CountForm, StockForm
from mall.core import clock, ids
from mall.core.actor import as_staff
from mall.core.db import transaction
from mall.core.errors import MallError, NotFound
from mall.domain.items import desk, errors, queries
from mall.domain.items.queries import StaffItem, StaffVariant
from mall.domain.members import directory
from mall.web.access import me, needs
from mall.web.arguments import whole
from mall.web.formatting import points as written
from mall.web.render import go

PAGE = 30


@bp.get("/items/<int:id>/stock")
@needs("items.read")
def item_stock(id: int) -> ResponseReturnValue:
    """The stock of the item's variants, and the journal of one of them."""
    found = load(id)
    return _shown(found, _variant(found, whole("variant")))


@bp.post("/items/<int:id>/stock/<int:variant>")
@needs("stock.adjust")
def adjust_stock(id: int, variant: int) -> ResponseReturnValue:
    """Received, found or written off: once, however often the form is sent."""
    found = load(id)
    chosen, form = _variant(found, variant), StockForm()
    if not form.validate_on_submit():
        return _shown(found, chosen, form, status=422)
    count = form.count.data or 0
    try:
        with transaction():
            done = desk.adjust_stock(
                id,
                variant,
                change=-count if form.way.data == "written_off" else count,
                reason=form.way.data,
                note=form.note.data,
                key=form.key.data,
                actor=as_staff(me().id),
                at=clock.now(),
            )
    except errors.OutOfStock as refused:
        left = refused.params["left"]
        message = _("There is nothing available to write off.")
        if left:
            message = ngettext(
                "Only %(left)s is available: no more can be written off.",
                "Only %(left)s are available: no more can be written off.",
                left,
                left=written(left),
            )
        form.refuse(form.count, message)
        return _shown(load(id), chosen, form, status=refused.status)
    except MallError as refused:
        form.refuse(form.count, said(refused))
        return _shown(load(id), chosen, form, status=refused.status)
    flash(
        _(
            "%(sku)s: %(before)s → %(after)s.",
            sku=done.sku,
            before=_said(done.before),
            after=_said(done.after),
        )
        if not done.again
        else _("This was done already; nothing was changed twice."),
        "good",
    )
    return go(url_for("admin.item_stock", id=id, variant=variant, _anchor="main"))


@bp.post("/items/<int:id>/stock/<int:variant>/counting")
@needs("stock.adjust")
def count_stock(id: int, variant: int) -> ResponseReturnValue:
    """Count a variant from now on, or no longer."""
    found = load(id)
    chosen, form = _variant(found, variant), CountForm(prefix="count-")
    sound = form.validate_on_submit()
    if sound and form.counted.data == "yes" and form.left.data is None:
        form.refuse(form.left, _("Please say how many there are."))
        sound = False
    if not sound:
        return _shown(found, chosen, counting=form, status=422)
    try:
        with transaction():
            done = desk.count_stock(
                id,
                variant,
                count=form.left.data if form.counted.data == "yes" else None,
                note=form.note.data,
                actor=as_staff(me().id),
                at=clock.now(),
            )
    except MallError as refused:
        form.refuse(form.left, said(refused))
        return _shown(load(id), chosen, counting=form, status=refused.status)
    flash(
        _(
            "%(sku)s: %(before)s → %(after)s.",
            sku=done.sku,
            before=_said(done.before),
            after=_said(done.after),
        ),
        "good",
    )
    return go(url_for("admin.item_stock", id=id, variant=variant, _anchor="main"))


def _said(count: int | None) -> str:
    return str(_("unlimited")) if count is None else written(count)


def _variant(found: StaffItem, variant_id: int | None) -> StaffVariant | None:
    """The variant that was asked for, else the first; None if the item has none. Raises NotFound."""
    if variant_id is None:
        return found.variants[0] if found.variants else None
    chosen = next((v for v in found.variants if v.variant_id == variant_id), None)
    if chosen is None:
        raise NotFound
    return chosen


def _shown(
    found: StaffItem,
    chosen: StaffVariant | None,
    form: StockForm | None = None,
    counting: CountForm | None = None,
    **context: Any,
) -> ResponseReturnValue:
    journal = []
    if chosen:
        chosen = _variant(found, chosen.variant_id)
        assert chosen is not None
        journal = queries.stock_journal(chosen.variant_id, before=whole("before"), limit=PAGE + 1)
    people = {move.actor_id for move in journal if move.actor_id}
    if counting is None:
        counting = CountForm(formdata=None, prefix="count-")
        counting.counted.data = "no" if chosen and chosen.available is None else "yes"
        counting.left.data = chosen.available if chosen else None
    return shown(
        "admin/_moves.html" if _is_more() else "admin/item_stock.html",
        found,
        "stock",
        chosen=chosen,
        form=form or StockForm(formdata=None, key=ids.token()),
        counting=counting,
        journal=journal[:PAGE],
        more=journal[PAGE - 1].move_id if len(journal) > PAGE else None,
        names=directory.names(sorted(people)) if people else {},
        **context,
    )


def _is_more() -> bool:
    """Whether htmx asks for the next stretch of the journal."""
    return "HX-Request" in request.headers and "before" in request.args

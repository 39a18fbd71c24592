"""An item's prices: the schedule, a new price from now or from a day on, a planned one withdrawn; limits."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_percent
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from mall.admin.blueprint import bp
from mall.admin.deeds import Deed, deed, said
from mall.admin.item import load, shown
from mall.admin.item_forms import LimitsForm, PriceForm, per_hundred
from mall.core import clock
from mall.core.errors import MallError, NotFound
from mall.domain.items import service
from mall.domain.items.desk import ChangedMeanwhile
from mall.domain.items.queries import StaffItem, StaffOffer
from mall.domain.items.rules import in_force
from mall.domain.members import directory
from mall.web.access import needs
from mall.web.formatting import moment
from mall.web.formatting import points as written
from mall.web.render import go


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a price would mean: the price before it, the change, and what 100 points buy (minor units) then and now."""

    points: int
    starts_at: datetime
    before: int | None
    change: str | None
    worth: int | None
    worth_before: int | None


@bp.get("/items/<int:id>/prices")
@needs("items.read")
def item_prices(id: int) -> ResponseReturnValue:
    """The schedule of every offer: past, now, next."""
    return _shown(load(id))


@bp.post("/items/<int:id>/prices")
@needs("items.edit")
def set_price(id: int) -> ResponseReturnValue:
    """First show what the price would mean; when that was seen (`do=save`), set it."""
    found, form = load(id), PriceForm()
    form.offer.choices = _offers(found)
    now = clock.now()
    zone = current_app.config["SETTINGS"].timezone
    starts_at = form.starts_at(now, zone) if form.validate_on_submit() else None
    points = form.points.data or 0
    if starts_at is None:
        return _shown(found, form, status=422)
    if starts_at < now:
        form.refuse(form.day, _("A price can start now or later, not in the past."))
        return _shown(found, form, status=422)
    if request.form.get("do") != "save":
        return _shown(found, form, outlook=_outlook(found, form.offer.data, points, starts_at))
    try:
        with deed(id, "item.price.set") as done:
            _set(done, found, form, starts_at if form.when.data == "later" else done.at)
    except ChangedMeanwhile as refused:
        form.refuse(form.points, said(refused))
        return _shown(load(id), form, status=refused.status)
    except MallError as refused:
        form.refuse(form.day if form.when.data == "later" else form.points, said(refused))
        return _shown(found, form, status=refused.status)
    if form.when.data == "later":
        flash(
            _(
                "Planned: %(points)s points from %(moment)s.",
                points=written(points),
                moment=moment(starts_at),
            ),
            "good",
        )
    else:
        flash(_("The price is now %(points)s points.", points=written(points)), "good")
    return go(url_for("admin.item_prices", id=id, _anchor="main"))


@bp.post("/items/<int:id>/prices/<int:price>/withdraw")
@needs("items.edit")
def withdraw_price(id: int, price: int) -> ResponseReturnValue:
    """Take back a price that has not started."""
    found = load(id)
    version = next((v for offer in found.offers for v in offer.prices if v.price_id == price), None)
    if version is None:
        raise NotFound
    try:
        with deed(id, "item.price.withdraw") as done:
            service.withdraw_price(price, at=done.at)
            done.before.update(points=version.points, starts_at=version.starts_at.isoformat())
    except MallError as refused:
        return _shown(load(id), status=refused.status, refusal=said(refused))
    flash(_("Withdrawn. The price before it stays in force."), "good")
    return go(url_for("admin.item_prices", id=id, _anchor="main"))


@bp.post("/items/<int:id>/limits/<int:offer>")
@needs("items.edit")
def set_limits(id: int, offer: int) -> ResponseReturnValue:
    """How many a member may have through an offer."""
    found = load(id)
    old = next((each for each in found.offers if each.offer_id == offer), None)
    if old is None:
        raise NotFound
    form = LimitsForm(prefix="limits-")
    if not form.validate_on_submit():
        return _shown(found, limits={offer: form}, status=422)
    try:
        with deed(id, "item.limit.set") as done:
            new = service.Limits(form.per_order.data, form.per_day.data, form.ever.data)
            service.edit_offer(offer, limits=new, at=done.at)
            done.changed("limit_per_order", old.limit_per_order, new.per_order)
            done.changed("limit_per_day", old.limit_per_day, new.per_day)
            done.changed("limit_ever", old.limit_ever, new.ever)
    except MallError as refused:
        form.refuse(form.per_order, said(refused))
        return _shown(load(id), limits={offer: form}, status=refused.status)
    flash(_("Limits saved."), "good")
    return go(url_for("admin.item_prices", id=id, _anchor="main"))


def _set(done: Deed, found: StaffItem, form: PriceForm, starts_at: datetime) -> None:
    kind, _colon, number = form.offer.data.partition(":")
    offer_id = int(number)
    if kind == "variant":
        offer_id = service.add_offer(found.item_id, variant_id=int(number), at=done.at).id
    points = form.points.data or 0
    service.set_price(offer_id, points=points, starts_at=starts_at, actor=done.actor, at=done.at)
    before = _price_before(found, form.offer.data, starts_at)
    done.before["points"], done.after["points"] = before, points
    done.after["starts_at"] = starts_at.isoformat()


def _offers(found: StaffItem) -> list[SelectChoice]:
    """What a price can be for: each offer in use, and each variant that has no price of its own yet."""
    offers = [offer for offer in found.offers if offer.active]
    own = {offer.variant_id for offer in offers}
    choices = [
        SelectChoice(
            f"offer:{offer.offer_id}",
            _("only %(sku)s", sku=offer.sku) if offer.sku else _("all variants"),
        )
        for offer in offers
    ]
    if len(found.variants) > 1:
        choices += [
            SelectChoice(f"variant:{v.variant_id}", _("only %(sku)s (a price of its own)", sku=v.sku))
            for v in found.variants
            if v.variant_id not in own
        ]
    return choices


def _offer(found: StaffItem, choice: str) -> StaffOffer | None:
    """The offer of a choice; for a variant without one, the item's."""
    return next(
        (offer for offer in found.offers if f"offer:{offer.offer_id}" == choice),
        next((offer for offer in found.offers if offer.active and offer.variant_id is None), None),
    )


def _price_before(found: StaffItem, choice: str, starts_at: datetime) -> int | None:
    offer = _offer(found, choice)
    versions = [(v.starts_at, v.points) for v in offer.prices] if offer else []
    current = in_force(versions, starts_at)
    return current[1] if current else None


def _outlook(found: StaffItem, choice: str, points: int, starts_at: datetime) -> Outlook:
    before = _price_before(found, choice, starts_at)
    change = None
    if before:
        change = format_percent(Decimal(points - before) / before, "+#,##0.#%;−#,##0.#%")
    return Outlook(
        points,
        starts_at,
        before,
        change,
        per_hundred(points, found.value),
        per_hundred(before or 0, found.value),
    )


def _shown(found: StaffItem, form: PriceForm | None = None, **context: Any) -> ResponseReturnValue:
    zone = current_app.config["SETTINGS"].timezone
    if form is None:
        form = PriceForm(formdata=None)
        form.day.data = clock.now().astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
    form.offer.choices = _offers(found)
    form.version.data = str(found.version)
    limits: dict[int, LimitsForm] = context.pop("limits", {})
    for offer in found.offers:
        if offer.offer_id not in limits:
            limits[offer.offer_id] = _limits(offer)
        limits[offer.offer_id].version.data = str(found.version)
    people = {v.created_by for offer in found.offers for v in offer.prices if v.created_by}
    return shown(
        "admin/item_prices.html",
        found,
        "prices",
        form=form,
        limits=limits,
        zone=zone,
        per_hundred=per_hundred,
        names=directory.names(sorted(people)) if people else {},
        **context,
    )


def _limits(offer: StaffOffer) -> LimitsForm:
    form = LimitsForm(formdata=None, prefix="limits-")
    form.per_order.data, form.per_day.data = offer.limit_per_order, offer.limit_per_day
    form.ever.data = offer.limit_ever
    return form

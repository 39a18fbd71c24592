"""An item's prices: the schedule of every way to pay, a new price from now or from a day on, a planned one withdrawn."""

from datetime import datetime
from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mall.admin.blueprint import bp
from mall.admin.deeds import Deed, deed, said
from mall.admin.item import load
from mall.admin.offer_forms import PriceForm
from mall.admin.price_outlook import Outlook, outlook, price_words
from mall.admin.price_page import (
    form_for,
    fresh,
    kind_of,
    offer_of,
    price_before,
    prices_page,
    value_of,
    zone,
)
from mall.admin.stock_pace import stock_pace
from mall.core import clock
from mall.core.errors import MallError, NotFound
from mall.domain.items import errors, service
from mall.domain.items.desk import ChangedMeanwhile
from mall.domain.items.queries import StaffItem
from mall.domain.tiers import queries as tiers
from mall.web.access import needs
from mall.web.formatting import moment
from mall.web.render import go


@bp.get("/items/<int:id>/prices")
@needs("items.read")
def item_prices(id: int) -> ResponseReturnValue:
    """The schedule of every offer: past, now, next; and the form of a price for the one that was chosen."""
    found = load(id)
    return prices_page(found, fresh(found, request.args.get("offer", "")))


@bp.post("/items/<int:id>/prices")
@needs("items.edit")
def set_price(id: int) -> ResponseReturnValue:
    """First show what the price would mean; when that was seen (`do=save`), set it."""
    found = load(id)
    form = form_for(found, request.form.get("offer", ""))
    now = clock.now()
    starts_at = form.starts_at(now, zone()) if form.validate_on_submit() else None
    if starts_at is None:
        return prices_page(found, form, status=422)
    if starts_at < now:
        form.refuse(form.day, _("A price can start now or later, not in the past."))
        return prices_page(found, form, status=422)
    kind = kind_of(found, form.offer.data)
    try:
        service.check_price(kind, form.price)
    except MallError as refused:
        form.refuse(_blamed(form, refused), said(refused))
        return prices_page(found, form, status=refused.status)
    if request.form.get("do") != "save":
        return prices_page(
            found, form, outlook=_outlook(found, form, starts_at), stock=_stock(found, form, now)
        )
    try:
        with deed(id, "item.price.set") as done:
            _set(done, found, form, starts_at if form.when.data == "later" else done.at)
    except ChangedMeanwhile as refused:
        form.refuse(_blamed(form, refused), said(refused))
        return prices_page(load(id), form, status=refused.status)
    except MallError as refused:
        form.refuse(form.day if form.when.data == "later" else _blamed(form, refused), said(refused))
        return prices_page(found, form, status=refused.status)
    words = price_words(kind, form.price)
    if form.when.data == "later":
        flash(_("Planned: %(price)s from %(moment)s.", price=words, moment=moment(starts_at)), "good")
    else:
        flash(_("The price is now %(price)s.", price=words), "good")
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
            if version.cash:
                done.before["cash"] = version.cash
    except MallError as refused:
        return prices_page(load(id), status=refused.status, refusal=said(refused))
    flash(_("Withdrawn. The price before it stays in force."), "good")
    return go(url_for("admin.item_prices", id=id, _anchor="main"))


def _set(done: Deed, found: StaffItem, form: PriceForm, starts_at: datetime) -> None:
    what, _colon, number = form.offer.data.partition(":")
    offer_id = int(number)
    if what == "variant":
        offer_id = service.add_offer(found.item_id, variant_id=int(number), at=done.at).id
    price, before = form.price, price_before(found, form.offer.data, starts_at)
    service.set_price(
        offer_id,
        points=price.points,
        cash=price.cash,
        min_points=price.min_points,
        max_points=price.max_points,
        max_share=price.max_share,
        starts_at=starts_at,
        actor=done.actor,
        at=done.at,
    )
    for name in form.NUMBERS:
        then, now = getattr(before, name, None), getattr(price, name)
        if then or now:
            done.before[name], done.after[name] = then, now
    done.after["starts_at"] = starts_at.isoformat()
    done.after["way"] = kind_of(found, form.offer.data)


def _outlook(found: StaffItem, form: PriceForm, starts_at: datetime) -> Outlook:
    choice = form.offer.data
    what, _colon, number = choice.partition(":")
    offer = offer_of(found, choice) if what == "offer" else None
    return outlook(
        offer.kind if offer else "points",
        form.price,
        price_before(found, choice, starts_at),
        starts_at=starts_at,
        value=value_of(found, offer.variant_id if offer else int(number)),
        ladder=tiers.ladder(),
        tiers=offer.tiers if offer else frozenset(),
        tier_discount=offer.tier_discount if offer else "cash",
    )


def _stock(found: StaffItem, form: PriceForm, at: datetime) -> str:
    what, _colon, number = form.offer.data.partition(":")
    offer = offer_of(found, form.offer.data) if what == "offer" else None
    return stock_pace(found, offer, int(number), at)


def _blamed(form: PriceForm, refused: MallError) -> Any:
    """The field of the number that a refusal is about; the first number for any other."""
    for name, error in errors.BAD_PRICE.items():
        if isinstance(refused, error) and name in form.NUMBERS:
            return form[name]
    return form[form.NUMBERS[0]]

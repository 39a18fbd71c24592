"""An item's ways to pay: one more of any kind; for whom, when and with which limits; out of use and back."""

from datetime import UTC, datetime
from typing import Any

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mall.admin.blueprint import bp
from mall.admin.deeds import Deed, deed, said, typed
from mall.admin.item import load
from mall.admin.item_forms import LimitsForm
from mall.admin.offer_forms import OfferForm
from mall.admin.price_page import beside, new_form, place_of, places_beside, prices_page, zone
from mall.core import clock
from mall.core.errors import MallError, NotFound
from mall.domain.items import errors, service
from mall.domain.items.queries import StaffItem, StaffOffer
from mall.domain.tiers import queries as tiers
from mall.web.access import needs
from mall.web.render import go


@bp.post("/items/<int:id>/offers")
@needs("items.edit")
def add_offer(id: int) -> ResponseReturnValue:
    """One more way to pay. It has no price yet, so members do not see it before one is set."""
    found = load(id)
    form = new_form(found, _ladder())
    if not _checked(form):
        return prices_page(found, new=form, status=422)
    variant = form.variant.data or None
    try:
        with deed(id, "item.offer.add") as done:
            offer = service.add_offer(
                id,
                kind=form.kind.data,
                variant_id=variant,
                audience=form.audience(zone()),
                tier_discount=form.tier_discount.data,
                at=done.at,
            )
            # As a change of the item: who still looks at its page without this offer is told so.
            service.place_offer(offer.id, len(beside(found, variant)), at=done.at)
            offer_id = offer.id
            done.after["way"] = form.kind.data
            if variant:
                done.after["sku"] = next(v.sku for v in found.variants if v.variant_id == variant)
            _note(done, None, form)
    except MallError as refused:
        _blame(form, refused)
        return prices_page(load(id), new=form, status=refused.status)
    flash(_("Added. Members see it once it has a price: set it now."), "good")
    return go(url_for("admin.item_prices", id=id, offer=f"offer:{offer_id}", _anchor="price"))


@bp.post("/items/<int:id>/offers/<int:offer>")
@needs("items.edit")
def edit_offer(id: int, offer: int) -> ResponseReturnValue:
    """For whom an offer is, when it is open, what a tier's discount takes from, its place."""
    found = load(id)
    old = _of(found, offer)
    form = OfferForm(prefix=f"offer{offer}-")
    place = place_of(found, old)
    form.choose(_ladder(), places_beside(found, old))
    if not _checked(form):
        return prices_page(found, edits={offer: form}, status=422)
    wanted = form.position.data
    try:
        with deed(id, "item.offer.edit") as done:
            service.edit_offer(
                offer,
                audience=form.audience(zone()),
                tier_discount=form.tier_discount.data,
                at=done.at,
            )
            done.after["way"] = old.kind
            _note(done, old, form)
            if place is not None and wanted is not None and wanted != place:
                service.place_offer(offer, wanted, at=done.at)
                done.changed("position", place + 1, wanted + 1)
    except MallError as refused:
        _blame(form, refused)
        return prices_page(load(id), edits={offer: form}, status=refused.status)
    flash(_("Saved."), "good")
    return go(url_for("admin.item_prices", id=id, _anchor=f"offer-{offer}"))


@bp.post("/items/<int:id>/offers/<int:offer>/switch")
@needs("items.edit")
def switch_offer(id: int, offer: int) -> ResponseReturnValue:
    """Take an offer out of use, or bring it back (`do`: restore)."""
    found = load(id)
    old, back = _of(found, offer), typed("do") == "restore"
    try:
        with deed(id, "item.offer.restore" if back else "item.offer.stop") as done:
            service.edit_offer(offer, active=back, at=done.at)
            done.after["way"] = old.kind
    except MallError as refused:
        return prices_page(load(id), status=refused.status, refusal=said(refused))
    if back:
        flash(_("Back in use."), "good")
    elif found.status == "live" and not _left(found, offer):
        flash(_("Out of use. Members cannot redeem this item now: it has no other way to pay."), "warn")
    else:
        flash(_("Out of use. You can bring it back."), "good")
    return go(url_for("admin.item_prices", id=id, _anchor=f"offer-{offer}"))


@bp.post("/items/<int:id>/limits/<int:offer>")
@needs("items.edit")
def set_limits(id: int, offer: int) -> ResponseReturnValue:
    """How many a member may have through an offer."""
    found = load(id)
    old = _of(found, offer)
    form = LimitsForm(prefix="limits-")
    if not form.validate_on_submit():
        return prices_page(found, limits={offer: form}, status=422)
    try:
        with deed(id, "item.limit.set") as done:
            new = service.Limits(form.per_order.data, form.per_day.data, form.ever.data)
            service.edit_offer(offer, limits=new, at=done.at)
            done.changed("limit_per_order", old.limit_per_order, new.per_order)
            done.changed("limit_per_day", old.limit_per_day, new.per_day)
            done.changed("limit_ever", old.limit_ever, new.ever)
    except MallError as refused:
        form.refuse(form.per_order, said(refused))
        return prices_page(load(id), limits={offer: form}, status=refused.status)
    flash(_("Limits saved."), "good")
    return go(url_for("admin.item_prices", id=id, _anchor="main"))


def _of(found: StaffItem, offer_id: int) -> StaffOffer:
    """The item's offer of that number. Raises NotFound for another item's."""
    for offer in found.offers:
        if offer.offer_id == offer_id:
            return offer
    raise NotFound


def _ladder() -> list[str]:
    return [tier.code for tier in tiers.ladder()]


def _left(found: StaffItem, gone: int) -> bool:
    """Whether some other offer in use has a price now."""
    now = clock.now()
    return any(o.active and o.offer_id != gone and o.price_at(now) is not None for o in found.offers)


def _checked(form: OfferForm) -> bool:
    """Whether the form can be read; everything that is wrong with it is said at its fields."""
    valid = bool(form.validate_on_submit())
    return form.sound() and valid


def _blame(form: OfferForm, refused: MallError) -> None:
    """Say a refusal at the field that it is about."""
    about = {errors.BadWindow: form.until_day, errors.UnknownTier: form.tiers}
    form.refuse(about.get(type(refused), form.tier_discount), said(refused))


def _note(done: Deed, old: StaffOffer | None, form: OfferForm) -> None:
    """Write down what is another than it was; of a new offer, what is not the rule."""
    new = form.audience(zone())
    rows: list[tuple[str, Any, Any]] = [
        ("tiers", sorted(old.tiers) if old else [], sorted(new.tiers)),
        ("opens", _iso(old.starts_at if old else None), _iso(new.starts_at)),
        ("closes", _iso(old.ends_at if old else None), _iso(new.ends_at)),
        ("tier_discount", old.tier_discount if old else "cash", form.tier_discount.data),
    ]
    for name, before, after in rows:
        done.changed(name, before, after)


def _iso(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at else None

"""Delivery at the desk: which methods are offered, and what each costs where; changes are audited and can be undone."""

from typing import Any

from flask import current_app, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, ValidationError

from mall.admin.blueprint import bp
from mall.admin.deeds import said, typed
from mall.admin.item_forms import Money
from mall.core import clock
from mall.core.actor import as_staff
from mall.core.db import transaction
from mall.core.errors import BadValue, MallError, NotFound
from mall.domain.orders import delivery_rates as rates
from mall.domain.orders import regions
from mall.domain.orders.delivery import NOWHERE
from mall.domain.orders.errors import BadPlace, PlaceTaken
from mall.domain.orders.models import DeliveryMethod, DeliveryRate
from mall.domain.orders.queries import spoken
from mall.web.access import me, needs
from mall.web.addresses import countries
from mall.web.arguments import whole
from mall.web.delivery_words import place_words
from mall.web.forms import Form, at_most, required
from mall.web.languages import locale_tag
from mall.web.render import go, page


class RateForm(Form):
    """A rate: of which method, what staff call the region, its places one a line, the fee, free from which value."""

    version = HiddenField(default="0")
    method = SelectField(_l("Delivery method"))
    name = StringField(_l("Name of the region"), validators=[required(), at_most(80)])
    places = TextAreaField(_l("Places, one a line"), validators=[at_most(4000)])
    fee = Money(_l("Fee"), validators=[InputRequired(message=_l("Please fill this in."))])
    free_from = Money(_l("Free from a basket worth"))

    def validate_places(self, field: Field) -> None:
        """Countries that the address form offers, and in China the provinces there are: else no address would match."""
        known = dict(countries())
        for text in _lines(field.data):
            place = regions.parse_place(text)
            if place is None or place.country not in known or not regions.is_there(place):
                raise ValidationError(said(BadPlace(value=text[:60])))


@bp.get("/delivery")
@needs("items.read")
def delivery() -> ResponseReturnValue:
    """All methods with their rates, the withdrawn ones too."""
    return _shown()


@bp.get("/delivery/rates/<int:rate>")
@needs("delivery.edit")
def delivery_rate(rate: int) -> ResponseReturnValue:
    """A rate in its form."""
    found = _rate(rate)
    form = RateForm(
        formdata=None, data={**rates.told(found), "version": found.version, "method": found.method}
    )
    form.places.data = "\n".join(found.places)
    return _edited(found, form)


@bp.post("/delivery/rates")
@needs("delivery.edit")
def add_rate() -> ResponseReturnValue:
    """A new rate."""
    form = _form()
    if not form.validate_on_submit():
        return _shown(form, status=422)
    try:
        with transaction():
            rates.add(_typed(form, form.method.data), actor=as_staff(me().id), at=clock.now())
    except MallError as refused:
        _refuse(form, refused)
        return _shown(form, status=refused.status)
    flash(_("The rate is in force from now on."), "good")
    return go(url_for("admin.delivery", _anchor="main"))


@bp.post("/delivery/rates/<int:rate>")
@needs("delivery.edit")
def edit_rate(rate: int) -> ResponseReturnValue:
    """Change a rate; prices that were quoted stay."""
    found, form = _rate(rate), _form()
    form.method.data = found.method
    if not form.validate_on_submit():
        return _edited(found, form, status=422)
    try:
        with transaction():
            rates.edit(
                rate,
                _typed(form, found.method),
                version=whole("version") or 0,
                actor=as_staff(me().id),
                at=clock.now(),
            )
    except MallError as refused:
        _refuse(form, refused)
        return _edited(found, form, status=refused.status)
    flash(_("Saved."), "good")
    return go(url_for("admin.delivery", _anchor="main"))


@bp.post("/delivery/rates/<int:rate>/switch")
@needs("delivery.edit")
def switch_rate(rate: int) -> ResponseReturnValue:
    """Withdraw a rate, or bring it back (`do`: restore)."""
    back = typed("do") == "restore"
    try:
        with transaction():
            rates.set_active(
                rate,
                back,
                version=whole("version") or 0,
                actor=as_staff(me().id),
                at=clock.now(),
            )
    except NotFound:
        raise
    except MallError as refused:
        flash(said(refused), "bad")
        return go(url_for("admin.delivery", _anchor="main"))
    flash(_("The rate is back.") if back else _("Withdrawn. You can bring it back."), "good")
    return go(url_for("admin.delivery", _anchor="main"))


@bp.post("/delivery/methods/<code>/switch")
@needs("delivery.edit")
def switch_method(code: str) -> ResponseReturnValue:
    """Offer a method at the checkout (`do`: offer), or no longer."""
    try:
        with transaction():
            rates.offer_method(code, typed("do") == "offer", actor=as_staff(me().id), at=clock.now())
    except BadValue as refused:
        raise NotFound from refused
    except MallError as refused:
        flash(said(refused), "bad")
        return go(url_for("admin.delivery", _anchor="main"))
    flash(_("Saved."), "good")
    return go(url_for("admin.delivery", _anchor="main"))


def _form(**more: Any) -> RateForm:
    form = RateForm(**more)
    form.method.choices = [(method.code, _name(method)) for method in rates.all_methods()]
    return form


def _name(method: DeliveryMethod) -> str:
    return spoken(method.name, locale_tag())


def _rate(rate: int) -> DeliveryRate:
    for found in rates.all_rates():
        if found.id == rate:
            return found
    raise NotFound


def _typed(form: RateForm, method: str) -> rates.NewRate:
    return rates.NewRate(
        method,
        form.name.data or "",
        _lines(form.places.data),
        form.fee.data or 0,
        form.free_from.data or None,
    )


def _lines(text: str | None) -> tuple[str, ...]:
    return tuple(line.strip() for line in (text or "").splitlines() if line.strip())


def _refuse(form: RateForm, refused: MallError) -> None:
    field = form.places if isinstance(refused, BadPlace | PlaceTaken) else form.name
    form.refuse(field, said(refused))


def _shown(form: RateForm | None = None, status: int = 200) -> ResponseReturnValue:
    methods, found = rates.all_methods(), rates.all_rates()
    return page(
        "admin/delivery.html",
        status=status,
        methods=[(m, _name(m), [rate for rate in found if rate.method == m.code]) for m in methods],
        place_words=place_words,
        nowhere=NOWHERE,
        form=form or _form(formdata=None),
        currency=current_app.config["SETTINGS"].currency,
        may_edit=me().can("delivery.edit"),
    )


def _edited(found: DeliveryRate, form: RateForm, status: int = 200) -> ResponseReturnValue:
    return page("admin/delivery_rate.html", status=status, rate=found, form=form, version=found.version)

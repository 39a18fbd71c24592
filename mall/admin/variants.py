"""An item's variants: what sets each apart, its SKU, and whether members can choose it."""

from typing import Any

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mall.admin.blueprint import bp
from mall.admin.deeds import deed, said
from mall.admin.item import load, shown
from mall.admin.item_forms import SUFFIX, NewVariantForm, VariantForm
from mall.core.errors import MallError, NotFound
from mall.domain.items import errors, service
from mall.domain.items.queries import StaffItem, StaffVariant
from mall.web.access import needs
from mall.web.render import go


@bp.get("/items/<int:id>/variants")
@needs("items.read")
def item_variants(id: int) -> ResponseReturnValue:
    """Every variant with its form, and one for a new variant."""
    return _shown(load(id))


@bp.post("/items/<int:id>/variants")
@needs("items.edit")
def add_variant(id: int) -> ResponseReturnValue:
    """A new variant with its opening stock; its SKU is free once, so a second click makes none."""
    found, form = load(id), NewVariantForm(prefix="new-")
    if not form.validate_on_submit():
        return _shown(found, new=form, status=422)
    try:
        with deed(id, "item.variant.add") as done:
            service.add_variant(
                id,
                sku=form.sku.data,
                options=_options(form),
                stock_count=form.stock.data,
                value=form.value.data,
                actor=done.actor,
                at=done.at,
            )
            done.after.update(sku=form.sku.data, **_options(form))
    except MallError as refused:
        form.refuse(form.sku, said(refused))
        return _shown(load(id), new=form, status=refused.status)
    flash(_("Variant %(sku)s added.", sku=form.sku.data), "good")
    return go(url_for("admin.item_variants", id=id))


@bp.post("/items/<int:id>/variants/<int:variant>")
@needs("items.edit")
def edit_variant(id: int, variant: int) -> ResponseReturnValue:
    """Change a variant, or take it out of the choice."""
    found = load(id)
    old = next((each for each in found.variants if each.variant_id == variant), None)
    if old is None:
        raise NotFound
    form = VariantForm(prefix=f"v{variant}-")
    if not form.validate_on_submit():
        return _shown(found, forms={variant: form}, status=422)
    try:
        with deed(id, "item.variant.edit") as done:
            service.edit_variant(
                variant,
                sku=form.sku.data,
                options=_options(form),
                value=form.value.data,
                no_value=form.value.data is None,
                active=form.active.data,
                at=done.at,
            )
            done.changed("sku", old.sku, form.sku.data)
            done.changed("value", old.value, form.value.data)
            done.changed("active", old.active, form.active.data)
            for locale, words in _options(form).items():
                done.changed(f"options {locale}", old.options.get(locale) or None, words or None)
    except MallError as refused:
        field = form.active if isinstance(refused, errors.NeedsVariant) else form.sku
        form.refuse(field, said(refused))
        return _shown(load(id), forms={variant: form}, status=refused.status)
    flash(_("Variant %(sku)s saved.", sku=form.sku.data), "good")
    return go(url_for("admin.item_variants", id=id))


def _options(form: VariantForm) -> dict[str, str]:
    return {locale: form[f"options_{end}"].data or "" for locale, end in SUFFIX.items()}


def _filled(variant: StaffVariant) -> VariantForm:
    form = VariantForm(formdata=None, prefix=f"v{variant.variant_id}-")
    form.sku.data, form.value.data, form.active.data = variant.sku, variant.value, variant.active
    for locale, end in SUFFIX.items():
        form[f"options_{end}"].data = variant.options.get(locale, "")
    return form


def _shown(
    found: StaffItem,
    *,
    forms: dict[int, VariantForm] | None = None,
    new: NewVariantForm | None = None,
    **context: Any,
) -> ResponseReturnValue:
    """Every form is of the item's version now: who was overtaken sees the new state and may save again."""
    forms = forms or {}
    for variant in found.variants:
        forms.setdefault(variant.variant_id, _filled(variant))
    fresh = new or NewVariantForm(formdata=None, prefix="new-")
    for form in (fresh, *forms.values()):
        form.version.data = str(found.version)
    return shown(
        "admin/item_variants.html", found, "variants", forms=forms, fresh=fresh, languages=SUFFIX, **context
    )

"""One item: its facts and texts in every language, and whether members see it."""

from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from mall.admin import trail
from mall.admin.blueprint import bp
from mall.admin.deeds import deed, said, typed
from mall.admin.item_forms import SUFFIX, ItemForm
from mall.admin.items import blame, choose_categories, texts_of
from mall.core import clock
from mall.core.errors import MallError, NotFound
from mall.domain.audit import queries as audit
from mall.domain.items import queries, service
from mall.domain.items.desk import ChangedMeanwhile
from mall.domain.items.queries import StaffItem
from mall.domain.items.texts import render
from mall.web.access import me, needs
from mall.web.languages import locale_tag
from mall.web.render import go, page


@bp.get("/items/<int:id>")
@needs("items.read")
def item(id: int) -> ResponseReturnValue:
    """The item's facts and texts."""
    found = load(id)
    return _shown(found, filled(found))


@bp.post("/items/<int:id>")
@needs("items.edit")
def edit_item(id: int) -> ResponseReturnValue:
    """Save the facts and texts, or only show how the descriptions will look."""
    found, form = load(id), ItemForm()
    choose_categories(form)
    if request.form.get("do") == "preview":
        return _shown(found, form, preview=True)
    if not form.validate_on_submit():
        return _shown(found, form, status=422)
    try:
        with deed(id, "item.edit") as done:
            _note(done, found, form)
            service.edit_item(
                id,
                slug=form.slug.data,
                kind=form.kind.data,
                category_id=form.category.data,
                texts=texts_of(form),
                value=form.value.data,
                no_value=form.value.data is None,
                at=done.at,
            )
    except ChangedMeanwhile:
        found = load(id)
        form.version.data = str(found.version)
        return _shown(found, form, status=409, conflict=_differences(found, form))
    except MallError as refused:
        blame(form, refused)
        return _shown(found, form, status=refused.status)
    flash(_("Saved."), "good")
    return go(url_for("admin.item", id=id))


@bp.post("/items/<int:id>/status")
@needs("items.edit")
def set_status(id: int) -> ResponseReturnValue:
    """Publish, take back to draft, or retire (for which its address is typed)."""
    found = load(id)
    wanted = typed("status")
    action, verb = _STATUS.get(wanted, (None, None))
    if action is None or verb is None:
        raise NotFound
    if wanted == "retired" and typed("confirm") != found.slug:
        message = _("To retire it, type its address: %(slug)s", slug=found.slug)
        return _shown(found, filled(found), status=422, refusal=message)
    try:
        with deed(id, action) as done:
            done.changed("status", found.status, wanted)
            verb(id, at=done.at)
    except MallError as refused:
        return _shown(load(id), filled(load(id)), status=refused.status, refusal=said(refused))
    flash(_SAID[wanted](), "good")
    return go(url_for("admin.item", id=id))


_STATUS: dict[str, tuple[str, Any]] = {
    "live": ("item.publish", service.publish),
    "draft": ("item.withdraw", service.withdraw),
    "retired": ("item.retire", service.retire),
}
_SAID = {
    "live": lambda: _("Published: members see it now."),
    "draft": lambda: _("Taken back to draft: members no longer see it."),
    "retired": lambda: _("Retired. Its orders and its journal stay."),
}


def load(item_id: int) -> StaffItem:
    """The item with everything that staff see. Raises NotFound."""
    found = queries.staff_item(item_id, at=clock.now())
    if found is None:
        raise NotFound
    return found


def name_of(found: StaffItem) -> str:
    """The item's name in the reader's language, else in English."""
    text = found.texts.get(locale_tag())
    return text.name if text else found.name


def filled(found: StaffItem) -> ItemForm:
    """The form with what stands there now."""
    form = ItemForm(formdata=None)
    choose_categories(form)
    form.version.data = str(found.version)
    form.slug.data, form.kind.data = found.slug, found.kind
    form.category.data, form.value.data = found.category_id, found.value
    for locale, end in SUFFIX.items():
        text = found.texts.get(locale)
        for part in ("name", "summary", "description"):
            form[f"{part}_{end}"].data = getattr(text, part) if text else ""
    return form


def _values(form: ItemForm) -> dict[str, tuple[str, object]]:
    """Label and value of each field that describes the item, by the field's name."""
    return {
        field.name: (field.label.text, field.data)
        for field in form
        if field.name not in ("version", "csrf_token")
    }


def _note(done: Any, found: StaffItem, form: ItemForm) -> None:
    before = _values(filled(found))
    for name, (_label, value) in _values(form).items():
        old, new = before[name][1], value
        if name.startswith("description"):
            old, new = _short(old), _short(str(new or "").replace("\r\n", "\n"))
        done.changed(name, old or None, new or None)


def _short(text: object) -> str:
    words = str(text or "")
    return words if len(words) <= 200 else words[:200] + "…"


def _differences(found: StaffItem, form: ItemForm) -> list[tuple[str, object, object]]:
    """What stands there now beside what was typed, where they differ."""
    there = _values(filled(found))
    language = {end: locale for locale, end in SUFFIX.items()}
    rows = []
    for name, (label, mine) in _values(form).items():
        theirs = there[name][1]
        mine = mine.replace("\r\n", "\n") if isinstance(mine, str) else mine
        if (mine or None) != (theirs or None):
            end = name.split("_", 1)[1] if "_" in name else ""
            rows.append((f"{label} ({language[end]})" if end in language else label, theirs, mine))
    return rows


def _shown(found: StaffItem, form: ItemForm, *, preview: bool = False, **context: Any) -> ResponseReturnValue:
    previews = {}
    if preview:
        previews = {
            end: Markup(render(form[f"description_{end}"].data or ""))  # noqa: S704 - sanitised by render
            for end in SUFFIX.values()
        }
    return shown(
        "admin/item.html",
        found,
        "item",
        form=form,
        languages=SUFFIX,
        previews=previews,
        deeds=trail.shown(audit.trail(subject=("item", found.item_id), limit=8)),
        **context,
    )


def shown(template: str, found: StaffItem, tab: str, **context: Any) -> ResponseReturnValue:
    """A page of the item: its head with the tabs, and what the template makes of the rest."""
    return page(
        template,
        item=found,
        item_name=name_of(found),
        tab=tab,
        may_edit=me().can("items.edit"),
        may_adjust=me().can("stock.adjust"),
        **context,
    )

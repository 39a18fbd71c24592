"""The list of items: found, sorted, taken away as a file; and a new one."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import current_app, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from mall.admin.blueprint import bp
from mall.admin.deeds import said
from mall.admin.downloads import MOST_ROWS, download
from mall.admin.item_forms import SUFFIX, ItemForm, NewItemForm
from mall.admin.price_outlook import usual
from mall.core import clock
from mall.core.actor import as_staff
from mall.core.db import transaction
from mall.core.errors import MallError
from mall.core.numbers import major
from mall.domain.audit import service as audit
from mall.domain.items import errors, queries, service
from mall.domain.items.queries import StaffFilter
from mall.domain.items.queries.staff import SORTS
from mall.domain.items.rules import KINDS, STATUSES, Text
from mall.web.access import me, needs
from mall.web.arguments import phrase, whole
from mall.web.languages import locale_tag
from mall.web.render import go, page

PER_PAGE = 50


@bp.get("/items")
@needs("items.read")
def items() -> ResponseReturnValue:
    """The list of items of every status."""
    asked = _asked()
    number = whole("page", least=1) or 1
    found = queries.staff_items(asked, locale=locale_tag(), at=clock.now(), page=number, per_page=PER_PAGE)
    return page(
        "admin/items.html",
        fragment="admin/_items.html",
        asked=asked,
        found=found,
        categories=queries.categories(locale_tag()),
        usual=usual,
        kinds=KINDS,
        statuses=STATUSES,
        address=_address(asked),
        filtered=bool(asked.q or asked.status or asked.category or asked.kind or asked.low),
    )


@bp.get("/items.csv")
@needs("items.read")
def items_file() -> ResponseReturnValue:
    """The list as a file for spreadsheets, with the same filters."""
    found = queries.staff_items(_asked(), locale=locale_tag(), at=clock.now(), per_page=MOST_ROWS)
    currency = current_app.config["SETTINGS"].currency
    rows = (
        (
            row.slug,
            row.sku or "",
            row.name,
            row.status,
            row.kind,
            row.category,
            "" if row.low is None else str(row.low.points),
            "" if row.low is None else str(major(row.low.cash, currency)),
            "unlimited" if row.available is None else str(row.available),
            str(row.sold),
            "" if row.value is None else str(major(row.value, currency)),
        )
        for row in found.rows
    )
    return download("items", _COLUMNS, rows)


_COLUMNS = ("slug", "sku", "name", "status", "kind", "category", "points", "cash", "stock", "sold", "value")


@bp.get("/items/new")
@needs("items.edit")
def new_item() -> ResponseReturnValue:
    """The form of a new item."""
    return _new(NewItemForm(formdata=None))


@bp.post("/items/new")
@needs("items.edit")
def create_item() -> ResponseReturnValue:
    """A new item: a draft with one variant. An address or SKU that is taken is refused, so a second click makes none."""
    form = NewItemForm()
    choose_categories(form)
    if not form.validate_on_submit():
        return _new(form, 422)
    actor, at = as_staff(me().id), clock.now()
    try:
        with transaction():
            item = service.create_item(
                form.slug.data,
                kind=form.kind.data,
                category_id=form.category.data,
                texts=texts_of(form),
                value=form.value.data,
                points=form.points.data,
                actor=actor,
                at=at,
            )
            service.add_variant(item.id, sku=form.sku.data, stock_count=form.stock.data, actor=actor, at=at)
            after = {"slug": item.slug, "sku": form.sku.data, "points": form.points.data}
            audit.record(actor, "item.create", subject=("item", item.id), after=after, at=at)
            item_id = item.id
    except MallError as refused:
        blame(form, refused)
        return _new(form, refused.status)
    flash(_("Created as a draft. Look it over, then publish it."), "good")
    return go(url_for("admin.item", id=item_id))


def choose_categories(form: ItemForm) -> None:
    """Fill in the categories to choose from, in the reader's language."""
    form.category.choices = [SelectChoice(row.id, row.name) for row in queries.categories(locale_tag())]


def texts_of(form: ItemForm) -> dict[str, Text]:
    """The texts that were typed, by language; a language without a name is taken away."""
    return {
        locale: Text(
            form[f"name_{end}"].data or "",
            form[f"summary_{end}"].data or "",
            (form[f"description_{end}"].data or "").replace("\r\n", "\n"),
        )
        for locale, end in SUFFIX.items()
    }


def blame(form: ItemForm, refused: MallError) -> None:
    """Say a refusal at the field that it is about."""
    value = refused.params.get("value")
    about_sku = "sku" in form and (isinstance(refused, errors.BadSku) or value == form["sku"].data)
    name = "sku" if about_sku else "name_en" if isinstance(refused, errors.NeedsName) else "slug"
    form.refuse(form[name], said(refused))


def _new(form: NewItemForm, status: int = 200) -> ResponseReturnValue:
    choose_categories(form)
    return page("admin/item_new.html", form=form, languages=SUFFIX, status=status)


def _asked() -> StaffFilter:
    get = request.args.get
    sort = get("sort", "")
    return StaffFilter(
        q=phrase("q"),
        status=_one_of(STATUSES, get("status")),
        category=(get("category") or "")[:80] or None,
        kind=_one_of(KINDS, get("kind")),
        low=get("low") == "1",
        sort=sort if sort in SORTS else "",
    )


def _one_of(words: tuple[str, ...], word: str | None) -> str | None:
    return word if word in words else None


def _address(asked: StaffFilter) -> Callable[..., str]:
    """Addresses of the same list with something else: another sort, status, page or ending."""
    kept: Mapping[str, str | None] = {
        "q": asked.q,
        "status": asked.status,
        "category": asked.category,
        "kind": asked.kind,
        "low": "1" if asked.low else None,
        "sort": asked.sort,
    }

    def other(endpoint: str = "admin.items", **changed: str | int | None) -> str:
        values: dict[str, Any] = {key: value for key, value in {**kept, **changed}.items() if value}
        return url_for(endpoint, **values)

    return other

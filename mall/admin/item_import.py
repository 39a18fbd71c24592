"""Items from a file: looked through first, with every bad row named, and written when that was seen."""

import csv
import io

from flask import Response, current_app, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from mall.admin import uploads
from mall.admin.blueprint import bp
from mall.admin.deeds import said, typed
from mall.core import clock
from mall.core.actor import as_staff
from mall.core.db import transaction
from mall.core.errors import MallError
from mall.domain.audit import service as audit
from mall.domain.items import importing, queries
from mall.domain.items.import_ways import WAY_COLUMNS
from mall.domain.items.importing import Problem, Report
from mall.web.access import me, needs
from mall.web.languages import locale_tag
from mall.web.render import go, page

#: The most bytes of a file, and the most bad rows that the page names (the rest are counted).
MOST_BYTES, MOST_SHOWN = 10 * 1024 * 1024, 200
COLUMNS = (
    "slug", "kind", "category", "sku", "options_en", "options_zh_hans", "options_zh_hant", "points", "stock",
    "value", "name_en", "name_zh_hans", "name_zh_hant", "summary_en", "summary_zh_hans", "summary_zh_hant",
    "description_en", "description_zh_hans", "description_zh_hant", "status", "limit_per_order", "limit_per_day",
    "limit_ever", *WAY_COLUMNS,
)  # fmt: skip


@bp.get("/items/import")
@needs("items.edit")
def item_import() -> ResponseReturnValue:
    """The form that takes the file."""
    return _shown()


@bp.get("/items/import/sample.csv")
@needs("items.edit")
def item_sample() -> ResponseReturnValue:
    """A file to start from: two items, one with two variants, in a category that there is."""
    known = queries.categories(locale_tag())
    category = known[0].slug if known else "cups"
    mug = {
        "slug": "sample-mug", "kind": "goods", "category": category, "points": "1800", "value": "89.00",
        "name_en": "Sample mug", "name_zh_hans": "示例杯", "name_zh_hant": "範例杯", "status": "draft",
        "limit_per_order": "2",
    }  # fmt: skip
    rows = [
        {**mug, "sku": "SAMPLE-MUG-INK", "options_en": "Colour: Ink", "options_zh_hans": "颜色：墨色",
         "options_zh_hant": "顏色：墨色", "stock": "40"},
        {"slug": "sample-mug", "kind": "goods", "category": category, "points": "1800", "value": "89.00",
         "name_en": "Sample mug", "sku": "SAMPLE-MUG-SAND", "options_en": "Colour: Sand",
         "options_zh_hans": "颜色：沙色", "options_zh_hant": "顏色：沙色", "stock": "25"},
        {"slug": "sample-course", "kind": "service", "category": category, "points": "5000",
         "sku": "SAMPLE-COURSE", "stock": "unlimited", "value": "300.00",
         "combo_points": "2000", "combo_cash": "30.00", "name_en": "Sample course",
         "name_zh_hans": "示例课程", "name_zh_hant": "範例課程", "status": "draft"},
    ]  # fmt: skip
    out = io.StringIO()
    sheet = csv.DictWriter(out, COLUMNS)
    sheet.writeheader()
    sheet.writerows(rows)
    answer = Response("\ufeff" + out.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="items-sample.csv"'
    return answer


@bp.post("/items/import")
@needs("items.edit")
def look_through() -> ResponseReturnValue:
    """A dry run: what would become of a sound file, or every row that is refused. Nothing is changed."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return _shown(refusal=_("Please choose a CSV or XLSX file."), status=422)
    data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        return _shown(refusal=_("This file is larger than 10 MB. Send it in parts."), status=422)
    name = file.filename[-80:]
    try:
        report = _run(data, name, dry_run=True)
    except MallError as refused:
        return _shown(refusal=said(refused), status=refused.status)
    return _shown(report=report, token=uploads.keep(data), name=name)


@bp.post("/items/import/confirm")
@needs("items.edit")
def confirm_import() -> ResponseReturnValue:
    """Write the file that was looked through: read anew, since the shop may have changed; all or, if asked, the good rows."""
    token, name = typed("token"), typed("name")[-80:] or "items.csv"
    data = uploads.take(token)
    if data is None:
        return _shown(refusal=_("This file is no longer here. Please send it again."), status=409)
    partial = typed("partial") == "1"
    try:
        report = _run(data, name, dry_run=False, partial=partial)
    except MallError as refused:
        return _shown(refusal=said(refused), status=refused.status)
    if not report.saved:
        return _shown(report=report, token=token, name=name, status=409)
    uploads.drop(token)
    flash(
        _(
            "Imported: %(created)s created, %(updated)s changed, %(same)s as they were.",
            created=report.items_created, updated=report.items_updated, same=report.items_unchanged,
        ),
        "good",
    )  # fmt: skip
    if report.refused:
        flash(ngettext("%(num)s row was left out.", "%(num)s rows were left out.", report.refused), "warn")
    return go(url_for("admin.items"))


def _run(data: bytes, name: str, *, dry_run: bool, partial: bool = False) -> Report:
    actor, at = as_staff(me().id), clock.now()
    plan = importing.read_items(data, name, currency=current_app.config["SETTINGS"].currency)
    with transaction():
        report = importing.write_items(plan, actor=actor, at=at, dry_run=dry_run, partial=partial)
        if report.saved and (report.items_created or report.items_updated):
            after = {
                "read": report.read,
                "created": report.items_created,
                "updated": report.items_updated,
                "refused": report.refused,
            }
            audit.record(actor, "item.import", subject=("file", name), after=after, at=at)
    return report


def _words(problem: Problem) -> str:
    return str(_(problem.message, **problem.params))


def _shown(
    *,
    report: Report | None = None,
    token: str = "",
    name: str = "",
    refusal: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    problems = report.problems if report else []
    return page(
        "admin/item_import.html",
        report=report,
        token=token,
        name=name,
        refusal=refusal,
        problems=[(each.line, each.column, _words(each)) for each in problems[:MOST_SHOWN]],
        good=report is not None and report.refused < report.read and all(each.line > 1 for each in problems),
        hidden=max(len(problems) - MOST_SHOWN, 0),
        columns=COLUMNS,
        status=status,
    )

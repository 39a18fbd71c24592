"""Code pools at the desk: what is in them, batches in and out, when to be warned. No code is ever shown here."""

from flask import current_app, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from mall.admin.blueprint import bp
from mall.admin.deeds import said, typed
from mall.admin.forms import Whole, between, given
from mall.core import clock, ids
from mall.core.actor import as_staff
from mall.core.db import transaction
from mall.core.errors import MallError, NotFound
from mall.domain.items import codes as pools
from mall.domain.items.code_files import WHYS, CodeFile, Refused, read_codes
from mall.domain.items.queries import codes as queries
from mall.domain.members import directory
from mall.web.access import me, needs
from mall.web.arguments import whole
from mall.web.formatting import points as written
from mall.web.forms import Form
from mall.web.languages import locale_tag
from mall.web.render import go, page

#: The most bytes of a file, and the most refused rows that the page names.
MOST_BYTES, MOST_SHOWN = 5 * 1024 * 1024, 200


class WarnForm(Form):
    """From how many codes on staff are warned."""

    low = Whole("", validators=[given(), between(0, 1_000_000)])


@bp.get("/codes")
@needs("items.read")
def codes() -> ResponseReturnValue:
    """All pools, those that run low first."""
    return page("admin/codes.html", pools=queries.pools(locale=locale_tag()), form={})


@bp.get("/codes/<int:variant>")
@needs("items.read")
def code_pool(variant: int) -> ResponseReturnValue:
    """One pool and its batches; of a digital variant without one, the form for its first batch."""
    return _shown(variant)


@bp.post("/codes")
@needs("codes.edit")
def find_pool() -> ResponseReturnValue:
    """To the pool of the variant with that SKU, which may have none yet."""
    try:
        return go(url_for("admin.code_pool", variant=pools.variant_of(typed("sku")[:64])))
    except MallError:
        return page(
            "admin/codes.html",
            pools=queries.pools(locale=locale_tag()),
            form={"sku": typed("sku")[:64], "error": _("There is no variant with that SKU.")},
            status=422,
        )


@bp.post("/codes/<int:variant>")
@needs("codes.edit")
def add_codes(variant: int) -> ResponseReturnValue:
    """Look a file through, or keep its good rows: once, however often the form is sent. The file is kept nowhere."""
    file, dry = request.files.get("file"), typed("look") == "1"
    if file is None or not file.filename:
        return _shown(variant, refusal=_("Please choose a text, CSV or XLSX file."), status=422)
    data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        return _shown(variant, refusal=_("This file is larger than 5 MB. Send it in parts."), status=422)
    name, key, at = file.filename[-80:], typed("key")[:40], clock.now()
    try:
        read = read_codes(data, name, at=at, zone=current_app.config["SETTINGS"].timezone)
        done = _kept(variant, read, name, key or ids.token(), dry)
    except MallError as refused:
        return _shown(variant, refusal=said(refused), status=refused.status)
    refused_rows = sorted([*read.refused, *done.refused], key=lambda row: row.line)
    if not dry and not refused_rows:
        flash(
            _added(done.added) if not done.again else _("This was done already; nothing was changed twice."),
            "good",
        )
        return go(url_for("admin.code_pool", variant=variant, _anchor="main"))
    status = 200 if dry or done.added else 422
    return _shown(variant, done=done, refused=refused_rows, dry=dry, name=name, status=status)


def _kept(variant: int, read: CodeFile, name: str, key: str, dry: bool) -> pools.Imported:
    with transaction():
        return pools.add_batch(
            variant,
            read.codes,
            source=name,
            key=key,
            cipher=current_app.extensions["codes"],
            actor=as_staff(me().id),
            at=clock.now(),
            dry_run=dry,
        )


def _added(n: int) -> str:
    return str(ngettext("%(n)s code added.", "%(n)s codes added.", n, n=written(n)))


@bp.post("/codes/<int:variant>/withdraw")
@needs("codes.edit")
def withdraw_codes(variant: int) -> ResponseReturnValue:
    """Take what is left of a batch out of the pool, for good: the word of the batch's number is typed first."""
    batch, why = whole("batch"), typed("reason")[:500]
    if batch is None or batch not in {row.id for row in queries.batches(variant)}:
        raise NotFound
    if typed("sure") != str(batch) or len(why) < 5:
        message = _("Type the batch's number and say why in a few words.")
        return _shown(variant, refusal=message, open_batch=batch, status=422)
    try:
        with transaction():
            gone = pools.withdraw(batch, reason=why, actor=as_staff(me().id), at=clock.now())
    except MallError as refused:
        return _shown(variant, refusal=said(refused), open_batch=batch, status=refused.status)
    flash(ngettext("%(n)s code taken out.", "%(n)s codes taken out.", gone, n=written(gone)), "good")
    return go(url_for("admin.code_pool", variant=variant, _anchor="main"))


@bp.post("/codes/<int:variant>/warn")
@needs("codes.edit")
def warn_codes(variant: int) -> ResponseReturnValue:
    """From how many codes on this pool stands first in the list and on the desk."""
    form = WarnForm()
    if not form.validate_on_submit():
        return _shown(variant, refusal=_("Please give a whole number, such as 250."), status=422)
    with transaction():
        pools.warn_at(variant, form.low.data or 0, actor=as_staff(me().id), at=clock.now())
    flash(_("Saved."), "good")
    return go(url_for("admin.code_pool", variant=variant, _anchor="main"))


def row_words(row: Refused) -> str:
    """Why a row was refused, in the reader's language."""
    return str(_(WHYS[row.why], first=row.first))


def _shown(
    variant: int,
    *,
    refusal: str = "",
    done: pools.Imported | None = None,
    refused: list[Refused] | None = None,
    dry: bool = False,
    name: str = "",
    open_batch: int | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    about = queries.about(variant, locale=locale_tag())
    found = queries.pools(locale=locale_tag(), variant_id=variant)
    batches = queries.batches(variant)
    people = {row.actor_id for row in batches if row.actor_id}
    rows = refused or []
    return page(
        "admin/code_pool.html",
        status=status,
        about=about,
        pool=found[0] if found else None,
        batches=batches,
        names=directory.names(sorted(people)) if people else {},
        refusal=refusal,
        done=done,
        dry=dry,
        name=name,
        rows=[(row.line, row_words(row)) for row in rows[:MOST_SHOWN]],
        row_count=len(rows),
        hidden=max(len(rows) - MOST_SHOWN, 0),
        key=ids.token(),
        open_batch=open_batch,
        may_edit=me().can("codes.edit"),
    )

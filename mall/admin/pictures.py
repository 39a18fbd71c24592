"""An item's pictures: sent in, put in order, described, taken down."""

from typing import Any

from flask import current_app, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from mall.admin.blueprint import bp
from mall.admin.deeds import deed, said, typed
from mall.admin.item import load, shown
from mall.admin.item_forms import SUFFIX
from mall.core.errors import MallError, NotFound
from mall.domain.items import developing, pictures
from mall.domain.items.queries import StaffItem
from mall.domain.items.queries.staff_item import StaffPicture
from mall.web.access import needs
from mall.web.formatting import sentences
from mall.web.render import go

#: The most files in one request: each is decoded while the browser waits.
AT_ONCE = 6


@bp.get("/items/<int:id>/pictures")
@needs("items.read")
def item_pictures(id: int) -> ResponseReturnValue:
    """The pictures in their order; the first is the cover."""
    return _shown(load(id))


@bp.post("/items/<int:id>/pictures")
@needs("items.edit")
def add_pictures(id: int) -> ResponseReturnValue:
    """Develop what was sent (before the transaction: it takes a moment), keep what is sound, name what is not."""
    found = load(id)
    files = [file for file in request.files.getlist("pictures") if file.filename]
    if not files:
        return _shown(found, refusal=_("Please choose a picture."), status=422)
    sound, refused = [], []
    media = current_app.config["SETTINGS"].media_dir
    for file in files[:AT_ONCE]:
        try:
            picture = developing.develop(file.read(developing.MAX_BYTES + 1))
            developing.keep(picture, media)
            sound.append(picture)
        except MallError as error:
            refused.append(_("%(label)s: %(text)s", label=str(file.filename)[-60:], text=said(error)))
    if len(files) > AT_ONCE:
        refused.append(
            ngettext(
                "Only %(num)s picture at a time: send the others again.",
                "Only %(num)s pictures at a time: send the others again.",
                AT_ONCE,
            )
        )
    if not sound:
        return _shown(found, refusal=sentences(refused), status=422)
    try:
        with deed(id, "item.picture.add") as done:
            for picture in sound:
                pictures.add_picture(id, picture, at=done.at)
            done.after["pictures"] = [picture.key for picture in sound]
    except MallError as error:
        return _shown(load(id), refusal=said(error), status=error.status)
    flash(ngettext("%(num)s picture added.", "%(num)s pictures added.", len(sound)), "good")
    for message in refused:
        flash(message, "bad")
    return go(url_for("admin.item_pictures", id=id))


@bp.post("/items/<int:id>/pictures/<int:picture>")
@needs("items.edit")
def describe_picture(id: int, picture: int) -> ResponseReturnValue:
    """The words for who cannot see the picture, in each language."""
    found = load(id)
    old = _picture(found, picture)
    alts = {locale: typed(f"alt_{end}") for locale, end in SUFFIX.items()}
    try:
        with deed(id, "item.edit") as done:
            pictures.edit_picture(picture, alts=alts, at=done.at)
            for locale, words in alts.items():
                done.changed(f"picture {locale}", old.alts.get(locale) or None, words or None)
    except MallError as refused:
        return _shown(load(id), refusal=said(refused), typed_alts={picture: alts}, status=refused.status)
    flash(_("Saved."), "good")
    return go(url_for("admin.item_pictures", id=id))


@bp.post("/items/<int:id>/pictures/<int:picture>/move")
@needs("items.edit")
def move_picture(id: int, picture: int) -> ResponseReturnValue:
    """One place earlier or later."""
    found = load(id)
    _picture(found, picture)
    order = [each.picture_id for each in found.pictures]
    place = order.index(picture)
    other = place - 1 if typed("to") == "earlier" else place + 1
    if not 0 <= other < len(order):
        return go(url_for("admin.item_pictures", id=id))
    order[place], order[other] = order[other], order[place]
    try:
        with deed(id, "item.edit") as done:
            pictures.order_pictures(id, order, at=done.at)
            done.changed("pictures", [each.picture_id for each in found.pictures], order)
    except MallError as refused:
        return _shown(load(id), refusal=said(refused), status=refused.status)
    return go(url_for("admin.item_pictures", id=id))


@bp.post("/items/<int:id>/pictures/<int:picture>/remove")
@needs("items.edit")
def remove_picture(id: int, picture: int) -> ResponseReturnValue:
    """Take a picture down."""
    old = _picture(load(id), picture)
    try:
        with deed(id, "item.picture.remove") as done:
            pictures.remove_picture(picture, at=done.at)
            done.before["picture"] = old.key
    except MallError as refused:
        return _shown(load(id), refusal=said(refused), status=refused.status)
    flash(_("Picture removed."), "good")
    return go(url_for("admin.item_pictures", id=id))


def _picture(found: StaffItem, picture_id: int) -> StaffPicture:
    """The picture, if it is this item's. Raises NotFound."""
    picture = next((each for each in found.pictures if each.picture_id == picture_id), None)
    if picture is None:
        raise NotFound
    return picture


def _shown(found: StaffItem, **context: Any) -> ResponseReturnValue:
    return shown(
        "admin/item_pictures.html",
        found,
        "pictures",
        languages=SUFFIX,
        at_once=AT_ONCE,
        megabytes=developing.MAX_BYTES // 1024 // 1024,
        **context,
    )

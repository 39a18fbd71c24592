"""The wish list and its hearts. It lives at /account/wishlist, beside the member's other pages."""

from flask import Blueprint, Response, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from mall.catalog.forms import PATH
from mall.catalog.wishes import SORTS, wishes_view
from mall.core import clock
from mall.core.db import transaction
from mall.domain.items import wishes
from mall.domain.items.queries.wish_list import wish_list, wish_name
from mall.web.access import me, members_only
from mall.web.context import header
from mall.web.languages import locale_tag
from mall.web.render import go, is_htmx, page, safe_next

bp = Blueprint("wishlist", __name__, url_prefix="/account/wishlist")


@bp.get("")
@members_only
def show() -> ResponseReturnValue:
    """What the member wishes for, and how far each is."""
    sort = request.args.get("sort", "")
    removed = request.args.get("removed", "")
    rows = wish_list(me().id, locale=locale_tag(), at=clock.now())
    view = wishes_view(rows, header().balance or 0, sort if sort in SORTS else "", removed)
    return page("catalog/wishlist.html", view=view)


@bp.post("/<int:item_id>")
def toggle(item_id: int) -> ResponseReturnValue:
    """Put an item on the list (`on` = 1) or take it off (`on` = 0); a guest is asked to sign in first."""
    back = safe_next(request.form.get("next"), url_for("wishlist.show"))
    on, listed = request.form.get("on") != "0", request.form.get("from") == "list"
    if not current_user.is_authenticated:
        return go(url_for("account.sign_in", next=back, wish=item_id if on else None))
    with transaction():
        if on:
            wishes.add(me().id, item_id, at=clock.now())
        else:
            wishes.remove(me().id, item_id)
    name = wish_name(item_id, locale=locale_tag()) if is_htmx() else None
    if name is not None:
        return _fragment(item_id, name, on=on, listed=listed)
    if listed and not on:
        return go(url_for("wishlist.show", removed=item_id))
    flash(gettext("It is on your wish list.") if on else gettext("It is off your wish list."), "good")
    return go(back)


def _fragment(item_id: int, name: str, *, on: bool, listed: bool) -> Response:
    """For htmx: the new heart; on the list itself, what stands in the place of the row."""
    if not listed:
        return page("catalog/_heart.html", item_id=item_id, name=name, on=on, path=PATH)
    if not on:
        return page("catalog/_removed.html", removed=item_id, name=name)
    rows = wish_list(me().id, locale=locale_tag(), at=clock.now())
    view = wishes_view(rows, header().balance or 0, "", "")
    wish = next(w for w in view.wishes if w.card.item_id == item_id)
    return page("catalog/_wish.html", wish=wish)

"""The one box that finds anything: a member, an order or an item."""

from flask import url_for
from flask.typing import ResponseReturnValue

from mall.admin.blueprint import bp
from mall.admin.price_outlook import usual
from mall.core import clock
from mall.core.ids import clean_number
from mall.domain.items import queries
from mall.domain.members import directory
from mall.domain.orders import desk as order_desk
from mall.web.access import me, members_only
from mall.web.arguments import phrase
from mall.web.languages import locale_tag
from mall.web.render import go, page

#: The most of each group on the page.
MOST = 8


@bp.get("/search")
@members_only
def search() -> ResponseReturnValue:
    """Straight to what fits, if it is one thing; else all that fits, of the rooms that this person may enter."""
    q = phrase("q")
    orders = (
        order_desk.orders(view="all", q=q, locale=locale_tag(), most=MOST)[0]
        if q and me().can("orders.read")
        else []
    )
    named = [order for order in orders if order.number == clean_number(q)]
    if named:
        return go(url_for("admin.order", number=named[0].number))
    members = directory.look_up(q, limit=MOST + 1) if q and me().can("members.read") else []
    asked = queries.StaffFilter(q=q)
    items = []
    if q and me().can("items.read"):
        items = queries.staff_items(asked, locale=locale_tag(), at=clock.now(), per_page=MOST + 1).rows
    exact = [item for item in items if item.sku and item.sku.casefold() == q.casefold()]
    if len(members) == 1 and not items:
        return go(url_for("admin.member", number=members[0].number))
    if not members and not orders and len(exact or items) == 1:
        return go(url_for("admin.item", id=(exact or items)[0].item_id))
    return page("admin/search.html", q=q, members=members, orders=orders, items=items, usual=usual, most=MOST)

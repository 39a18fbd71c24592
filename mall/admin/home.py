"""The desk's first page, and the one box that finds anything."""

from flask.typing import ResponseReturnValue
from flask_login import current_user

from mall.admin.blueprint import bp
from mall.core.errors import Forbidden
from mall.domain.orders import desk as order_desk
from mall.web.access import me, members_only
from mall.web.render import page


@bp.before_request
def _staff_only() -> ResponseReturnValue | None:
    """Visitors are asked to sign in by each page; members without a role are refused, whatever the page."""
    if current_user.is_authenticated and not current_user.is_staff:
        raise Forbidden
    return None


@bp.get("")
@members_only
def home() -> ResponseReturnValue:
    """What waits, for this person's rooms."""
    return page(
        "admin/home.html",
        to_send=order_desk.to_send() if me().can("orders.read") else None,
    )

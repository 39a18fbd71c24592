"""The blueprint of the staff's rooms, and the rooms that a person's roles open."""

from typing import Any

from flask import Blueprint, current_app, request, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user

bp = Blueprint("admin", __name__, url_prefix="/admin")

#: Endpoint, name, icon, and the permission that opens the room (None: any staff).
ROOMS = (
    ("admin.home", _l("Overview"), "layout-grid", None),
    ("admin.items", _l("Items"), "package", "items.read"),
    ("admin.codes", _l("Codes"), "ticket", "items.read"),
    ("admin.delivery", _l("Delivery"), "truck", "items.read"),
    ("admin.orders", _l("Orders"), "receipt", "orders.read"),
    ("admin.refunds", _l("Refunds"), "undo-2", "orders.read"),
    ("admin.members", _l("Members"), "users", "members.read"),
    ("admin.trouble", _l("Trouble"), "triangle-alert", "trouble.read"),
    ("admin.audit_trail", _l("Audit trail"), "history", "audit.read"),
)


@bp.context_processor
def _rooms() -> dict[str, Any]:
    if not current_user.is_authenticated:
        return {"staff_nav": []}
    nav = []
    for endpoint, label, icon, permission in ROOMS:
        if endpoint in current_app.view_functions and (permission is None or current_user.can(permission)):
            url = url_for(endpoint)
            inside = request.path == url or (url != "/admin" and request.path.startswith(url + "/"))
            nav.append((url, label, icon, inside))
    return {"staff_nav": nav}

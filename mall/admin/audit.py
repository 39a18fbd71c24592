"""The audit trail: who did what to what, when and why."""

from flask import request
from flask.typing import ResponseReturnValue

from mall.admin import trail
from mall.admin.blueprint import bp
from mall.domain.audit import queries as audit
from mall.web.access import needs
from mall.web.arguments import whole
from mall.web.render import page

PAGE = 50
#: What the trail can be narrowed to: prefixes of actions.
NOUNS = ("item", "stock", "order", "points", "staff")


@bp.get("/audit")
@needs("audit.read")
def audit_trail() -> ResponseReturnValue:
    """The newest deeds first, narrowed by noun, page by page."""
    noun = request.args.get("about", "")
    records = audit.trail(
        action=f"{noun}." if noun in NOUNS else "",
        before=whole("before"),
        limit=PAGE + 1,
    )
    return page(
        "admin/audit.html",
        fragment="admin/_records.html",
        deeds=trail.shown(records[:PAGE]),
        noun=noun,
        nouns=NOUNS,
        more=records[PAGE - 1].id if len(records) > PAGE else None,
    )

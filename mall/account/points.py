"""The points page: what there is, what expires when, and the history of every point."""

from flask import url_for
from flask.typing import ResponseReturnValue

from mall.account.blueprint import bp
from mall.account.explaining import told
from mall.core import clock
from mall.domain.ledger import queries as ledger
from mall.web.access import me, members_only
from mall.web.arguments import whole
from mall.web.render import is_htmx, page

PER_PAGE = 30


@bp.get("/points")
@members_only
def points() -> ResponseReturnValue:
    """Balance, expiry, history page by page (keyset: entries older than `before`)."""
    before = whole("before")
    rows = ledger.history(me().id, before, PER_PAGE + 1)
    older = url_for(".points", before=rows[PER_PAGE - 1].seq) if len(rows) > PER_PAGE else None
    only_rows = is_htmx()
    return page(
        "account/points.html",
        fragment="account/_history.html",
        entries=[told(row) for row in rows[:PER_PAGE]],
        older_url=older,
        first_page=before is None,
        expiring=[] if only_rows or before else ledger.expiring(me().id, clock.now()),
    )

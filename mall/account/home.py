"""The member's home: what is new, at a glance."""

from flask.typing import ResponseReturnValue

from mall.account.blueprint import bp
from mall.core import clock
from mall.domain.ledger import queries as ledger
from mall.domain.orders import listing
from mall.web.access import me, members_only
from mall.web.languages import locale_tag
from mall.web.render import page

LATEST = 3


@bp.get("")
@members_only
def home() -> ResponseReturnValue:
    """Greeting, balance, what expires next, the latest orders."""
    latest, _more = listing.orders(me().id, locale=locale_tag())
    return page(
        "account/home.html",
        rows=latest[:LATEST],
        expiring=ledger.expiring(me().id, clock.now(), limit=3),
    )

"""The member's home: what is new, at a glance."""

from flask.typing import ResponseReturnValue

from mall.account.blueprint import bp
from mall.web.access import members_only
from mall.web.render import page


@bp.get("")
@members_only
def home() -> ResponseReturnValue:
    """Greeting, balance, what expires next, the latest orders."""
    return page("account/home.html")

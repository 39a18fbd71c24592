"""The member's home: what is new, at a glance."""

from flask.typing import ResponseReturnValue
from flask_login import login_required

from mall.account.blueprint import bp
from mall.web.render import page


@bp.get("")
@login_required
def home() -> ResponseReturnValue:
    """Greeting, balance, what expires next, the latest orders."""
    return page("account/home.html")

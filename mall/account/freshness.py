"""Pages where who is at the keyboard matters: the password must have been given a short while ago."""

import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mall.account import authentication
from mall.account.blueprint import bp
from mall.account.forms import PasswordForm
from mall.account.security import FRESH_FOR
from mall.web.access import me, members_only
from mall.web.limits import PROVE
from mall.web.render import go, page, safe_next

P = ParamSpec("P")
R = TypeVar("R", bound=ResponseReturnValue)


def fresh_only(view: Callable[P, R]) -> Callable[P, ResponseReturnValue]:
    """Ask for the password again unless it was given within `FRESH_FOR`."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if time.time() - authentication.password_given_at(me().id) > FRESH_FOR.total_seconds():
            wanted = request.path if request.method == "GET" else url_for("account.security")
            return go(url_for("account.verify", next=wanted))
        return view(*args, **kwargs)

    return guarded


@bp.route("/verify", methods=["GET", "POST"])
@members_only
@PROVE
def verify() -> ResponseReturnValue:
    """The password once more."""
    form = PasswordForm(next=request.args.get("next", ""))
    if not form.validate_on_submit() or not authentication.proven(form, form.password, me().email):
        return page("account/verify.html", form=form, status=422 if form.errors else 200)
    authentication.password_given(me().id)
    flash(_("Thank you. Please go on."), "info")
    return go(safe_next(form.next.data, url_for(".security")))

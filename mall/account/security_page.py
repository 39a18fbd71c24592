"""The security page: password, two-step sign-in, sessions."""

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mall.account import authentication
from mall.account.blueprint import bp
from mall.account.forms import EmptyForm
from mall.account.freshness import fresh_only
from mall.core.db import transaction
from mall.domain.members import service
from mall.web.access import me, members_only
from mall.web.render import go, page


@bp.get("/security")
@members_only
def security() -> ResponseReturnValue:
    """What protects this account, and what could."""
    return page("account/security.html")


@bp.post("/security/sign-out-everywhere")
@members_only
@fresh_only
def sign_out_everywhere() -> ResponseReturnValue:
    """End every session but this one. It takes the password: else a thief's session could put the member out."""
    if EmptyForm().validate_on_submit():
        with transaction():
            member = service.find(me().id)
            service.end_sessions(member)
        authentication.enter(member.fs_uniquifier, remember=False, via="change", by_password=False)
        flash(_("You are signed out everywhere else."), "good")
    return go(url_for(".security"))

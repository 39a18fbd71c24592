"""Signing in and out."""

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_security.utils import logout_user

from mall.account import authentication
from mall.account.blueprint import bp
from mall.account.forms import SignInForm
from mall.web.limits import SIGN_IN, SIGN_IN_ACCOUNT
from mall.web.render import go, page, safe_next


@bp.route("/sign-in", methods=["GET", "POST"])
@SIGN_IN
@SIGN_IN_ACCOUNT
def sign_in() -> ResponseReturnValue:
    """E-mail and password. Whatever is wrong, the answer is one and the same."""
    form = SignInForm(next=request.args.get("next", ""))
    target = safe_next(form.next.data, url_for(".home"))
    if current_user.is_authenticated:
        return go(target)
    if not form.validate_on_submit():
        return page("account/sign_in.html", form=form, status=422 if form.errors else 200)
    who = authentication.check_password(form.email.data, form.password.data)
    if who is None or not who.active:
        form.refuse(form.password, _("The e-mail address or the password is not right."))
        return page("account/sign_in.html", form=form, status=422)
    authentication.keep_hash_current(who, form.password.data)
    authentication.enter(who.fs_uniquifier, remember=form.remember.data, via="password")
    return go(target)


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End this session. Only a form can do it, not a link."""
    logout_user()
    flash(_("You are signed out."), "info")
    return go("/")

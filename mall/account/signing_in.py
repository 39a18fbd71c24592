"""Signing in and out."""

from flask import flash, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_security.utils import logout_user

from mall.account import authentication, links, mails, wished
from mall.account.blueprint import bp
from mall.account.forms import SignInForm
from mall.account.nav import landing
from mall.core import clock
from mall.core.db import transaction
from mall.domain.members.queries import Credentials
from mall.web.limits import SIGN_IN
from mall.web.render import go, page, safe_next


@bp.route("/sign-in", methods=["GET", "POST"])
@SIGN_IN
def sign_in() -> ResponseReturnValue:
    """E-mail and password. Whatever is wrong, the answer is one and the same."""
    form = SignInForm(next=request.args.get("next", ""))
    target = safe_next(form.next.data, "")
    if current_user.is_authenticated:
        return go(target or landing())
    wished.remember(request.args.get("wish"))
    if not form.validate_on_submit():
        return page("account/sign_in.html", form=form, status=422 if form.errors else 200)
    who = authentication.check_password(form.email.data, form.password.data)
    if who is None or not who.active:
        form.refuse(form.password, _("The e-mail address or the password is not right."))
        return page("account/sign_in.html", form=form, status=422)
    authentication.keep_hash_current(who, form.password.data)
    if not who.confirmed:
        return _confirm_first(who)
    if who.two_factor:
        authentication.await_code(who, remember=form.remember.data, next_url=target)
        return go(url_for(".sign_in_code"))
    authentication.enter(who.fs_uniquifier, remember=form.remember.data, via="password", by_password=True)
    return go(target or landing())


def _confirm_first(who: Credentials) -> ResponseReturnValue:
    """The password was right, so it is safe to say that the address still has to be confirmed."""
    with transaction():
        mails.send("confirm", who, at=clock.now(), link=links.confirm_link(who))
    session["mail_to"] = who.email
    flash(_("Please confirm your e-mail address first. We have sent you the link again."), "warn")
    return go(url_for(".check_mail"))


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End this session and leave nothing of it to who sits here next. Only a form can do it, not a link."""
    session.clear()
    logout_user()
    flash(_("You are signed out."), "info")
    return go("/")

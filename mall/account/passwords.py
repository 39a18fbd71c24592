"""Passwords: forgotten, chosen for the first time, changed."""

import secrets

from flask import flash, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_remembered

from mall.account import authentication, links, mails
from mall.account.blueprint import bp
from mall.account.forms import AskAgainForm, ChangePasswordForm, NewPasswordForm
from mall.account.joining import hash_password
from mall.core import clock
from mall.core.db import transaction
from mall.domain.members import queries, service
from mall.domain.members.queries import Credentials
from mall.web.access import me, members_only
from mall.web.languages import locale_tag
from mall.web.limits import AT_THE_DOOR, PROVE, RESET
from mall.web.render import go, page


@bp.route("/reset", methods=["GET", "POST"])
@RESET
def ask_to_reset() -> ResponseReturnValue:
    """Ask for a mail with a link. The answer, and the time it takes, do not tell whether the address is known."""
    form = AskAgainForm(email=request.args.get("email", ""))
    if not form.validate_on_submit():
        return page("account/ask_to_reset.html", form=form, status=422 if form.errors else 200)
    at = clock.now()
    with transaction():
        who = queries.credentials(form.email.data)
        if who is not None and who.active:
            mails.send("reset", who, at=at, link=links.reset_link(who))
        else:
            mails.written("reset", language=locale_tag(), name="", link=secrets.token_urlsafe(90))
    session["mail_to"] = form.email.data
    return go(url_for(".check_mail"))


@bp.route("/reset/<token>", methods=["GET", "POST"])
@AT_THE_DOOR
def reset(token: str) -> ResponseReturnValue:
    """The link from the mail: choose a new password. Every session of the member ends."""
    return _choose(links.owner(token, "reset"), action=url_for(".reset", token=token))


@bp.route("/set-up/<token>", methods=["GET", "POST"])
@AT_THE_DOOR
def set_up(token: str) -> ResponseReturnValue:
    """The link that `mall staff create` prints: choose the first password."""
    return _choose(links.owner(token, "login"), action=url_for(".set_up", token=token))


def _choose(who: Credentials | None, *, action: str) -> ResponseReturnValue:
    if who is None:
        return page("account/link_is_dead.html", again=url_for(".ask_to_reset"), status=410)
    form = NewPasswordForm()
    form.owner = who.email or ""
    if not form.validate_on_submit():
        status = 422 if form.errors else 200
        return page("account/new_password.html", form=form, email=who.email, action=action, status=status)
    hashed = hash_password(form.password.data)
    at = clock.now()
    with transaction():
        service.set_password(who.id, hashed, confirm_at=at)
        if who.password:
            mails.send("password_changed", who, at=at, link=links.absolute("account.ask_to_reset"))
    flash(_("Your new password is set. Please sign in with it."), "good")
    return go(url_for(".sign_in"))


@bp.route("/security/password", methods=["GET", "POST"])
@members_only
@PROVE
def change_password() -> ResponseReturnValue:
    """Change the password, knowing the old one. Every other session ends; this one goes on."""
    form = ChangePasswordForm()
    form.owner = me().email or ""
    who = authentication.proven(form, form.current, me().email) if form.validate_on_submit() else None
    if who is None:
        return page("account/change_password.html", form=form, status=422 if form.errors else 200)
    hashed = hash_password(form.password.data)
    at, remember = clock.now(), login_remembered()
    with transaction():
        uniquifier = service.set_password(who.id, hashed).fs_uniquifier
        mails.send("password_changed", who, at=at, link=links.absolute("account.ask_to_reset"))
    authentication.enter(uniquifier, remember=remember, via="change", by_password=True)
    flash(_("Your password is changed. You are signed out everywhere else."), "good")
    return go(url_for(".security"))

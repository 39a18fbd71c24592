"""Becoming a member: sign-up and the confirmation of the e-mail address."""

import secrets
from datetime import datetime

from flask import flash, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from mall.account import authentication, links, mails
from mall.account.blueprint import bp
from mall.account.forms import AskAgainForm, PasswordForm, SignUpForm
from mall.account.joining import hash_password, join
from mall.core import clock
from mall.core.db import transaction
from mall.domain.members import queries, service
from mall.domain.members.errors import EmailTaken
from mall.domain.members.queries import Credentials
from mall.web.languages import locale_tag
from mall.web.limits import AT_THE_DOOR, RESET, SIGN_UP
from mall.web.render import go, page


@bp.route("/sign-up", methods=["GET", "POST"])
def sign_up() -> ResponseReturnValue:
    """A new member. The answer is the same for an address that is a member's already: what to do stands in the mail."""
    if current_user.is_authenticated:
        return go(url_for(".home"))
    form = SignUpForm()
    if not form.validate_on_submit():
        return page("account/sign_up.html", form=form, status=422 if form.errors else 200)
    return _accept(form)


@SIGN_UP
def _accept(form: SignUpForm) -> ResponseReturnValue:
    """What a form that is right does; only that is counted."""
    hashed = hash_password(form.password.data)
    at = clock.now()
    with transaction():
        known = queries.credentials(form.email.data) or _make_member(form, hashed, at)
        if known is not None:
            mails.send("sign_up_known", known, at=at, link=links.reset_link(known))
    return _mail_is_on_its_way(form.email.data)


def _make_member(form: SignUpForm, hashed: str, at: datetime) -> Credentials | None:
    """Make the member and mail them; if another request was quicker with this address, who it made."""
    email = form.email.data
    try:
        join(email=email, name=form.name.data, password_hash=hashed, language=locale_tag(), at=at)
    except EmailTaken:
        return queries.credentials(email)
    who = queries.credentials(email)
    if who is not None:
        mails.send("confirm", who, at=at, link=links.confirm_link(who))
    return None


def _mail_is_on_its_way(email: str) -> ResponseReturnValue:
    session["mail_to"] = email
    return go(url_for(".check_mail"))


@bp.get("/check-mail")
def check_mail() -> ResponseReturnValue:
    """A mail was asked for; where it goes, and what to do if it does not come."""
    return page("account/check_mail.html", email=session.get("mail_to"))


@bp.route("/confirm", methods=["GET", "POST"])
@RESET
def ask_to_confirm() -> ResponseReturnValue:
    """The mail with the confirmation link once more. Neither answer nor time tell whether the address is known."""
    form = AskAgainForm()
    if not form.validate_on_submit():
        return page("account/confirm_again.html", form=form, status=422 if form.errors else 200)
    at = clock.now()
    with transaction():
        who = queries.credentials(form.email.data)
        if who is not None and who.active and not who.confirmed:
            mails.send("confirm", who, at=at, link=links.confirm_link(who))
        else:
            mails.written("confirm", language=locale_tag(), name="", link=secrets.token_urlsafe(90))
    return _mail_is_on_its_way(form.email.data)


@bp.route("/confirm/<token>", methods=["GET", "POST"])
@AT_THE_DOOR
def confirm(token: str) -> ResponseReturnValue:
    """The link from the mail. Opening it changes nothing (mail programs open links, too): a button does.

    It takes the password, too: else somebody could sign up with another's address and a password of their own, and
    be in as soon as the other presses the button. Who did not set the password chooses one, which confirms as well.
    """
    who = links.owner(token, "confirm")
    if who is None:
        return page("account/link_is_dead.html", again=url_for(".ask_to_confirm"), status=410)
    form = PasswordForm()
    if not form.validate_on_submit() or not authentication.proven(form, form.password, who.email):
        status = 422 if form.errors else 200
        return page("account/confirm.html", form=form, email=who.email, token=token, status=status)
    at = clock.now()
    with transaction():
        if service.confirm(who.id, at=at):
            mails.send("welcome", who, at=at, link=links.absolute("account.home"))
    flash(_("Thank you. Your address is confirmed: you can sign in now."), "good")
    return go(url_for(".sign_in"))

"""One-time links in mails: signed, dated, and dead as soon as the password or the roles change."""

from datetime import timedelta
from typing import Literal

from flask import current_app, url_for
from flask_security.confirmable import generate_confirmation_token
from flask_security.proxies import _security
from flask_security.recoverable import generate_reset_password_token
from flask_security.utils import check_and_get_token_status, verify_hash

from mall.account.security import CONFIRM_WITHIN, RESET_WITHIN, SET_UP_WITHIN
from mall.domain.members import queries
from mall.domain.members.queries import Credentials

Purpose = Literal["confirm", "reset", "login"]

_WITHIN: dict[Purpose, timedelta] = {"confirm": CONFIRM_WITHIN, "reset": RESET_WITHIN, "login": SET_UP_WITHIN}


def absolute(endpoint: str, **values: str) -> str:
    """A link for a mail. Its host is the merchant's setting, never what a request claims to be its host."""
    with current_app.test_request_context(base_url=current_app.config["SETTINGS"].base_url):
        return url_for(endpoint, _external=True, **values)


def confirm_link(who: Credentials) -> str:
    """Proves that the mail arrived."""
    return absolute("account.confirm", token=str(generate_confirmation_token(who)))  # type: ignore[no-untyped-call]  # flask-security types it in part


def reset_link(who: Credentials) -> str:
    """Lets the reader choose a new password."""
    return absolute("account.reset", token=str(generate_reset_password_token(who)))  # type: ignore[no-untyped-call]  # flask-security types it in part


def set_up_link(who: Credentials) -> str:
    """Lets a new member of staff choose their first password; lives longer than a reset."""
    return absolute("account.set_up", token=_security.login_serializer.dumps([who.fs_uniquifier]))


def owner(token: str, purpose: Purpose) -> Credentials | None:
    """Whose link this is; None if it was altered, is too old, was used, or is for another purpose."""
    expired, invalid, data = check_and_get_token_status(token, purpose, _WITHIN[purpose])
    if expired or invalid or not data:
        return None
    who = queries.credentials_of(str(data[0]))
    if who is None or not who.active:
        return None
    if purpose == "confirm" and not verify_hash(data[1], who.email or ""):
        return None
    return who

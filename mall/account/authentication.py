"""Who is at the door: passwords checked without telling who is a member, and what happens when somebody comes in."""

import time
from dataclasses import dataclass
from typing import cast

from flask import session
from flask_security.core import UserMixin
from flask_security.proxies import _security
from flask_security.utils import hash_password, login_user, verify_password

from mall.core.db import transaction
from mall.domain.members import queries, service
from mall.domain.members.queries import Credentials

#: Between the password and the code, in seconds.
SECOND_STEP_WITHIN = 600
_PENDING = "second_step"


def check_password(email: str, password: str) -> Credentials | None:
    """The member with this address, if the password is theirs. Takes as long for an unknown address."""
    found = queries.credentials(email)
    password = _security.password_util.normalize(password)
    if found is None or found.password is None:
        hash_password(password)
        return None
    return found if verify_password(password, found.password) else None


def keep_hash_current(who: Credentials, password: str) -> None:
    """Hash again if the cost was raised since; only possible while the password is at hand."""
    if who.password and _security.pwd_context.needs_update(who.password):
        renewed = hash_password(_security.password_util.normalize(password))
        with transaction():
            service.renew_hash(who.id, renewed)


@dataclass(frozen=True, slots=True)
class Pending:
    """Someone whose password was right and whose code is still to come."""

    uniquifier: str
    remember: bool
    next: str


def await_code(who: Credentials, *, remember: bool, next_url: str) -> None:
    """Remember in the session that the first step is done."""
    session[_PENDING] = {"who": who.fs_uniquifier, "remember": remember, "next": next_url, "at": time.time()}


def pending() -> Pending | None:
    """Who is between the two steps, unless that is too long ago."""
    state = session.get(_PENDING)
    if not state or time.time() - state["at"] > SECOND_STEP_WITHIN:
        session.pop(_PENDING, None)
        return None
    return Pending(state["who"], state["remember"], state["next"])


def enter(uniquifier: str, *, remember: bool, via: str) -> None:
    """Sign the member in. Nothing of the visit before survives."""
    person = queries.signed_in(uniquifier)
    if person is None:
        return
    session.clear()
    login_user(cast(UserMixin, person), remember=remember, authn_via=[via])

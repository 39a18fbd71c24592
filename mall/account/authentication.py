"""Who is at the door: passwords checked without telling who is a member, and what happens when somebody comes in."""

import time
from dataclasses import dataclass
from typing import cast

from flask import session
from flask_babel import gettext as _
from flask_security.core import UserMixin
from flask_security.proxies import _security
from flask_security.utils import hash_password, login_user, verify_password
from wtforms import Field

from mall.account import wished
from mall.core import clock
from mall.core.db import transaction
from mall.core.ids import MemberId
from mall.domain.members import queries, service
from mall.domain.members.queries import Credentials
from mall.domain.orders import basket as orders_basket
from mall.web.forms import Form

#: How far a phone's clock may be off, in seconds (one step of TOTP).
CLOCK_SKEW = 30
#: Between the password and the code, in seconds.
SECOND_STEP_WITHIN = 600
_PENDING = "first_step_done"
_GIVEN = "password_given"


def check_password(email: str, password: str) -> Credentials | None:
    """The member with this address, if the password is theirs. Takes as long for an unknown address."""
    found = queries.credentials(email)
    password = _security.password_util.normalize(password)
    if found is None or found.password is None:
        hash_password(password)
        return None
    return found if verify_password(password, found.password) else None


def proven(form: Form, field: Field, email: str | None) -> Credentials | None:
    """Who has this address, if the password typed into `field` is theirs; else None, and the field says so."""
    who = check_password(email or "", field.data)
    if who is None:
        form.refuse(field, _("That is not your password."))
    return who


def password_given(member_id: MemberId) -> None:
    """Remember in the session that this member has given their password now."""
    session[_GIVEN] = {"who": member_id, "at": time.time()}


def password_given_at(member_id: MemberId) -> float:
    """When this member gave their password in this session, in seconds since 1970; 0 if they did not.

    Whose password it was matters: a session outlives a member whose sessions were ended, and a remembered device's cookie
    brings another member into it. Flask-Security's own note (`fs_paa`) says neither whose nor whether: it is made at
    every sign-in, by a password or not.
    """
    state = session.get(_GIVEN)
    return float(state["at"]) if state and state["who"] == member_id else 0.0


def keep_hash_current(who: Credentials, password: str) -> None:
    """Hash again if the cost was raised since; only possible while the password is at hand."""
    if who.password and _security.pwd_context.needs_update(who.password):
        renewed = hash_password(_security.password_util.normalize(password))
        with transaction():
            service.renew_hash(who.id, renewed)


@dataclass(frozen=True, slots=True)
class Pending:
    """Someone whose password was right and whose code is still to come."""

    member_id: MemberId
    uniquifier: str
    remember: bool
    next: str


def await_code(who: Credentials, *, remember: bool, next_url: str) -> None:
    """Remember in the session that the first step is done."""
    session[_PENDING] = {
        "id": who.id,
        "who": who.fs_uniquifier,
        "remember": remember,
        "next": next_url,
        "at": time.time(),
    }


def pending() -> Pending | None:
    """Who is between the two steps, unless that is too long ago."""
    state = session.get(_PENDING)
    if not state or time.time() - state["at"] > SECOND_STEP_WITHIN:
        session.pop(_PENDING, None)
        return None
    return Pending(state["id"], state["who"], state["remember"], state["next"])


def enter(uniquifier: str, *, remember: bool, via: str, by_password: bool) -> None:
    """Sign the member in. Of the visit before only the basket and the hearts survive, and become theirs.

    `by_password`: the password was given for this. Else the session is as fresh as it was, and not fresher.
    """
    person = queries.signed_in(uniquifier)
    if person is None:
        return
    basket, hearts = session.get("basket"), wished.remembered()
    given = session.get(_GIVEN)
    session.clear()
    if by_password:
        password_given(person.id)
    elif given:
        session[_GIVEN] = given
    if basket:
        with transaction():
            orders_basket.merge(basket, member_id=person.id, at=clock.now())
    wished.keep(hearts, person.id, at=clock.now())
    login_user(cast(UserMixin, person), remember=remember, authn_via=[via])


def accept_code(uniquifier: str, code: str) -> str | None:
    """Check a code from the app ("authenticator") or a recovery code ("recovery"), and use it up.

    Call it in a transaction. The member's row is locked: of two that bring the same code at once, one is refused.
    """
    who = queries.credentials_of(uniquifier)
    if who is None:
        return None
    member = service.find(who.id, lock=True)
    typed = code.replace(" ", "")
    if member.tf_totp_secret and typed.isascii() and typed.isdigit():
        right = _security.totp_factory.verify_totp(typed, member.tf_totp_secret, member, window=CLOCK_SKEW)
        return "authenticator" if right else None
    codes = _security.mf_recovery_codes_util
    if codes.check_recovery_code(member, typed.lower()):
        codes.delete_recovery_code(member, typed.lower())
        return "recovery"
    return None


def turn_on(member_id: MemberId, secret: str, code: str) -> bool:
    """Two-step sign-in from now on, if the code shows that the app has the secret. In a transaction."""
    member = service.find(member_id, lock=True)
    member.tf_last_counter = None
    if not _security.totp_factory.verify_totp(code.replace(" ", ""), secret, member, window=CLOCK_SKEW):
        return False
    _security.datastore.tf_set(member, "authenticator", totp_secret=secret)
    _security.mf_recovery_codes_util.create_recovery_codes(member)
    return True


def new_recovery_codes(member_id: MemberId) -> None:
    """New recovery codes; the old ones stop working. In a transaction."""
    _security.mf_recovery_codes_util.create_recovery_codes(service.find(member_id, lock=True))


def recovery_codes(member_id: MemberId) -> list[str]:
    """The unused recovery codes, readable."""
    return list(_security.mf_recovery_codes_util.get_recovery_codes(service.find(member_id)))

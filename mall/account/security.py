"""Flask-Security as we use it: its passwords, tokens, TOTP and recovery codes behind our own routes.

Its ready-made views are left out (decision 0008): they commit by themselves, change things on GET, answer 200 to a
refused form, and send mail inside the request. See docs/decisions.
"""

import base64
import hashlib
from datetime import timedelta
from typing import Any, cast

from flask import Flask, flash, request, url_for
from flask_babel import gettext as _
from flask_security.core import Security, UserMixin
from flask_security.datastore import SQLAlchemyUserDatastore
from flask_security.totp import Totp
from werkzeug.wrappers import Response as BaseResponse

from mall.core import clock
from mall.core.db import db
from mall.domain.members import queries
from mall.domain.members.models import Member, Role
from mall.web.render import go, safe_next

#: How long a mailed link works.
CONFIRM_WITHIN = timedelta(days=2)
RESET_WITHIN = timedelta(hours=2)
SET_UP_WITHIN = timedelta(days=3)
#: How long after a password was given the security page trusts it.
FRESH_FOR = timedelta(minutes=30)
RECOVERY_CODES = 8

#: RFC 9106's second recommended option (64 MiB, three passes), written down so that a library's default cannot weaken it.
_ARGON2 = {"argon2__memory_cost": 65_536, "argon2__time_cost": 3, "argon2__parallelism": 4}
#: Tests hash hundreds of passwords; what they check does not depend on the cost.
_ARGON2_IN_TESTS = {"argon2__memory_cost": 8, "argon2__time_cost": 1, "argon2__parallelism": 1}


class OneTimeCodes(Totp):
    """Codes that count once: the time step of the last accepted code is kept with the member (RFC 6238, 5.2)."""

    def get_last_counter(self, user: UserMixin) -> int | None:
        """The step of the last code that was accepted."""
        return cast(Member, user).tf_last_counter

    def set_last_counter(self, user: UserMixin, tmatch: Any) -> None:
        """Remember the step; the caller holds the member's row in a write transaction."""
        cast(Member, user).tf_last_counter = tmatch.counter


def init_app(app: Flask) -> None:
    """Set Flask-Security and Flask-Login up."""
    app.config.update(_config(app.config["SETTINGS"], testing=app.testing))
    security = Security(
        app,
        SQLAlchemyUserDatastore(db, Member, Role),
        register_blueprint=False,
        totp_cls=OneTimeCodes,
    )
    manager = security.login_manager
    manager.user_loader(queries.signed_in)
    manager.request_loader(_nobody)
    manager.unauthorized_handler(_please_sign_in)
    # Flask-Principal would load the member for every request, static files included; our permissions need no hook.
    app.before_request_funcs[None].remove(security.principal._on_before_request)


def _config(settings: Any, *, testing: bool) -> dict[str, object]:
    # The last of the keys: a new one is put before it (`mall codes rotate`), and nobody's two-step sign-in is lost.
    secret = settings.code_keys[-1] if settings.code_key else settings.secret_key
    production = settings.env == "production"
    return {
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        # No second hash over a secret of ours: changing MALL_SECRET_KEY must not lose every password.
        "SECURITY_PASSWORD_SINGLE_HASH": ["argon2"],
        "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": _ARGON2_IN_TESTS if testing else _ARGON2,
        "SECURITY_HASHING_SCHEMES": ["hex_sha256"],
        "SECURITY_DEPRECATED_HASHING_SCHEMES": [],
        "SECURITY_CONFIRMABLE": True,
        "SECURITY_CONFIRM_EMAIL_WITHIN": CONFIRM_WITHIN,
        "SECURITY_RECOVERABLE": True,
        "SECURITY_RESET_PASSWORD_WITHIN": RESET_WITHIN,
        "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
        "SECURITY_TWO_FACTOR": True,
        "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "SECURITY_TWO_FACTOR_IMPLEMENTATIONS": {"code": "flask_security.twofactor.CodeTfPlugin"},
        "SECURITY_TOTP_SECRETS": {"1": _derived(secret, "totp")},
        "SECURITY_TOTP_ISSUER": settings.name,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_N": RECOVERY_CODES,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS": [_derived(secret, "recovery codes").encode()],
        "SECURITY_DATETIME_FACTORY": clock.now,
        "SECURITY_FRESHNESS": FRESH_FOR,
        "SECURITY_CLI_USERS_NAME": None,
        "SECURITY_CLI_ROLES_NAME": None,
        "REMEMBER_COOKIE_NAME": "__Host-mall-remember" if production else "mall_remember",
        "REMEMBER_COOKIE_DURATION": timedelta(days=60),
        "REMEMBER_COOKIE_HTTPONLY": True,
        "REMEMBER_COOKIE_SECURE": production,
        "REMEMBER_COOKIE_SAMESITE": "Lax",
    }


def _derived(secret: str, purpose: str) -> str:
    """A key for one purpose, so that no two uses share one: 32 bytes in URL-safe base 64."""
    return base64.urlsafe_b64encode(hashlib.sha256(f"mall:{purpose}:{secret}".encode()).digest()).decode()


def _nobody(_request: Any) -> None:
    """No signing in by a token in the address or a header on these pages."""


def _please_sign_in() -> BaseResponse:
    """Send a visitor to the sign-in page, and back to where they were afterwards."""
    flash(_("Please sign in to go on."), "info")
    wanted = request.full_path.rstrip("?") if request.method == "GET" else _came_from()
    return go(url_for("account.sign_in", next=safe_next(wanted, "/")))


def _came_from() -> str:
    """The page with the form that was sent: the address to return to cannot be that of the POST."""
    referrer = request.referrer or ""
    return (
        referrer.removeprefix(request.host_url.rstrip("/")) if referrer.startswith(request.host_url) else "/"
    )

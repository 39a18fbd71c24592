"""Two-step sign-in: a code from an app besides the password, and recovery codes for when the phone is gone."""

import io
from datetime import datetime
from typing import cast

import qrcode
from flask import flash, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security.proxies import _security
from markupsafe import Markup
from qrcode.image.svg import SvgPathImage

from mall.account import authentication, links, mails
from mall.account.blueprint import bp
from mall.account.forms import CodeForm, EmptyForm
from mall.account.freshness import fresh_only
from mall.account.nav import landing
from mall.core import clock
from mall.core.db import transaction
from mall.domain.members import queries, service
from mall.web.access import me, members_only
from mall.web.limits import AT_THE_DOOR, PROVE, in_turn, limiter
from mall.web.render import go, page, safe_next

_KEPT_IN = "totp_secret"


def _who_waits() -> str:
    waiting = authentication.pending()
    return f"member:{waiting.member_id}" if waiting else "nobody"


#: A code has a million values: whoever knows the password gets few tries at it, from wherever they come.
CODE = in_turn(
    AT_THE_DOOR,
    limiter.shared_limit("8/15minutes", scope="second-step", key_func=_who_waits, methods=["POST"]),
)


@bp.route("/sign-in/code", methods=["GET", "POST"])
@CODE
def sign_in_code() -> ResponseReturnValue:
    """The second step: a code from the app, or a recovery code."""
    waiting = authentication.pending()
    if waiting is None:
        flash(_("That took a while. Please give your password once more."), "info")
        return go(url_for(".sign_in"))
    form = CodeForm()
    if not form.validate_on_submit():
        return page("account/sign_in_code.html", form=form, status=422 if form.errors else 200)
    with transaction():
        accepted = authentication.accept_code(waiting.uniquifier, form.code.data)
    if accepted is None:
        form.refuse(
            form.code, _("This code is not right, or was used already. Please wait for the next one.")
        )
        return page("account/sign_in_code.html", form=form, status=422)
    authentication.enter(waiting.uniquifier, remember=waiting.remember, via=accepted, by_password=True)
    if accepted == "recovery":
        _say_how_many_are_left()
    return go(safe_next(waiting.next, landing()))


def _say_how_many_are_left() -> None:
    n = queries.recovery_codes_left(me().id)
    flash(
        ngettext(
            "You used a recovery code. %(num)s is left.", "You used a recovery code. %(num)s are left.", n
        ),
        "warn",
    )


@bp.route("/security/two-step", methods=["GET", "POST"])
@members_only
@fresh_only
@PROVE
def two_step() -> ResponseReturnValue:
    """Turn two-step sign-in on: scan, then prove that the app shows the right code."""
    if me().two_factor:
        return go(url_for(".security"))
    form = CodeForm()
    if _KEPT_IN not in session:
        session[_KEPT_IN] = _security.totp_factory.generate_totp_secret()
    secret = cast(str, session[_KEPT_IN])
    if not form.validate_on_submit():
        return _set_up_page(form, secret)
    at = clock.now()
    with transaction():
        done = authentication.turn_on(me().id, secret, form.code.data)
        if done:
            _tell("two_step_on", at)
    if not done:
        form.refuse(form.code, _("This code is not right. Please try the one that the app shows now."))
        return _set_up_page(form, secret)
    session.pop(_KEPT_IN)
    flash(_("Two-step sign-in is on. Keep these recovery codes somewhere safe."), "good")
    return go(url_for(".recovery_codes"))


def _set_up_page(form: CodeForm, secret: str) -> ResponseReturnValue:
    factory = _security.totp_factory
    return page(
        "account/two_step.html",
        form=form,
        picture=_drawn(factory.get_totp_uri(me().email or me().number, secret)),
        key=factory.get_totp_pretty_key(secret),
        status=422 if form.errors else 200,
    )


def _drawn(uri: str) -> Markup:
    """The QR code as an SVG element in the page itself: no image from a data: address has to be allowed."""
    drawing = io.BytesIO()
    qrcode.make(uri, image_factory=SvgPathImage, border=2).save(drawing)
    svg = drawing.getvalue().decode()
    return Markup(svg[svg.index("<svg") :])  # noqa: S704 - made by the library from digits and a path


@bp.post("/security/two-step/off")
@members_only
@fresh_only
def two_step_off() -> ResponseReturnValue:
    """Turn it off; recovery codes go with it."""
    if EmptyForm().validate_on_submit():
        at = clock.now()
        with transaction():
            service.turn_two_step_off(me().id)
            _tell("two_step_off", at)
        flash(_("Two-step sign-in is off. Your password alone lets you in now."), "warn")
    return go(url_for(".security"))


@bp.route("/security/recovery-codes", methods=["GET", "POST"])
@members_only
@fresh_only
def recovery_codes() -> ResponseReturnValue:
    """Show the recovery codes; a POST makes new ones and the old ones stop working."""
    if not me().two_factor:
        return go(url_for(".two_step"))
    if EmptyForm().validate_on_submit():
        with transaction():
            authentication.new_recovery_codes(me().id)
        flash(_("These are your new recovery codes. The old ones no longer work."), "good")
        return go(url_for(".recovery_codes"))
    response = page("account/recovery_codes.html", codes=authentication.recovery_codes(me().id))
    response.headers["Cache-Control"] = "no-store"
    return response


def _tell(name: str, at: datetime) -> None:
    who = queries.credentials_of(me().fs_uniquifier)
    if who is not None:
        mails.send(name, who, at=at, link=links.absolute("account.security"))

"""How the reader wants the mall: language and theme, kept in a cookie for a year.

These two forms stand on every page, for guests too. A CSRF token would give every visitor a session and make no page
cacheable, so they are accepted by where they come from (the browser's own Sec-Fetch-Site or Origin), and by token
where a browser tells neither.
"""

from flask import Blueprint, Flask, current_app, request
from flask_login import current_user
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response as BaseResponse

from mall.core.db import transaction
from mall.domain.members import service as members
from mall.web.access import me
from mall.web.languages import COOKIE, offered
from mall.web.render import go, safe_next

THEMES = ("auto", "light", "dark")
_YEAR = 31_536_000

bp = Blueprint("web", __name__)


@bp.post("/language")
def set_language() -> BaseResponse:
    """Remember the language, with a signed-in member too; an unknown one changes nothing."""
    response = _remember(COOKIE, request.form.get("lang", ""), offered())
    if current_user.is_authenticated and request.form.get("lang") in offered():
        with transaction():
            members.set_language(me().id, request.form["lang"])
    return response


@bp.post("/theme")
def set_theme() -> BaseResponse:
    """Remember the theme: light, dark, or as the device has it."""
    return _remember("theme", request.form.get("theme", ""), THEMES)


def _remember(cookie: str, value: str, known: tuple[str, ...]) -> BaseResponse:
    csrf: CSRFProtect = current_app.extensions["csrf"]
    if not _from_here():
        csrf.protect()
    response = go(safe_next(request.form.get("next"), "/"))
    if value in known:
        response.set_cookie(
            cookie, value, max_age=_YEAR, samesite="Lax", secure=request.is_secure, httponly=True
        )
    return response


def _from_here() -> bool:
    """Whether the browser says that a page of ours sent this form (Fetch Metadata, else the Origin header)."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("Origin") == request.host_url.rstrip("/")


def init_app(app: Flask) -> None:
    """Register the two forms."""
    app.register_blueprint(bp)
    app.extensions["csrf"].exempt(bp)

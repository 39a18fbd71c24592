"""The reader's language: chosen by the member, else by a cookie, else by what the browser asks for."""

from flask import Flask, current_app, g, has_request_context, request
from flask_babel import Babel, get_locale
from flask_login import current_user

COOKIE = "lang"
NAMES = {"en": "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文"}
_ASKED = {"zh": "zh-Hans", "zh-cn": "zh-Hans", "zh-sg": "zh-Hans", "zh-hans": "zh-Hans", "zh-tw": "zh-Hant",
          "zh-hk": "zh-Hant", "zh-mo": "zh-Hant", "zh-hant": "zh-Hant", "en": "en"}  # fmt: skip


def offered() -> tuple[str, ...]:
    """The mall's languages as BCP 47 tags, the default first."""
    locales: tuple[str, ...] = current_app.config["SETTINGS"].locales
    return locales


def locale_tag() -> str:
    """The tag of the language this answer is in: "en", "zh-Hans" or "zh-Hant"."""
    locale = get_locale()
    return str(locale).replace("_", "-") if locale else offered()[0]


def _select() -> str:
    if not has_request_context():
        return str(g.get("locale_tag", offered()[0])).replace("-", "_")
    chosen = getattr(current_user, "language", None) or request.cookies.get(COOKIE, "")
    if chosen not in offered():
        chosen = _asked_for()
    return chosen.replace("-", "_")


def _asked_for() -> str:
    for tag, _quality in request.accept_languages:
        parts = tag.lower().replace("_", "-").split("-")
        known = _ASKED.get("-".join(parts[:2])) or _ASKED.get(parts[0])
        if known in offered():
            return str(known)
    return offered()[0]


def init_app(app: Flask) -> None:
    """Set Flask-Babel up; `g.locale_tag` names the language where there is no request (mail, tasks)."""
    settings = app.config["SETTINGS"]
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    Babel(
        app,
        locale_selector=_select,
        timezone_selector=lambda: settings.timezone,
        default_locale=settings.locales[0],
    )

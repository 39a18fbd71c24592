"""The reader's language: chosen by the member, else by a cookie, else by what the browser asks for."""

from functools import cached_property

from babel import Locale
from babel.support import NullTranslations
from flask import Flask, current_app, g, has_request_context, request
from flask_babel import Babel, Domain, get_locale
from flask_login import current_user

COOKIE = "lang"
NAMES = {"en": "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文"}
_ASKED = {"zh": "zh-Hans", "zh-cn": "zh-Hans", "zh-sg": "zh-Hans", "zh-hans": "zh-Hans", "zh-tw": "zh-Hant",
          "zh-hk": "zh-Hant", "zh-mo": "zh-Hant", "zh-hant": "zh-Hant", "en": "en"}  # fmt: skip


class Words(Domain):  # type: ignore[misc]  # flask-babel is untyped
    """The translations, found by the locale itself. A page asks for some three hundred texts, and flask-babel writes
    the locale's name out for each.
    """

    def __init__(self) -> None:
        super().__init__()
        self._by_locale: dict[Locale | None, NullTranslations] = {}

    def get_translations(self) -> NullTranslations:
        """Those of the locale at hand."""
        locale = get_locale()
        found = self._by_locale.get(locale)
        if found is None:
            found = self._by_locale[locale] = super().get_translations()
        return found


class Languages(Babel):  # type: ignore[misc]  # flask-babel is untyped
    """Flask-Babel with our way to find translations."""

    @cached_property
    def domain_instance(self) -> Words:
        """Where the texts come from."""
        return Words()


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
    Languages(
        app,
        locale_selector=_select,
        timezone_selector=lambda: settings.timezone,
        default_locale=settings.locales[0],
    )

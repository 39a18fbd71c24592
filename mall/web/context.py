"""What every page knows: the mall's name, the languages, and the member's header (balance, basket)."""

from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l
from werkzeug.local import LocalProxy

from mall.web.header import Header, header
from mall.web.languages import NAMES, locale_tag, offered

__all__ = ["Header", "header", "init_app"]

NAV = (
    ("catalog.home", _l("Home"), "house"),
    ("catalog.browse", _l("Catalogue"), "layout-grid"),
    ("account.home", _l("Me"), "user-round"),
)


def init_app(app: Flask) -> None:
    """Register the context processor. The header is read when a template first asks for it, never for a fragment."""

    @app.context_processor
    def _shared() -> dict[str, Any]:
        return {
            "mall_name": app.config["SETTINGS"].name,
            "currency": app.config["SETTINGS"].currency,
            "locale_tag": locale_tag(),
            "locales": [(tag, NAMES[tag]) for tag in offered()],
            "nav": [entry for entry in NAV if entry[0] in app.view_functions],
            "header": LocalProxy(header),
        }

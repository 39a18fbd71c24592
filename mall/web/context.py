"""What every page knows: the mall's name, the languages, and the member's header (balance, basket)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l

from mall.web.languages import NAMES, locale_tag, offered


@dataclass(frozen=True, slots=True)
class Header:
    """What the bar on top shows; `None` where nobody is signed in."""

    balance: int | None = None
    expiring_points: int | None = None
    expiring_on: datetime | None = None
    basket_count: int = 0
    unread: int = 0
    is_staff: bool = False


NAV = (
    ("catalog.home", _l("Home"), "house"),
    ("catalog.browse", _l("Catalogue"), "layout-grid"),
    ("account.home", _l("Me"), "user-round"),
)


def init_app(app: Flask) -> None:
    """Register the context processor."""

    @app.context_processor
    def _shared() -> dict[str, Any]:
        return {
            "mall_name": app.config["SETTINGS"].name,
            "currency": app.config["SETTINGS"].currency,
            "locale_tag": locale_tag(),
            "locales": [(tag, NAMES[tag]) for tag in offered()],
            "nav": [entry for entry in NAV if entry[0] in app.view_functions],
            "header": Header(),
        }

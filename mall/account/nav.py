"""The account's sections, in the order in which a member looks for them."""

from flask import Flask, current_app
from flask_babel import lazy_gettext as _l

_SECTIONS = (
    ("account.home", _l("Overview"), "user-round"),
    ("account.points", _l("Points"), "coins"),
    ("account.orders", _l("Orders"), "package"),
    ("account.wishlist", _l("Wish list"), "heart"),
    ("messages.inbox", _l("Messages"), "inbox"),
    ("account.profile", _l("Profile"), "pencil"),
    ("account.addresses", _l("Addresses"), "map-pin"),
    ("account.security", _l("Security"), "shield-check"),
)


def account_nav() -> list[tuple[str, object, str]]:
    """Endpoint, label and icon of each section that this mall has."""
    return [section for section in _SECTIONS if section[0] in current_app.view_functions]


def init_app(app: Flask) -> None:
    """Make the sections known to the templates."""
    app.jinja_env.globals["account_nav"] = account_nav

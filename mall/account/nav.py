"""The account's sections, in the order in which a member looks for them. Other surfaces serve some of the pages."""

from flask import Flask, current_app, url_for
from flask_babel import lazy_gettext as _l

from mall.web.access import me

HOME = "/account"
_SECTIONS = (
    (HOME, _l("Overview"), "user-round"),
    ("/account/points", _l("Points"), "coins"),
    ("/account/orders", _l("Orders"), "package"),
    ("/account/wishlist", _l("Wish list"), "heart"),
    ("/account/messages", _l("Messages"), "inbox"),
    ("/account/profile", _l("Profile"), "pencil"),
    ("/account/addresses", _l("Addresses"), "map-pin"),
    ("/account/security", _l("Security"), "shield-check"),
)


def account_nav() -> list[tuple[str, object, str]]:
    """Address, label and icon of each section that this mall has."""
    served: frozenset[str] | None = current_app.extensions.get("mall_account_nav")
    if served is None:
        served = current_app.extensions["mall_account_nav"] = _served(current_app)
    return [section for section in _SECTIONS if section[0] in served]


def landing() -> str:
    """Where one who has just come in begins: staff at the desk, members on their own page."""
    return url_for("admin.home") if me().is_staff else url_for("account.home")


def _served(app: Flask) -> frozenset[str]:
    paths = {path for path, _label, _icon in _SECTIONS}
    return frozenset(rule.rule for rule in app.url_map.iter_rules() if rule.rule in paths)


def init_app(app: Flask) -> None:
    """Make the sections known to the templates."""
    app.jinja_env.globals["account_nav"] = account_nav

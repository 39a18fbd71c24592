"""The account surface: signing in and up, the member's own pages. HTTP only."""

from importlib import import_module

from flask import Flask

from mall.account import messages, nav, security
from mall.account.blueprint import bp

#: The modules with routes, one a noun; importing one hangs its routes on the blueprint.
ROUTES = (
    "address_book",
    "freshness",
    "home",
    "passwords",
    "points",
    "profile",
    "security_page",
    "signing_in",
    "signing_up",
    "statement",
    "two_step",
)


def init_app(app: Flask) -> None:
    """Register this surface's routes."""
    security.init_app(app)
    nav.init_app(app)
    for module in ROUTES:
        import_module(f"{__name__}.{module}")
    app.register_blueprint(bp)
    messages.init_app(app)

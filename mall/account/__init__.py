"""The account surface: signing in and up, the member's own pages. HTTP only."""

from flask import Flask

from mall.account import security


def init_app(app: Flask) -> None:
    """Register this surface's routes."""
    from mall.account import home, signing_in  # noqa: F401
    from mall.account.blueprint import bp

    security.init_app(app)
    app.register_blueprint(bp)

"""The catalogue surface: the window, the list, one item, the wish list, pictures. HTTP only."""

from flask import Flask

from mall.catalog import categories, freshness, media, programme, routes, wishlist  # noqa: F401 - routes register themselves
from mall.catalog.blueprint import bp


def init_app(app: Flask) -> None:
    """Register this surface's routes and what the process remembers for them."""
    categories.init_app(app)
    freshness.init_app(app)
    for blueprint in (bp, wishlist.bp):
        app.register_blueprint(blueprint)

"""The checkout surface: basket, checkout, orders. HTTP only."""

from flask import Flask
from werkzeug.routing import Rule


def init_app(app: Flask) -> None:
    """Register this surface's routes.

    The list of orders lives under /account, whose menus link to it as "account.orders": an alias for building addresses.
    """
    from mall.checkout import (  # noqa: F401
        basket,
        documents,
        handed,
        looking,
        ordering,
        orders,
        paying,
        terms,
        webhook,
    )
    from mall.checkout.blueprint import bp, orders_list

    # Stripe signs what it posts, and knows of no token.
    app.extensions["csrf"].exempt(webhook.stripe_webhook)
    app.register_blueprint(bp)
    app.register_blueprint(orders_list)
    app.url_map.add(Rule("/account/orders", endpoint="account.orders", build_only=True))
    app.view_functions["account.orders"] = orders.index
    app.add_template_filter(picture_url)


def picture_url(key: str) -> str:
    """The address of the small picture with this media key."""
    return f"/media/{key}-320.webp"

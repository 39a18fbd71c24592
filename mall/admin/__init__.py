"""The staff's desk: HTTP only, one module a noun."""

from flask import Flask

from mall.admin import wording


def init_app(app: Flask) -> None:
    """Register this surface's routes."""
    from mall.admin import (  # noqa: F401 - routes register themselves
        audit,
        cancelling,
        codes,
        delivery,
        documents,
        handed,
        home,
        item,
        item_import,
        items,
        members,
        offers,
        orders,
        pictures,
        prices,
        refund_tasks,
        refunds,
        search,
        stock,
        trouble,
        variants,
        waiting,
    )
    from mall.admin.blueprint import bp

    wording.init_app(app)
    app.register_blueprint(bp)

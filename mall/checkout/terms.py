"""The terms of redemption. A version is a template that never changes; new words are a new version."""

from flask import abort
from flask.typing import ResponseReturnValue

from mall.checkout.blueprint import bp
from mall.web.render import page

#: Every version ever in force, oldest first: orders name the one that was accepted.
VERSIONS = ("2026-11", "2026-11b")
CURRENT = VERSIONS[-1]


@bp.get("/terms")
@bp.get("/terms/<version>")
def terms(version: str = CURRENT) -> ResponseReturnValue:
    """The terms in force, or as they stood in a version that an order names."""
    if version not in VERSIONS:
        abort(404)
    return page("checkout/terms.html", version=version, current=CURRENT)

"""Templates, and the headers of every page."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from werkzeug.wrappers import Response

HERE = Path(__file__).parent
_pages = Environment(
    loader=FileSystemLoader(HERE / "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True
)
#: No script at all; pictures of the shop's goods come from the shop.
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src http: https:; frame-ancestors 'none'; "
    "base-uri 'none'",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


def render(template: str, status: int = 200, **values: Any) -> Response:
    """A page."""
    page = _pages.get_template(template).render(**values)
    return Response(page, status, {**_HEADERS, "Content-Type": "text/html; charset=utf-8"})


def style() -> Response:
    """The one style sheet."""
    return Response((HERE / "static" / "devstripe.css").read_bytes(), content_type="text/css; charset=utf-8")

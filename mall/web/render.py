"""Answers: a page, or the fragment of it that htmx asked for; and where to go afterwards."""

from typing import Any
from urllib.parse import urlsplit

from flask import Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse


def is_htmx() -> bool:
    """Whether htmx made this request to replace a part of the page (a boosted visit wants the whole page)."""
    return "HX-Request" in request.headers and "HX-Boosted" not in request.headers


def page(template: str, *, fragment: str | None = None, status: int = 200, **context: Any) -> Response:
    """Render `template`; for htmx, only its `fragment` (a file that the template includes), if one is named."""
    partial = fragment is not None and is_htmx()
    response = make_response(
        render_template(fragment if partial and fragment else template, **context), status
    )
    if fragment is not None:
        response.headers["Vary"] = "HX-Request"
    return response


def go(url: str) -> BaseResponse:
    """Send the browser to an address of ours after a form: 303, or HX-Redirect where htmx sent the form."""
    if is_htmx():
        return Response(status=204, headers={"HX-Redirect": url})
    return redirect(url, 303)


def safe_next(url: str | None, default: str) -> str:
    """The address to return to, if it is a path inside the mall; else `default` (no open redirects)."""
    if not url or not url.startswith("/") or url.startswith(("//", "/\\")) or "\\" in url:
        return default
    parts = urlsplit(url)
    return default if parts.scheme or parts.netloc else url

"""One handler for every refusal and every HTTP error, so that each looks like the mall and says what to do."""

from typing import Any

from flask import Flask, Response, current_app, make_response, render_template, request
from flask_babel import format_decimal, gettext
from flask_wtf.csrf import CSRFError
from jinja2 import TemplateNotFound
from werkzeug.exceptions import HTTPException

from mall.core.errors import MallError

CSRF_STATUS = 419


def words(error: MallError) -> str:
    """The refusal in the reader's language, integers with separators."""
    params = {key: format_decimal(v) if isinstance(v, int) else v for key, v in error.params.items()}
    return str(gettext(error.message, **params))


def init_app(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(MallError, _refusal)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _crash)


def _refusal(error: MallError) -> Response:
    hint = gettext(error.hint) if error.hint else ""
    return answer(error.status, code=error.code, detail=words(error), hint=hint)


def _csrf(_error: CSRFError) -> Response:
    return answer(CSRF_STATUS, code="csrf")


def _http(error: HTTPException) -> Response:
    if error.response is not None:
        return make_response(error.response)
    response = answer(error.code or 500, code=error.name.lower().replace(" ", "_"))
    for name in ("Retry-After", "Allow", "WWW-Authenticate"):
        for key, value in error.get_headers():
            if key == name:
                response.headers[key] = value
    return response


def _crash(error: Exception) -> Response:
    if current_app.testing or current_app.debug:
        raise error
    current_app.logger.exception("unhandled error")
    return answer(500, code="error")


def answer(status: int, **context: Any) -> Response:
    """The error page for a status (its own template, else the general one); problem+json where JSON was asked for."""
    if (
        request.accept_mimetypes.best_match(["text/html", "application/problem+json", "application/json"])
        != "text/html"
    ):
        body = {
            "type": "about:blank",
            "status": status,
            "code": context.get("code"),
            "detail": context.get("detail", ""),
        }
        return Response(current_app.json.dumps(body), status, mimetype="application/problem+json")
    try:
        html = render_template(f"errors/{status}.html", status=status, **context)
    except TemplateNotFound:
        html = render_template("errors/error.html", status=status, **context)
    return make_response(html, status)

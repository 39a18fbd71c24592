"""One handler for every refusal and every HTTP error, so that each looks like the mall and says what to do."""

from http import HTTPStatus
from typing import Any

import structlog
from flask import Flask, Response, current_app, g, make_response, render_template, request
from flask_babel import format_decimal, gettext
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import CSRFError
from jinja2 import TemplateNotFound
from werkzeug.exceptions import HTTPException

from mall.core.db import AWAY, in_doubt, let_go
from mall.core.errors import MallError
from mall.core.money import Amount
from mall.web import metrics
from mall.web.formatting import price
from mall.web.logs import request_id
from mall.web.render import is_htmx

CSRF_STATUS = 419
#: What a browser (or a proxy) is asked to wait when the database is away, in seconds.
RETRY_AFTER = 5
#: Pages that stand alone: shown when there may be no database, they ask nothing of it.
_ALONE = frozenset({500, 503})

log = structlog.get_logger("mall.web")


def words(error: MallError) -> str:
    """The refusal in the reader's language, integers with separators, amounts as prices."""
    params = {key: _written(value) for key, value in error.params.items()}
    return str(gettext(error.message, **params))


def _written(value: Any) -> Any:
    if isinstance(value, Amount):
        return price(value.points, value.cash, value.currency)
    return format_decimal(value) if isinstance(value, int) else value


def init_app(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(MallError, _refusal)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    for away in AWAY:
        app.register_error_handler(away, _database)
    app.register_error_handler(Exception, _crash)


def _refusal(error: MallError) -> Response:
    log.info("refused", code=error.code, status=error.status)
    metrics.REFUSALS.labels(error.code).inc()
    hint = gettext(error.hint) if error.hint else ""
    return answer(error.status, code=error.code, detail=words(error), hint=hint)


def _csrf(_error: CSRFError) -> Response:
    metrics.REFUSALS.labels("csrf").inc()
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


def _database(error: Exception) -> Response:
    """The database is busy, full or away. Nothing of the request was kept, unless the answer to its COMMIT was lost:
    then the page says so. A read is tried once more by ourselves.
    """
    let_go()
    if request.method in {"GET", "HEAD"} and not g.get("tried_again"):
        g.tried_again = True
        try:
            return make_response(current_app.dispatch_request())
        except Exception as again:
            return make_response(current_app.handle_user_exception(again))
    doubt = in_doubt(error)
    why = str(getattr(error, "orig", ""))
    log.error("database.unavailable", error=type(error).__name__, why=why, in_doubt=doubt)
    g.retry_after = RETRY_AFTER
    return answer(503, code="in_doubt" if doubt else "database", in_doubt=doubt)


def _crash(error: Exception) -> Response:
    if current_app.testing or current_app.debug:
        raise error
    log.exception("crash")
    let_go()
    return answer(500, code="error")


def answer(status: int, **context: Any) -> Response:
    """The error page for a status (its own template, else the general one); problem+json where JSON was asked for.

    To htmx it is a note that goes on top of the page, which stays as it is.
    """
    accepted = ["text/html", "application/problem+json", "application/json"]
    if request.accept_mimetypes.best_match(accepted, default="text/html") != "text/html":
        return _problem(status, context)
    if status in _ALONE:
        g._login_user = (
            AnonymousUserMixin()
        )  # Flask-Login's own place: loading the member would ask the database
    context = {"request_id": request_id() if status >= 500 else "", **context}
    try:
        if is_htmx():
            response = make_response(render_template("errors/_note.html", status=status, **context), status)
            response.headers.update({"HX-Retarget": "#flashes", "HX-Reswap": "innerHTML"})
            return response
        return make_response(_page(status, context), status)
    except Exception:
        if current_app.testing and status not in _ALONE:
            raise
        log.exception("error page failed")
        return _bare(status)


def _page(status: int, context: dict[str, Any]) -> str:
    try:
        return render_template(f"errors/{status}.html", status=status, **context)
    except TemplateNotFound:
        return render_template("errors/error.html", status=status, **context)


def _problem(status: int, context: dict[str, Any]) -> Response:
    """RFC 9457."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase if status in set(HTTPStatus) else "Form expired",
        "status": status,
        "code": context.get("code"),
        "detail": str(context.get("detail", "")),
        "request_id": request_id(),
    }
    return Response(current_app.json.dumps(body), status, mimetype="application/problem+json")


def _bare(status: int) -> Response:
    """The last resort: a page that needs nothing."""
    html = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sorry</title></head><body>'
        f"<h1>Sorry</h1><p>Something broke on our side. Please try again in a minute.</p><p>{request_id()}</p>"
        "</body></html>"
    )
    return Response(html, status, mimetype="text/html")

"""Headers that keep other sites, and other people's scripts, out of the mall."""

from flask import Flask, Response, request

#: Nothing inline, nothing from elsewhere. `data:` pictures are the QR code of two-factor sign-in.
POLICY = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "object-src": "'none'",
    "frame-src": "'none'",
    "worker-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "form-action": "'self'",
}
#: Surfaces whose pages show one person's business: kept by no cache, not even the browser's own.
PERSONAL = frozenset({"account", "admin", "checkout", "messages", "orders_list", "security", "wishlist"})

_DENIED = (
    "accelerometer",
    "camera",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "payment",
    "usb",
)
_YEAR = 31_536_000


def headers(*, production: bool, pay_origin: str) -> dict[str, str]:
    """The headers that every answer carries.

    `pay_origin` is where the pay page is: Chromium holds a form to `form-action` also where its answer redirects.
    """
    parts = {**POLICY, "form-action": f"{POLICY['form-action']} {pay_origin}"}
    policy = "; ".join(f"{name} {value}" for name, value in parts.items())
    fixed = {
        "Content-Security-Policy": policy + ("; upgrade-insecure-requests" if production else ""),
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Permissions-Policy": ", ".join(f"{name}=()" for name in _DENIED),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if production:
        fixed["Strict-Transport-Security"] = f"max-age={_YEAR}"
    return fixed


def init_app(app: Flask) -> None:
    """Say how long an answer may be kept, where the view did not. (The headers: see `compression.Assets`.)"""

    @app.after_request
    def _keep(response: Response) -> Response:
        if "Cache-Control" not in response.headers:
            personal = request.blueprint in PERSONAL or response.status_code >= 400
            response.headers["Cache-Control"] = "no-store" if personal else "private, no-cache"
        return response

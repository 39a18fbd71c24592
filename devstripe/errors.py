"""What Stripe answers when it says no, in its own shapes.

Source: https://docs.stripe.com/api/errors and https://docs.stripe.com/error-codes.
"""

from typing import Any

_DOCS = "https://stripe.com/docs/error-codes/"


class Refusal(Exception):
    """An answer of Stripe that is an error: HTTP status and error object."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        type: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.error: dict[str, Any] = {"message": message, "type": type}
        if code:
            self.error |= {"code": code, "doc_url": _DOCS + code.replace("_", "-")}
        if param:
            self.error["param"] = param


class NoAnswer(Exception):
    """The caller gets no answer at all: `kind` is "timeout" (silence) or "reset" (the connection is torn)."""

    def __init__(self, kind: str, seconds: float) -> None:
        super().__init__(kind)
        self.kind = kind
        self.seconds = seconds


def missing(noun: str, id: str, param: str) -> Refusal:
    """404 for an object that is not there."""
    return Refusal(f"No such {noun}: '{id}'", status=404, code="resource_missing", param=param)


def internal_error() -> Refusal:
    """The 500 that Stripe gives when something broke on its side."""
    return Refusal("An unknown error occurred", status=500, type="api_error")

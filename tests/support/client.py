"""A test client whose requests know nothing of each other and of the test but the cookies."""

from contextvars import Context
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


class SeparateClient(FlaskClient):
    """Runs each request in a context of its own: an application context that the test holds open would lend its
    `g`, and with it the signed-in member and the CSRF token, to every request."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """One request."""
        return Context().run(super().open, *args, **kwargs)

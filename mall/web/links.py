"""Addresses that work outside the mall (mail): built on MALL_BASE_URL, also where there is no request."""

from typing import Any
from urllib.parse import urlsplit

from flask import current_app


def absolute(endpoint: str, **values: Any) -> str:
    """The full address of a page, as members reach it from outside; never from a request's Host header."""
    base = urlsplit(current_app.config["SETTINGS"].base_url)
    adapter = current_app.url_map.bind(base.netloc, script_name=base.path or "/", url_scheme=base.scheme)
    return str(adapter.build(endpoint, values, force_external=True))

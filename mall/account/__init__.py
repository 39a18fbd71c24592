"""The account surface: HTTP only."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register this surface's routes."""

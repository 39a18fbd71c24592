"""What the surfaces share: rendering, languages, formatting, error pages, security headers."""

from flask import Flask

from mall.web import context, errors, formatting, languages, limits, mail, preferences


def init_app(app: Flask) -> None:
    """Wire the shared parts into the application."""
    languages.init_app(app)
    formatting.init_app(app)
    context.init_app(app)
    errors.init_app(app)
    preferences.init_app(app)
    limits.init_app(app)
    mail.init_app(app)

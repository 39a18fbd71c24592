"""What the surfaces share: rendering, languages, formatting, error pages, security headers."""

from flask import Flask

from mall.web import (
    addresses,
    arguments,
    compression,
    context,
    errors,
    formatting,
    health,
    languages,
    limits,
    logs,
    lot_words,
    mail,
    metrics,
    preferences,
    security,
    telling,
)


def init_app(app: Flask) -> None:
    """Wire the shared parts into the application."""
    addresses.init_app(app)
    arguments.init_app(app)
    settings = app.config["SETTINGS"]
    always = security.headers(production=settings.env == "production", pay_origin=settings.pay_origin)
    compression.init_app(app, always)
    logs.init_app(app)
    metrics.init_app(app)
    security.init_app(app)
    languages.init_app(app)
    formatting.init_app(app)
    lot_words.init_app(app)
    telling.init_app(app)
    context.init_app(app)
    errors.init_app(app)
    preferences.init_app(app)
    limits.init_app(app)
    mail.init_app(app)
    health.init_app(app)

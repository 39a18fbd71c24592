"""create_app(): wiring, nothing else. Nothing imports it but `cli`."""

import sys

from flask import Flask
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from mall import account, admin, catalog, checkout, web
from mall.config import ROOT, Settings
from mall.core.cipher import Cipher
from mall.core.db import db, engine_options, prepare_engine
from mall.core.money import Rates
from mall.domain.payments.gateway import Gateway

# Migrations stand beside `mall`, and import what they share from there.
if str(ROOT) not in sys.path:
    sys.path.append(str(ROOT))
migrate = Migrate(directory=str(ROOT / "migrations"))
csrf = CSRFProtect()


def create_app(settings: Settings | None = None) -> Flask:
    """The application for these settings (default: from the environment)."""
    settings = settings or Settings.from_env()
    app = Flask(
        "mall",
        root_path=str(ROOT / "mall"),
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
    )
    app.config.from_mapping(flask_config(settings))
    app.extensions["rates"] = Rates(settings.currency, settings.points_per_unit, settings.min_cash)
    settings.var_dir.mkdir(parents=True, exist_ok=True)
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    migrate.init_app(app, db)
    csrf.init_app(app)
    app.extensions["payments"] = gateway(settings)
    app.extensions["codes"] = Cipher(settings.code_keys)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # made to be replaced
    for part in (web, catalog, checkout, account, admin):
        part.init_app(app)
    return app


def gateway(settings: Settings) -> Gateway:
    """The one way to Stripe; without keys it leads to the development Stripe, by the same code."""
    return Gateway(
        api_key=settings.stripe_api_key,
        webhook_secret=settings.stripe_webhook_secret,
        api_base=settings.stripe_api_base,
    )


def flask_config(settings: Settings) -> dict[str, object]:
    """Flask's and its extensions' configuration; `SETTINGS` carries ours to the edges."""
    production = settings.env == "production"
    return {
        "SETTINGS": settings,
        "TESTING": settings.env == "test",
        "SECRET_KEY": settings.secret_key,
        "SERVER_NAME": None,
        "MAX_CONTENT_LENGTH": 20 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        # An exception's text ends up in the log: in production without the values that people typed.
        "SQLALCHEMY_ENGINE_OPTIONS": {
            **engine_options(settings.database_url),
            "hide_parameters": production,
        },
        "SESSION_COOKIE_NAME": "__Host-mall" if production else "mall",
        "SESSION_COOKIE_SECURE": production,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_TIME_LIMIT": None,
        "SEND_FILE_MAX_AGE_DEFAULT": 31_536_000,
    }

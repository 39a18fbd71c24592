"""`mall serve`: the production server. granian with several workers, static files and pictures served beside them."""

import os
import shutil
import sys
from pathlib import Path

import click
import sqlalchemy as sa
from flask import Flask

from mall.app import create_app
from mall.cli.demo import DEMO_THERE, demo_in_production
from mall.config import ROOT, Settings
from mall.core.db import db
from mall.web.health import migrations_problem

_YEAR = "365d"
#: How long a worker may take to end what it began when it is told to stop, in seconds.
_GRACE = "30"


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Processes.")
@click.option("--threads", default=4, show_default=True, type=click.IntRange(1, 64), help="Of each process.")
def serve(host: str, port: int, workers: int, threads: int) -> None:
    """Serve the mall with several processes until SIGTERM. Refuses a database that is not ready."""
    settings = Settings.from_env()
    problems = not_ready(create_app(settings))
    if problems:
        raise click.ClickException("\n".join(["The mall is not ready to serve:", *problems]))
    if workers > 1 and not settings.redis_url:
        click.echo(
            f"Note: without MALL_REDIS_URL each of the {workers} processes counts rate limits for itself.",
            err=True,
        )
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(_figures(settings))}
    program = command(settings, host=host, port=port, workers=workers, threads=threads)
    os.execve(sys.executable, program, environment)  # noqa: S606 - our own program, no shell


def command(settings: Settings, *, host: str, port: int, workers: int, threads: int) -> list[str]:
    """The server's command line."""
    settings.media_dir.mkdir(parents=True, exist_ok=True)
    options = {
        "--interface": "wsgi",
        "--host": host,
        "--port": str(port),
        "--workers": str(workers),
        "--blocking-threads": str(threads),
        # More waiting requests than this get a 503 from the server at once instead of a time-out much later.
        "--backlog": "1024",
        "--workers-kill-timeout": _GRACE,
        "--static-path-expires": _YEAR,
        "--log-level": "warning",
    }
    words = [sys.executable, "-m", "granian", "--factory", "--no-ws", "--respawn-failed-workers"]
    for name, value in options.items():
        words += [name, value]
    for route, folder in (("/static/demo", ROOT / "static" / "demo"), ("/media", settings.media_dir)):
        if folder.is_dir():
            words += ["--static-path-route", route, "--static-path-mount", str(folder)]
    return [*words, "mall.cli.serving:application"]


def not_ready(app: Flask) -> list[str]:
    """Why this database cannot be served; in production also if the demo's people are in it."""
    with app.app_context():
        try:
            found = migrations_problem()
            if found:
                return [f"  - the database is {found}"]
            if demo_in_production(app.config["SETTINGS"]):
                return [f"  - {DEMO_THERE}"]
        except sa.exc.SQLAlchemyError as error:
            return [f"  - the database does not answer ({type(error).__name__}): see MALL_DATABASE_URL"]
        finally:
            db.session.remove()
            db.engine.dispose()
    return []


def _figures(settings: Settings) -> Path:
    """An empty folder for the figures that the processes share; those of the last run are of processes long gone."""
    folder = settings.var_dir / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder

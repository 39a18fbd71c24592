"""`mall run`: Flask's development server, for development only."""

import copy
from typing import Any

import click
from flask.cli import run_command

from mall.config import Settings


def _only_in_development(**options: Any) -> Any:
    """Start Flask's server; raises ClickException in production, for which it is neither fit nor safe."""
    if Settings.from_env().env == "production":
        raise click.ClickException("This is the development server. In production run `mall serve`.")
    assert run_command.callback is not None
    return run_command.callback(**options)


run = copy.copy(run_command)
run.callback = _only_in_development

"""Instants on the command line."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import click
from flask.cli import ScriptInfo

from mall.config import Settings


class Instant(click.ParamType[datetime]):
    """ISO 8601; without a zone it is the programme's local time. The value is aware, UTC."""

    name = "instant"

    def convert(
        self, value: str | datetime, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Parse, or fail with what was expected."""
        if isinstance(value, datetime):
            return value
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not an instant such as 2026-11-22T08:00+08:00", param, ctx)
        if found.tzinfo is None:
            assert ctx is not None
            settings: Settings = ctx.ensure_object(ScriptInfo).load_app().config["SETTINGS"]
            found = found.replace(tzinfo=ZoneInfo(settings.timezone))
        return found.astimezone(UTC)


INSTANT = Instant()

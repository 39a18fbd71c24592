"""Pictures of items. A picture's name is a digest of what it shows, so browsers may keep it for ever."""

import re

from flask import Response, abort, current_app, send_from_directory

from mall.catalog.blueprint import bp

_NAME = re.compile(r"[0-9A-Za-z_-]{1,60}-(320|640|1280)\.webp", re.ASCII)


@bp.get("/media/<name>")
def media(name: str) -> Response:
    """One size of a picture; 304 if the browser has it, parts of it where it asks for a range."""
    if not _NAME.fullmatch(name):
        abort(404)
    settings = current_app.config["SETTINGS"]
    response = send_from_directory(
        settings.media_dir, name, mimetype="image/webp", conditional=True, etag=name.removesuffix(".webp"), max_age=31_536_000
    )  # fmt: skip
    response.cache_control.public = True
    response.cache_control.no_cache = None
    response.cache_control.immutable = True
    return response

"""Pages for guests: answered 304, or from memory, while nothing that they show has changed.

The tag of a page is a digest of all that goes into it: the rows just read, the address, the language, the theme, the
bar on top, and the release. So it needs no version counters, and neither money nor stock is ever shown older than it is.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from threading import Lock

from flask import Flask, Response, current_app, make_response, request, session
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from mall.web.context import header
from mall.web.languages import locale_tag
from mall.web.render import is_htmx

#: Pages kept by one process: some 15 KB each.
KEPT = 400


class Memory:
    """The pages shown last, by tag."""

    def __init__(self, most: int = KEPT) -> None:
        self._most, self._lock = most, Lock()
        self._pages: OrderedDict[str, str] = OrderedDict()

    def get(self, tag: str) -> str | None:
        """The page, which becomes the youngest."""
        with self._lock:
            if tag in self._pages:
                self._pages.move_to_end(tag)
            return self._pages.get(tag)

    def keep(self, tag: str, html: str) -> None:
        """Keep a page; the one unused longest makes place."""
        with self._lock:
            self._pages[tag] = html
            while len(self._pages) > self._most:
                self._pages.popitem(last=False)


def fresh(render: Callable[[], Response], content: object, *, form: bool = False) -> Response:
    """The page that `render` makes from `content` (anything whose repr tells all of it), as seldom as may be.

    Members' pages, and pages that say what was just done, are always rendered. `form`: the page holds a CSRF token;
    it is then fresh for this session alone and not kept in memory.
    """
    if current_user.is_authenticated or "_flashes" in session:
        return _private(render())
    tag = _tag(content, generate_secret() if form else "")
    if tag in request.if_none_match:
        return _tagged(Response(status=304), tag)
    memory: Memory = current_app.extensions["catalog_memory"]
    html = None if form else memory.get(tag)
    response = render() if html is None else make_response(html)
    if html is None and not form and response.status_code == 200:
        memory.keep(tag, response.get_data(as_text=True))
    return _tagged(response, tag) if response.status_code == 200 else _private(response)


def generate_secret() -> str:
    """What this session's CSRF tokens are made from; makes a session where there is none."""
    generate_csrf()
    return str(session[current_app.config["WTF_CSRF_FIELD_NAME"]])


def _tag(content: object, secret: str) -> str:
    parts = (
        current_app.extensions["catalog_release"],
        content, request.full_path, request.host, locale_tag(), request.cookies.get("theme", ""), is_htmx(), header(), secret,
    )  # fmt: skip
    return hashlib.blake2b(repr(parts).encode(errors="replace"), digest_size=12).hexdigest()


def _tagged(response: Response, tag: str) -> Response:
    response.set_etag(tag)
    return _private(response)


def _private(response: Response) -> Response:
    """To be asked for anew each time: prices and stock must be true."""
    response.cache_control.private = True
    response.cache_control.no_cache = True
    response.vary.update(("Accept-Language", "Cookie", "HX-Request"))
    return response


def init_app(app: Flask) -> None:
    """Give the process its memory of pages."""
    app.extensions["catalog_memory"] = Memory()
    app.extensions["catalog_release"] = release(Path(app.root_path), Path(app.root_path).parent / "templates")


def release(*folders: Path) -> str:
    """A digest of code, templates and translations: after an update no page is as it was."""
    digest = hashlib.blake2b(digest_size=8)
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".py", ".html", ".mo"):
                digest.update(path.read_bytes())
    return digest.hexdigest()

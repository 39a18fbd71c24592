"""Fewer bytes on the way: pages are gzipped as they leave, the few text files under /static once and for all.

Pages hold secrets (CSRF tokens) beside text that a visitor chose (the search words), so their compressed length could be
made to speak (BREACH). Each gets a name of random length in its gzip header, as in "Heal the Breach" (2022).
"""

import gzip
import mimetypes
import secrets
import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Response, request

#: Shorter answers gain nothing.
_LEAST = 1_000
_LEVEL = 4
_NAME_MOST = 100
_TEXT = ("text/", "application/json", "application/problem+json", "image/svg+xml")
_KEPT = (".css", ".js", ".svg")


def masked_gzip(data: bytes) -> bytes:
    """`data` in gzip (RFC 1952), with a file name of random length in the header."""
    deflate = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = deflate.compress(data) + deflate.flush()
    name = b"a" * secrets.randbelow(_NAME_MOST) + b"\0"
    head = b"\x1f\x8b\x08\x08" + struct.pack("<L", 0) + b"\x00\xff" + name
    return head + body + struct.pack("<LL", zlib.crc32(data), len(data) & 0xFFFFFFFF)


def _compress(response: Response) -> Response:
    if response.direct_passthrough or not response.is_sequence:
        return response
    if (response.calculate_content_length() or 0) < _LEAST or not (response.mimetype or "").startswith(_TEXT):
        return response
    response.vary.add("Accept-Encoding")
    packable = response.status_code in {200, 404, 409, 422} and "Content-Encoding" not in response.headers
    if packable and request.accept_encodings["gzip"]:
        response.set_data(masked_gzip(response.get_data()))
        response.headers["Content-Encoding"] = "gzip"
    return response


@dataclass(frozen=True, slots=True)
class _Asset:
    modified: int
    plain: bytes
    packed: bytes
    tag: str
    kind: str


class Assets:
    """Serves style sheets, scripts and drawings under /static from memory; passes everything else on.

    Puts `headers` on every answer, last of all and without looking: cheaper than Flask's hooks, and no view can
    forget or weaken one.
    """

    def __init__(self, inner: WSGIApplication, folder: Path, headers: dict[str, str]) -> None:
        self.inner, self.folder, self.fixed = inner, folder.resolve(), list(headers.items())
        self.kept: dict[str, _Asset] = {}
        self.lock = Lock()

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        path: str = environ.get("PATH_INFO", "")
        asset = None
        if path.startswith("/static/") and path.endswith(_KEPT) and environ["REQUEST_METHOD"] == "GET":
            asset = self._asset(path.removeprefix("/static/"))
        if asset is None:
            return self.inner(environ, self._with_headers(start))
        headers = [
            ("ETag", asset.tag),
            # An address with ?v= names its contents; without it the file may change under its name.
            ("Cache-Control", _life(environ.get("QUERY_STRING", ""))),
            ("Vary", "Accept-Encoding"),
            *self.fixed,
        ]
        if environ.get("HTTP_IF_NONE_MATCH") == asset.tag:
            start("304 Not Modified", headers)
            return []
        packed = "gzip" in environ.get("HTTP_ACCEPT_ENCODING", "")
        body = asset.packed if packed else asset.plain
        if packed:
            headers.append(("Content-Encoding", "gzip"))
        start("200 OK", [*headers, ("Content-Type", asset.kind), ("Content-Length", str(len(body)))])
        return [body]

    def _with_headers(self, start: StartResponse) -> StartResponse:
        def begin(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            return start(status, [*headers, *self.fixed], exc_info)

        return begin

    def _asset(self, name: str) -> _Asset | None:
        path = (self.folder / name).resolve()
        if not path.is_relative_to(self.folder) or not path.is_file():
            return None
        modified = path.stat().st_mtime_ns
        known = self.kept.get(name)
        if known is None or known.modified != modified:
            data = path.read_bytes()
            kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
            charset = "; charset=utf-8" if kind != "image/svg+xml" else ""
            tag = f'"{zlib.crc32(data):08x}-{len(data):x}"'
            known = _Asset(modified, data, gzip.compress(data, 9, mtime=0), tag, kind + charset)
            with self.lock:
                self.kept[name] = known
        return known


def _life(query: str) -> str:
    return "public, max-age=31536000, immutable" if query.startswith("v=") else "public, max-age=300"


def init_app(app: Flask, headers: dict[str, str]) -> None:
    """Compress what leaves; `headers` go with every answer."""
    app.after_request(_compress)
    app.wsgi_app = Assets(app.wsgi_app, Path(str(app.static_folder)), headers)  # type: ignore[assignment]  # declared as a method of Flask, made to be replaced

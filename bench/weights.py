"""What a page weighs on the wire, without pictures."""

import gzip
import re
from pathlib import Path

from flask import Flask

from bench.stage import Row
from mall.config import ROOT


def rows(app: Flask) -> list[Row]:
    """The catalogue page with its style sheet, scripts and icons, gzipped, in KB; scripts and CSS alone."""
    html = app.test_client().get("/catalog").get_data()
    parts = {found.split("?")[0] for found in re.findall(r'(?:src|href)="/static/([^"#]+)', html.decode())}
    sizes = {part: _size(ROOT / "static" / part) for part in parts if part.endswith((".css", ".js", ".svg"))}
    scripts = sum(size for part, size in sizes.items() if part.endswith(".js"))
    styles = sum(size for part, size in sizes.items() if part.endswith(".css"))
    whole = len(gzip.compress(html, 6)) / 1024 + sum(sizes.values())
    return [
        Row("catalogue page, transferred without pictures, KB", 60, "lower", [whole]),
        Row("scripts, gzipped, KB", 30, "lower", [scripts]),
        Row("CSS, gzipped, KB", 20, "lower", [styles]),
    ]


def _size(path: Path) -> float:
    return len(gzip.compress(path.read_bytes(), 6)) / 1024

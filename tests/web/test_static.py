"""What is sent with every page stays small, and the templates keep to what the look offers and the CSP allows."""

import gzip
import re
from itertools import chain
from pathlib import Path

import pytest

from mall.config import ROOT

STATIC = ROOT / "static"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PAGES = [path for path in TEMPLATES if "email" not in path.parts]


def weight(*names: str) -> int:
    """Bytes after gzip."""
    return sum(len(gzip.compress((STATIC / name).read_bytes(), 9)) for name in names)


def test_the_style_sheet_is_within_its_budget() -> None:
    assert weight("css/mall.css") <= 20 * 1024


def test_the_scripts_are_within_their_budget() -> None:
    scripts = [str(path.relative_to(STATIC)) for path in (STATIC / "js").glob("*.js")]
    assert weight("vendor/htmx.min.js", *scripts) <= 30 * 1024


def test_what_every_page_loads_leaves_room_for_the_page() -> None:
    assert weight("css/mall.css", "vendor/htmx.min.js", "js/mall.js", "icons.svg", "favicon.svg") <= 45 * 1024


@pytest.mark.parametrize("path", PAGES, ids=lambda p: str(p.relative_to(ROOT / "templates")))
def test_no_template_needs_inline_styles_or_scripts(path: Path) -> None:
    markup = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.S)
    assert not re.search(r"<[^>]*\sstyle\s*=", markup)
    assert not re.search(r"<style\b", markup)
    assert not re.search(r"<[a-z][^>]*\son[a-z]+\s*=", markup)
    assert not re.search(r"<script(?![^>]*\ssrc=)[^>]*>", markup)
    assert "hx-on" not in markup
    assert "js:" not in markup


def test_every_icon_that_is_named_is_in_the_sprite() -> None:
    sprite = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text(encoding="utf-8")))
    sources = chain(PAGES, (ROOT / "mall").rglob("*.py"))
    named = set()
    for path in sources:
        text = path.read_text(encoding="utf-8")
        named |= set(re.findall(r'\b(?:ui_)?icon\("([\w-]+)"', text))
        named |= set(re.findall(r'\bicon="([\w-]+)"', text))
        named |= set(re.findall(r'_l\("[^"]+"\), "([a-z][\w-]+)"\)', text))
        named |= set(re.findall(r"icons\.svg'?\)? ?\}\}#([\w-]+)", text))
    assert named <= sprite, f"add to assets/icons.txt and rebuild: {sorted(named - sprite)}"


def test_every_class_in_a_template_is_in_the_style_sheet() -> None:
    known = set(re.findall(r"\.((?:[\w-]|\\.)+)", (STATIC / "css" / "mall.css").read_text(encoding="utf-8")))
    known = {re.sub(r"\\(.)", r"\1", name) for name in known}
    unknown: dict[str, str] = {}
    for path in PAGES:
        for value in re.findall(r'\bclass="([^"]*)"', path.read_text(encoding="utf-8")):
            plain = re.sub(r"\{\{.*?\}\}", "\0", re.sub(r"\{%.*?%\}", " ", value))
            for name in re.findall(r"(?<!\S)[a-z][\w:./-]*(?!\S)", plain):
                if name not in known:
                    unknown[name] = path.name
    assert not unknown, f"misspelt, or run `npm run build` in assets/: {unknown}"

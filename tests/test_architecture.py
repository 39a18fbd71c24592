"""Rules of the house that a machine can check. The layers themselves are checked by import-linter in `make lint`."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import jinja2
import pytest

ROOT = Path(__file__).resolve().parent.parent
CODE = sorted((ROOT / "mall").rglob("*.py"))
DOMAIN = [path for path in CODE if path.is_relative_to(ROOT / "mall" / "domain")]
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*.html"))


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imports(path: Path) -> set[str]:
    """The modules that a file imports, as written."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def calls(path: Path) -> Iterator[tuple[int, str]]:
    """Line and dotted name of each call."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func)


@pytest.mark.parametrize("path", [p for p in DOMAIN if p.name.endswith("rules.py")], ids=name)
def test_rules_are_pure(path: Path) -> None:
    impure = [
        m
        for m in imports(path)
        if m.split(".")[0] in {"flask", "sqlalchemy", "random", "os"} or m.endswith((".clock", ".db"))
    ]
    assert not impure, f"{name(path)} imports {impure}"


@pytest.mark.parametrize("path", DOMAIN, ids=name)
def test_the_domain_never_commits_and_never_reads_the_clock(path: Path) -> None:
    bad = [
        (line, call)
        for line, call in calls(path)
        if call.endswith(("session.commit", "clock.now", "datetime.now", "datetime.utcnow", "date.today"))
        or call == "transaction"
    ]
    assert not bad, f"{name(path)}: {bad}"


@pytest.mark.parametrize("path", DOMAIN, ids=name)
def test_the_domain_does_not_speak_http(path: Path) -> None:
    allowed = (
        {"flask_security"}
        if path.match("members/*models.py")
        else {"flask_mailman"}
        if "notifications" in path.parts
        else set()
    )
    spoken = {m.split(".")[0] for m in imports(path)} & {
        "flask",
        "flask_login",
        "flask_wtf",
        "wtforms",
        "flask_security",
        "flask_mailman",
    }
    if "notifications" in path.parts:
        spoken -= {"flask"}
    assert spoken <= allowed, f"{name(path)} imports {spoken - allowed}"


@pytest.mark.parametrize("path", CODE, ids=name)
def test_no_float_touches_points_or_money(path: Path) -> None:
    """`float()` is not called at all in the rooms where points and money are counted."""
    counted = {"ledger", "orders", "earning", "items", "payments", "core"}
    if counted & set(path.relative_to(ROOT).parts):
        assert not [line for line, call in calls(path) if call == "float"], name(path)


@pytest.mark.parametrize("path", CODE, ids=name)
def test_only_the_gateway_and_its_transport_import_stripe(path: Path) -> None:
    payments = ROOT / "mall" / "domain" / "payments"
    if path not in (payments / "gateway.py", payments / "transport.py"):
        assert "stripe" not in {m.split(".")[0] for m in imports(path)}


def test_the_gateway_imports_stripe_and_knows_no_orders() -> None:
    found = imports(ROOT / "mall" / "domain" / "payments" / "gateway.py")
    assert "stripe" in found
    assert not [module for module in found if module.startswith("mall.domain.orders")]


@pytest.mark.parametrize("path", CODE, ids=name)
def test_files_stay_readable(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 300, f"{name(path)}: split it by noun"


#: Class names that a template writes as a bare value (a block or a macro that gives a class attribute its words).
CLASS_NAMES = {"btn", "staff"}
_TRANS = re.compile(r"\{%-?\s*trans.*?endtrans\s*-?%\}", re.S)
_WORDS = re.compile(r"[A-Za-z]{2,}|[\u4e00-\u9fff]")
_SPOKEN = re.compile(r'\s(?:alt|title|placeholder|aria-label|aria-description)="([^"{]*)"')
_NOT_WORDS = re.compile(r"<(script|style|svg|code|kbd|template)\b.*?</\1>|<!--.*?-->|<[^>]*>|&[a-z]+;", re.S)


def bare_text(source: str) -> list[str]:
    """What a template says outside gettext: text between tags, and attributes that are read out."""
    data = "".join(
        value
        if token == "data"
        else " "
        if token in {"whitespace"}
        else "\x00"
        if token in {"variable_begin", "block_begin"}
        else ""
        for _, token, value in jinja2.Environment().lex(_TRANS.sub("", source))
    )
    spoken = [m for m in _SPOKEN.findall(data) if _WORDS.search(m)]
    text = _NOT_WORDS.sub("\x00", data)
    parts = [part.strip() for part in text.split("\x00") if _WORDS.search(part)]
    return spoken + [part for part in parts if part not in CLASS_NAMES]


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_every_word_in_a_template_is_translated(path: Path) -> None:
    assert bare_text(path.read_text()) == []


def test_the_check_for_bare_text_finds_some() -> None:
    assert bare_text('<p>Hello {{ x }}</p><img alt="A cup">{{ _("fine") }}') == ["A cup", "Hello"]

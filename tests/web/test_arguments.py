"""Addresses with what no database can hold: they do not exist, whoever asks."""

import pytest
from flask import Flask
from werkzeug.routing import PathConverter, Rule, UnicodeConverter

from mall.domain.members.models import Member
from tests.support.pages import PageClient


def worded(app: Flask) -> list[Rule]:
    """The routes with a word in their address."""
    return [
        rule
        for rule in app.url_map.iter_rules()
        if any(isinstance(one, UnicodeConverter | PathConverter) for one in rule._converters.values())
    ]


def spoiled(rule: Rule) -> str:
    """The rule's address with a NUL in every word."""
    address = rule.rule
    for name, converter in rule._converters.items():
        filled = "1" if "Number" in type(converter).__name__ else "a%00b"
        start = next(p for p in (f"<{name}>", f"<int:{name}>", f"<path:{name}>") if p in address)
        address = address.replace(start, filled)
    return address


@pytest.mark.parametrize("name", ["mei", "ada"])
def test_a_nul_in_an_address_is_a_page_that_does_not_exist(
    app: Flask, mei: Member, ada: Member, name: str
) -> None:
    """PostgreSQL refuses the statement that asks for one: it was a page of ours that broke."""
    pages = PageClient(app)
    pages.sign_in(f"{name}@example.com")
    token = pages.get("/").value("csrf_token")
    tried = 0
    for rule in worded(app):
        for method in {"GET", "POST"} & (rule.methods or set()):
            data = {"csrf_token": token} if method == "POST" else None
            answer = pages.client.open(spoiled(rule), method=method, data=data)
            assert answer.status_code == 404, f"{method} {rule}: {answer.status_code}"
            tried += 1
    assert tried > 30

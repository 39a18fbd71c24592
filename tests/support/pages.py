"""The page client: follows links and forms as a person would, and checks every page on the way."""

import re
from collections import Counter
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from mall.core.db import db

MEMBER_QUERIES, STAFF_QUERIES = 4, 10
_UNLABELLED = {"hidden", "submit", "button", "image", "reset"}


class Page:
    """A parsed answer."""

    def __init__(self, response: TestResponse, queries: list[str]) -> None:
        self.response, self.queries = response, queries
        self.status = response.status_code
        self.html = response.get_data(as_text=True)
        self.root: Element = html5lib.HTMLParser(namespaceHTMLElements=False).parse(self.html)

    @property
    def text(self) -> str:
        """The words on the page, white space folded."""
        body = self.root.find("body")
        return " ".join("".join(body.itertext()).split()) if body is not None else ""

    @property
    def h1(self) -> str:
        """The heading."""
        return " ".join("".join(next(self.root.iter("h1")).itertext()).split())

    def value(self, name: str) -> str:
        """The value of the first form field of that name."""
        for element in self.root.iter("input"):
            if element.get("name") == name:
                return element.get("value", "")
        raise AssertionError(f"no field {name!r} on the page")

    def fields(self, action: str) -> dict[str, str]:
        """The inputs of the form that is sent to `action` (its fragment does not count), without the token."""
        forms = [form for form in self.root.iter("form") if form.get("action", "").split("#")[0] == action]
        assert len(forms) == 1, f"{len(forms)} forms for {action}"
        found = {e.get("name", ""): e.get("value", "") for e in forms[0].iter("input")}
        return {name: value for name, value in found.items() if name and name != "csrf_token"}

    def links(self) -> list[str]:
        """All addresses that the page links to."""
        return [a.get("href", "") for a in self.root.iter("a")]


class PageClient:
    """`get` and `post` check the answer; `post` fills in the CSRF token from the page that has the form."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()
        self.client.environ_base["HTTP_ACCEPT"] = "text/html"

    def get(self, url: str, *, status: int = 200, queries: int | None = None, **kwargs: Any) -> Page:
        """A page; fails if it is not `status`, not sound, or asks the database too often."""
        limit = (
            queries if queries is not None else STAFF_QUERIES if url.startswith("/admin") else MEMBER_QUERIES
        )
        page = self._send("GET", url, **kwargs)
        assert page.status == status, f"{url}: {page.status}, not {status}: {page.text[:300]}"
        check(page)
        _few(url, page, limit)
        return page

    def post(
        self,
        url: str,
        data: dict[str, Any] | None = None,
        *,
        page: str | None = None,
        status: int = 303,
        queries: int | None = None,
        **kwargs: Any,
    ) -> Page:
        """Send a form, with the CSRF token of `page` (default: the same address).

        `queries`: the most that it may ask the database. A deed may ask what it must; a preview keeps a page's limit.
        """
        form = {"csrf_token": self._token(page or url), **(data or {})}
        answer = self._send("POST", url, data=form, **kwargs)
        assert answer.status == status, f"POST {url}: {answer.status}, not {status}: {answer.text[:400]}"
        if not 300 <= status < 400 and answer.html.lstrip().lower().startswith("<!doctype"):
            check(answer)
        if queries is not None:
            _few(url, answer, queries)
        return answer

    def sign_in(self, email: str, password: str = "mall-demo-2026") -> None:
        """Sign in through the form."""
        self.post("/account/sign-in", {"email": email, "password": password})

    def _token(self, url: str) -> str:
        found = re.search(
            r'name="csrf_token"[^>]*value="([^"]+)"', self.client.get(url).get_data(as_text=True)
        )
        assert found, f"no form with a CSRF token on {url}"
        return found.group(1)

    def _send(self, method: str, url: str, **kwargs: Any) -> Page:
        seen: list[str] = []

        def note(_c: object, _cur: object, statement: str, *_: object) -> None:
            if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
                seen.append(statement)

        bind = db.engine
        engine = bind if isinstance(bind, sa.Engine) else bind.engine
        sa.event.listen(engine, "before_cursor_execute", note)
        try:
            response = self.client.open(url, method=method, **kwargs)
        finally:
            sa.event.remove(engine, "before_cursor_execute", note)
        return Page(response, seen)


def _few(url: str, page: Page, limit: int) -> None:
    shown = "\n".join(page.queries)
    assert len(page.queries) <= limit, f"{url}: {len(page.queries)} queries, {limit} allowed:\n{shown}"


def check(page: Page) -> None:
    """What holds for every page of the mall."""
    html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page.html)
    headings = list(page.root.iter("h1"))
    assert len(headings) == 1, f"{len(headings)} h1 on the page"
    title = "".join(next(page.root.iter("title")).itertext())
    assert title.startswith(page.h1 + " · "), f"title {title!r} does not begin with the heading {page.h1!r}"
    ids = Counter(e.get("id") for e in page.root.iter() if e.get("id"))
    assert not [i for i, n in ids.items() if n > 1], f"ids that are not unique: {ids.most_common(3)}"
    _check_labels(page)
    for element in page.root.iter():
        assert element.get("style") is None, f"inline style on {element.tag}"
        assert not [a for a in element.attrib if a.lower().startswith("on")], (
            f"inline handler on {element.tag}"
        )


def _check_labels(page: Page) -> None:
    labelled = {label.get("for") for label in page.root.iter("label")}
    wrapped = {id(inner) for label in page.root.iter("label") for inner in label.iter()}
    for tag in ("input", "select", "textarea"):
        for control in page.root.iter(tag):
            if control.get("type") in _UNLABELLED:
                continue
            named = control.get("aria-label") or control.get("aria-labelledby")
            sound = named or control.get("id") in labelled or id(control) in wrapped
            assert sound, f"no label for {tag} {control.get('name')!r}"

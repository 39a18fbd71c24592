"""A real Chromium on a real server with the demo in it, its worker and a development Stripe, as `mall up` has them."""

import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    StorageState,
    expect,
    sync_playwright,
)
from werkzeug.serving import make_server
from werkzeug.test import run_wsgi_app

from devstripe.testing import Running
from mall.app import create_app
from mall.cli.demo import place
from mall.config import ROOT
from mall.core import clock
from mall.core.db import db, transaction
from mall.demo import load as demo
from mall.worker.handlers import lanes
from mall.worker.running import keep_moving
from tests.support.databases import Databases, settings_for
from tests.support.items_factory import Made, make_item
from tests.support.stripe import environment_of, over_http

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}

#: Milliseconds that a page may take to show what is expected of it: what is there at once costs none of them.
PATIENT = 60_000

#: Chromium keeps to itself: no look-ups, no updates, no telemetry.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def door() -> Iterator[socket.socket]:
    """Where the mall will answer: Stripe has to know it before the mall is there, and the other way round."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


@pytest.fixture(scope="session")
def address(door: socket.socket) -> str:
    """The address of the mall."""
    return f"http://127.0.0.1:{door.getsockname()[1]}"


@pytest.fixture(scope="session")
def card_company(address: str) -> Iterator[Running]:
    """The development Stripe, on a port of its own; it sends its webhooks by itself."""
    with over_http(f"{address}/stripe/webhook", deliver="auto") as stripe:
        yield stripe


@pytest.fixture(scope="session")
def demo_app(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory, address: str, card_company: Running
) -> Iterator[Flask]:
    """The mall with the demo in a database of its own, and its worker's lanes."""
    settings = settings_for(
        databases.fresh(),
        tmp_path_factory.mktemp("demo"),
        MALL_BASE_URL=address,
        **environment_of(card_company),
    )
    app = create_app(settings)
    with app.app_context():
        demo.load(place(settings), now=clock.now(), tell=lambda _: None)
        db.session.remove()
    stop = threading.Event()
    workers = [threading.Thread(target=keep_moving, args=(app, lane), daemon=True) for lane in lanes(stop)]
    for worker in workers:
        worker.start()
    yield app
    stop.set()
    for worker in workers:
        worker.join()
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


def _at_once(app: Flask) -> "WSGIApplication":
    """The application, its answers read and closed before they are sent.

    Werkzeug's server forgets to close an answer when the browser hangs up just after the last byte (it looks for what
    the browser might still have sent, and that raises), so that a picture would stay open whenever a page is left early.
    """

    def answering(environ: "WSGIEnvironment", start_response: "StartResponse") -> list[bytes]:
        answer, status, head = run_wsgi_app(app, environ, buffered=True)
        start_response(status, head.to_wsgi_list())
        return list(answer)

    return answering


@pytest.fixture(scope="session")
def served(demo_app: Flask, door: socket.socket, address: str) -> Iterator[str]:
    """The mall's address, with the mall behind it."""
    port = door.getsockname()[1]
    server = make_server("127.0.0.1", port, _at_once(demo_app), threaded=True, fd=door.fileno())
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield address
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    expect.set_options(timeout=PATIENT)
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """The system's Chromium."""
    found = next(
        path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))
    )
    browser = playwright.chromium.launch(executable_path=found, args=list(ARGUMENTS))
    yield browser
    browser.close()


Visitor = Callable[..., Page]


@pytest.fixture(scope="session")
def signed_in(chromium: Browser, served: str) -> Callable[[str], StorageState]:
    """The cookies of a demo person who signed in through the form, once: the door counts how often one tries."""
    known: dict[str, StorageState] = {}

    def cookies(who: str) -> StorageState:
        if who not in known:
            context = chromium.new_context(base_url=served, locale="en-GB")
            context.set_default_timeout(PATIENT)
            page = context.new_page()
            _sign_in(page, who)
            known[who] = context.storage_state()
            context.close()
        return known[who]

    return cookies


def _sign_in(page: Page, who: str) -> None:
    page.goto("/account/sign-in")
    page.fill("input[name=email]", f"{who}@example.com")
    page.fill("input[name=password]", "mall-demo-2026")
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)


@pytest.fixture
def visit(chromium: Browser, served: str, signed_in: Callable[[str], StorageState]) -> Iterator[Visitor]:
    """A new visitor: `visit(PHONE, who="mei", javascript=False, scheme="dark", language="zh-CN")`; errors on the console
    fail the test."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def new(
        size: dict[str, int],
        *,
        who: str = "",
        javascript: bool = True,
        scheme: str = "light",
        language: str = "en-GB",
    ) -> Page:
        context = chromium.new_context(
            viewport=size,  # type: ignore[arg-type]
            java_script_enabled=javascript,
            color_scheme=scheme,  # type: ignore[arg-type]
            locale=language,
            base_url=served,
            reduced_motion="reduce",
            storage_state=signed_in(who) if who else None,
        )
        context.set_default_timeout(PATIENT)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield new
    for context in contexts:
        context.close()
    assert not errors, errors


@pytest.fixture
def sign_in() -> Callable[[Page, str], None]:
    """Sign a demo person in through the form."""

    return _sign_in


@pytest.fixture
def kettle(demo_app: Flask) -> Made:
    """An item at 2,000 points + 30.00, five on the shelf."""
    with demo_app.app_context(), transaction():
        return make_item("Journey kettle", points=2_000, cash=3_000, stock=5, category="kitchen")


def accessible(page: Page) -> list[str]:
    """What axe finds wrong on the page (WCAG 2.2 A and AA, best practices), in words."""
    found = Axe().run(page).response["violations"]
    return [f"{page.url} {v['id']}: {v['help']} — {v['nodes'][0]['html'][:160]}" for v in found]


@pytest.fixture
def screenshots(request: pytest.FixtureRequest) -> Path:
    """A folder for pictures of what went wrong or how it looks."""
    folder = ROOT / "build" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
